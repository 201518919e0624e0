import type { Phone } from '../data/types.ts'
import { describeSeen } from './registration-words.ts'

/** `reason` of a conversion that is refused because the phone was seen to run another load. */
export const CONTRADICTED = 'from-contradicted'

/** Why a conversion from this load was not started, and what to do: a paragraph each. */
export function contradictionWords(
  phone: Pick<Phone, 'seen'>,
  from: string,
): readonly [why: string, remedy: string] {
  const seen = describeSeen(phone) ?? 'another load'
  return [
    `You entered ${from} as the present load, but the phone was seen to run ${seen}. ` +
      'The conversion was not started: its steps depend on the present load.',
    'To start from what was seen, empty the field. If you know that the phone runs ' +
      `${from}, for example because its display says so, start from it all the same.`,
  ]
}
