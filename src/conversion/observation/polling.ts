import type { Ask } from './asks.ts'

/** A phone that asks for its own file again and again, because there is none. */
export type Polling = {
  readonly name: string
  /** How often it was asked for, the first time included. */
  readonly times: number
  /** Seconds between two of them; null where the log has no times. */
  readonly everySeconds: number | null
}

/** Measured on eight phones: 30.9 s, 30 to 34 (field traces, July 2021). */
const LEAST_MS = 27_000
const MOST_MS = 37_000
/** Two intervals are no accident. */
const TIMES = 3

/**
 * Whether the SIP application polls `SIP<MAC>.cnf`: as long as there is none, it asks for that file
 * alone, every 31 s, without end. An answer that was lost in between is repeated and counts as one.
 */
export function pollingOf(asks: readonly Ask[], isTimed: boolean): Polling | null {
  const last = asks.at(-1)
  if (last === undefined || last.file.kind !== 'sip-phone') return null
  const pauses: number[] = []
  let begin = asks.length - 1
  for (; begin > 0; begin--) {
    const [before, ask] = [asks[begin - 1] as Ask, asks[begin] as Ask]
    if (before.name !== ask.name) break
    pauses.push(ask.firstAtMs - before.lastAtMs)
  }
  const times = asks.length - begin
  if (times < TIMES) return null
  if (!isTimed) return { name: last.name, times, everySeconds: null }
  const usual = pauses.filter((pause) => pause >= LEAST_MS && pause <= MOST_MS)
  if (usual.length < TIMES - 1) return null
  const meanMs = usual.reduce((total, one) => total + one, 0) / usual.length
  return { name: last.name, times, everySeconds: Math.round(meanMs / 1_000) }
}
