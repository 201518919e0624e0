/** What was seen in one stretch of a soak. */
export type Sample = {
  /** Since the beginning. */
  readonly seconds: number
  /** Resident memory, in MiB. */
  readonly residentMb: number
  /** Open file descriptors. */
  readonly descriptors: number
  /** From DISCOVER to OFFER, in milliseconds, over the stretch. */
  readonly offerP50: number
  readonly offerP99: number
}

/** What must not grow, and by how much it may wander. */
const BOUNDS = [
  { of: 'residentMb', name: 'resident memory, MiB', mayGrowBy: 16 },
  { of: 'descriptors', name: 'descriptors', mayGrowBy: 8 },
  // A busy machine makes single offers late, but not the half of them.
  { of: 'offerP50', name: 'DISCOVER to OFFER, ms at the median', mayGrowBy: 20 },
] as const

/** One kind of value: its medians over the second and over the last quarter of the soak. */
export type Trend = {
  readonly name: string
  readonly early: number
  readonly late: number
  readonly isFlat: boolean
}

/**
 * Whether a soak was flat. Its first quarter is for caches to fill and code to be compiled.
 *
 * @param samples - Four at least, in their order.
 */
export function trendsOf(samples: readonly Sample[]): readonly Trend[] {
  const quarter = Math.floor(samples.length / 4)
  const [second, last] = [samples.slice(quarter, 2 * quarter), samples.slice(-quarter)]
  return BOUNDS.map(({ of, name, mayGrowBy }) => {
    const early = percentile(
      second.map((sample) => sample[of]),
      50,
    )
    const late = percentile(
      last.map((sample) => sample[of]),
      50,
    )
    return { name, early, late, isFlat: late - early <= mayGrowBy }
  })
}

/** The value below or at which so many per cent lie; 0 of none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const at = Math.ceil((percent / 100) * sorted.length) - 1
  return sorted[Math.max(0, at)] ?? 0
}
