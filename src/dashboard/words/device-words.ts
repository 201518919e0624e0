import type { Attention, UnknownDevice } from '../data/types.ts'

/** Why a device was not served. */
const REASONS = {
  'not-enrolled': 'It is not enrolled.',
  'not-a-phone': 'It is not enrolled, and does not present itself as a supported phone.',
  'no-scope': 'It came through a relay that belongs to none of the networks.',
  'unknown-link': 'It is on none of the networks.',
  'pool-exhausted': 'The pool has no free address.',
  'all-in-use': 'Every free address is in use by another device.',
  'enrolment-failed': 'Automatic enrolment failed; “Needs attention” says why.',
} as const satisfies Record<UnknownDevice['reason'], string>

/** Why a device was not served, for people. */
export function reasonWords(reason: UnknownDevice['reason']): string {
  return REASONS[reason] ?? reason
}

/** What is wrong with one phone is listed once: the newest. */
export function newestByPhone(attention: readonly Attention[]): readonly Attention[] {
  return attention.filter(({ mac }, at) => attention.findIndex((one) => one.mac === mac) === at)
}
