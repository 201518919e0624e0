import type { Ask } from './asks.ts'

/** A phone that asks for its own file again and again, because there is none. */
export type Polling = {
  readonly name: string
  /** How often it was asked for, the first time included. */
  readonly times: number
  /** Seconds between two of them; null where that was not seen twice. */
  readonly everySeconds: number | null
}

/** Measured on eight phones: 30.9 s, 30 to 34 (field traces, July 2021); logs count whole seconds. */
const LEAST_MS = 28_000
const MOST_MS = 36_000
/** Two intervals are no accident. */
const INTERVALS = 2

/**
 * Whether the SIP application lacks `SIP<MAC>.cnf`: as long as there is none, it asks for that file alone,
 * every 31 s, without end, and for nothing that it asks for once it has it. An answer that was lost in
 * between is repeated and counts as one; a log may have holes.
 */
export function pollingOf(asks: readonly Ask[], isTimed: boolean): Polling | null {
  const last = asks.at(-1)
  if (last === undefined || last.file.kind !== 'sip-phone' || last.answer === 'whole') return null
  const begin = asks.findLastIndex(({ name }) => name !== last.name) + 1
  const polls = asks.slice(begin)
  const times = polls.length
  const polling = { name: last.name, times, everySeconds: null }
  // Right after its default file it is the application that asks, not the loader.
  const isFirst = asks[begin - 1]?.file.kind === 'sip-default'
  if (isFirst && last.answer === 'absent') return { ...polling, everySeconds: everySeconds(polls) }
  if (!isTimed) return times > INTERVALS ? polling : null
  const pauses = pausesOf(polls)
  const isEven = pauses.every(isMultiple) && (isFirst || pauses.length >= INTERVALS)
  if (pauses.length === 0 || !isEven) return null
  return { ...polling, everySeconds: everySeconds(polls) }
}

function pausesOf(polls: readonly Ask[]): readonly number[] {
  return polls.slice(1).map((ask, index) => ask.firstAtMs - (polls[index] as Ask).lastAtMs)
}

/** A hole in the log swallows some of them. */
function isMultiple(pauseMs: number): boolean {
  const count = Math.max(1, Math.round(pauseMs / ((LEAST_MS + MOST_MS) / 2)))
  return pauseMs / count >= LEAST_MS && pauseMs / count <= MOST_MS
}

function everySeconds(polls: readonly Ask[]): number | null {
  const usual = pausesOf(polls).filter((pause) => pause >= LEAST_MS && pause <= MOST_MS)
  if (usual.length < INTERVALS) return null
  return Math.round(usual.reduce((total, one) => total + one, 0) / usual.length / 1_000)
}
