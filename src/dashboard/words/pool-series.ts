import type { PoolUseHistory } from '../data/types.ts'

/** How full a pool was, ready to be drawn and told. */
export type PoolSeries = {
  /** Addresses taken, one number an interval, the last one now. */
  readonly taken: readonly number[]
  /** When the first number was counted, in milliseconds since the epoch. */
  readonly sinceMs: number
  /** The highest number, and when it was reached first. */
  readonly peak: number
  readonly peakAtMs: number
}

/** Joins what was counted with what is taken now: the latest number is up to an interval old. */
export function poolSeries(history: PoolUseHistory, takenNow: number): PoolSeries {
  const everyMs = history.everySeconds * 1000
  const taken = [...history.taken, takenNow]
  const sinceMs = Date.parse(history.until) - (history.taken.length - 1) * everyMs
  const peak = Math.max(...taken)
  return { taken, sinceMs, peak, peakAtMs: sinceMs + taken.indexOf(peak) * everyMs }
}

/**
 * The outline of the area under the numbers, as an SVG path: steps, because a number holds until
 * the next one.
 *
 * @param top - The number at the upper edge; not below any other.
 */
export function areaPath(
  taken: readonly number[],
  top: number,
  { width, height }: { readonly width: number; readonly height: number },
): string {
  const step = width / Math.max(1, taken.length)
  const y = (count: number) => round(height * (1 - count / Math.max(1, top)))
  const steps = taken.map((count, index) => `V${y(count)}H${round((index + 1) * step)}`)
  return `M0 ${height}${steps.join('')}V${height}Z`
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
