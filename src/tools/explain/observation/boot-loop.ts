/** A phone whose whole boot repeats itself. */
export type BootLoop = {
  /** Boots that were seen, the last one included. */
  readonly boots: number
  readonly everySeconds: number
}

/** Traces show 66 to 80 s; a boot takes no less than half of that, and silence makes 171 s. */
const LEAST_PERIOD_MS = 40_000
const MOST_PERIOD_MS = 160_000
/** Two equal intervals: no person pulls a plug so evenly. */
const PERIODS = 2
/** Logs count whole seconds, and a boot is not the same to the second. */
const TOLERANCE_MS = 3_000
const TOLERANCE_SHARE = 0.04
/** First files of one boot: loader, application, and application again (field trace `jh-b`). */
const MOST_OF_A_BOOT = 5

/**
 * Finds the period in which a boot repeats itself.
 *
 * An SCCP phone asks for the first file of a boot up to three times in one boot (loader, application,
 * application again), so it is no single interval that repeats but the whole pattern.
 *
 * @param starts - When the first file of a boot was asked for, oldest first.
 * @param endMs - When the log ended: a loop that was over by then is none.
 */
export function bootLoopIn(starts: readonly number[], endMs: number): BootLoop | null {
  const last = starts.at(-1)
  if (last === undefined) return null
  for (const start of starts.toReversed()) {
    const periodMs = last - start
    if (periodMs > MOST_PERIOD_MS) return null
    if (periodMs < LEAST_PERIOD_MS || endMs - last > 2 * periodMs) continue
    const loop = repeatsAfter(starts, last, periodMs)
    if (loop !== null) return loop
  }
  return null
}

function repeatsAfter(starts: readonly number[], last: number, periodMs: number): BootLoop | null {
  const first = starts[0] as number
  const slackMs = TOLERANCE_MS + periodMs * TOLERANCE_SHARE
  const isStart = (atMs: number) => starts.some((one) => Math.abs(one - atMs) <= slackMs)
  let periods = 0
  while (isStart(last - (periods + 1) * periodMs)) periods++
  if (periods < PERIODS) return null
  // All of the last boots have to fit, not this one chain alone.
  const fitting = starts.filter((one) => one >= last - PERIODS * periodMs - slackMs)
  const isWhole = fitting.every(
    (one) =>
      (one - periodMs < first - slackMs || isStart(one - periodMs)) &&
      (one + periodMs > last + slackMs || isStart(one + periodMs)),
  )
  if (!isWhole || mostIn(fitting, periodMs - slackMs) > MOST_OF_A_BOOT) return null
  const boots = periods + 1
  return { boots, everySeconds: Math.round(periodMs / 1_000) }
}

/** The most starts that lie within so long; where they are dense, any period fits. */
function mostIn(starts: readonly number[], lengthMs: number): number {
  const counts = starts.map(
    (end) => starts.filter((one) => one <= end && one > end - lengthMs).length,
  )
  return Math.max(...counts)
}
