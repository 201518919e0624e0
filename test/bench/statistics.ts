/** The middle of what was measured, and how far the rest lies from it. */
export type Spread = { readonly median: number; readonly low: number; readonly high: number }

/** Median, lowest and highest; undefined where nothing was measured. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  const low = sorted[0]
  const high = sorted.at(-1)
  if (low === undefined || high === undefined) return undefined
  const below = sorted[Math.floor((sorted.length - 1) / 2)] ?? low
  const above = sorted[Math.ceil((sorted.length - 1) / 2)] ?? high
  return { median: (below + above) / 2, low, high }
}

/** Values by round: `undefined` where a round gave none. */
export type ByRound = readonly (number | undefined)[]

/**
 * Our value over a peer's, round by round, and the spread of that. Two that were measured one
 * behind the other shared the state of the machine; two of different rounds did not.
 */
export function ratioOf(ours: ByRound, theirs: ByRound): Spread | undefined {
  return spreadOf(
    ours.flatMap((value, round) => {
      const other = theirs[round]
      return value === undefined || other === undefined || other === 0 ? [] : [value / other]
    }),
  )
}
