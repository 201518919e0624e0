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
