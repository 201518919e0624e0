import type { SaidEvent } from '../data/types.ts'

/** Kinds of events by the first part of their names, with words for them. */
export const EVENT_KINDS: readonly (readonly [kind: string, words: string])[] = [
  ['', 'all'],
  ['conversion', 'conversions'],
  ['rollout', 'roll-outs'],
  ['phone', 'phones: registrations and restarts'],
  ['enrol', 'automatic enrolment'],
  ['device', 'unknown devices'],
  ['dhcp', 'DHCP'],
  ['tftp', 'TFTP'],
  ['audit', 'changes by operators'],
  ['link', 'links'],
  ['address', 'addresses'],
  ['database', 'database'],
  ['settings', 'configuration'],
]

/** A level, for people; what is nothing special is left out. */
export function levelWords(level: SaidEvent['level']): string {
  return LEVELS[level]
}

const LEVELS = {
  debug: '',
  info: '',
  warn: '⚠ warning',
  error: '✕ error',
  fatal: '✕ error',
} as const satisfies Record<SaidEvent['level'], string>
