import type { Registration } from '../../call-control/registration.ts'
import type { Conversion, ConversionState } from '../../conversion/conversion.ts'
import type { Phone } from '../../inventory/phone.ts'
import type { SeenSoftware } from '../../phones/seen-software.ts'

/** A phone of a list with all that a list is filtered and sorted by. */
export type PhoneListRow = {
  readonly phone: Phone
  readonly conversion: Conversion | undefined
  readonly registration: Registration | undefined
  readonly seen: SeenSoftware | undefined
}

/** Where a phone stands; `none`: it never had a conversion. */
export type ListedState = ConversionState | 'none'

/** All of them. */
export const LISTED_STATES = [
  'none',
  'waiting',
  'running',
  'stalled',
  'confirmed',
  'cancelled',
] as const satisfies readonly ListedState[]

/** Where the phone of a row stands. */
export function stateOf({ conversion }: PhoneListRow): ListedState {
  return conversion?.state ?? 'none'
}
