import type { ConversionState } from '../data/types.ts'
import type { PhoneRow } from './phone-rows.ts'

/** What phones are looked at together. */
export type PhoneGroup = 'all' | 'stopped' | 'under-way' | 'confirmed' | 'idle'

/** The groups in the order in which they are shown, with their names. */
export const PHONE_GROUPS = [
  ['all', 'All'],
  ['stopped', 'Need attention'],
  ['under-way', 'In progress'],
  ['confirmed', 'Confirmed'],
  ['idle', 'No conversion'],
] as const satisfies readonly (readonly [PhoneGroup, string])[]

/** The rows that belong to a group, in their order. */
export function rowsIn(group: PhoneGroup, rows: readonly PhoneRow[]): readonly PhoneRow[] {
  return group === 'all' ? rows : rows.filter((row) => groupOf(row) === group)
}

/** Where a phone belongs besides `all`; one whose conversion was cancelled is as if it had none. */
export function groupOf({ conversion }: PhoneRow): Exclude<PhoneGroup, 'all'> {
  return conversion === undefined ? 'idle' : GROUP_OF[conversion.state]
}

const GROUP_OF = {
  waiting: 'under-way',
  running: 'under-way',
  stalled: 'stopped',
  confirmed: 'confirmed',
  cancelled: 'idle',
} as const satisfies Record<ConversionState, PhoneGroup>
