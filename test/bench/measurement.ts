/** A value of a measurement, and how it is shown. */
export type Metric = {
  readonly key: string
  readonly title: string
  readonly digits: number
  /** What stands for all rounds: the middle, or all of them together. */
  readonly over: 'median' | 'total'
  /** Whether ours is set in relation to a peer's. */
  readonly isCompared: boolean
}

/** What was measured, by the keys of the subject's metrics; what does not apply is left out. */
export type Values = Readonly<Record<string, number>>

/** One server, once, in one case. */
export type Sample = {
  readonly case: string
  readonly server: string
  /** From 1. */
  readonly round: number
  /** Of the last minute, when the measurement began; the benchmark's own part included. */
  readonly loadAverage: number
  /** Part of all processors that others used just before, 0 to 1. */
  readonly busy: number
  readonly values: Values
  /** Why there is nothing to trust: the server died, a reply was wrong; null where all was well. */
  readonly fault: string | null
}
