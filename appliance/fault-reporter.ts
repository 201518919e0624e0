import type { Logger } from 'pino'

/** At most one line in so many milliseconds: a full disk must not fill the log as well. */
const QUIET_MS = 10_000

/** Reports that something could not be stored, with how often it happened since the last line. */
export function storeFaultReporter(log: Logger, nowMs: () => number): (error: unknown) => void {
  let quietUntilMs = 0
  let unsaid = 0
  return (error) => {
    unsaid++
    if (nowMs() < quietUntilMs) return
    log.error({ event: 'database.failed', times: unsaid, err: error })
    quietUntilMs = nowMs() + QUIET_MS
    unsaid = 0
  }
}
