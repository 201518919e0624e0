import type { TimelineEntry } from './types.ts'

/** How one method went. */
export type RestartAttempt = { readonly method: string; readonly at: string } & (
  | { readonly state: 'sent' }
  | { readonly state: 'seen'; readonly by: string; readonly seconds: number | null }
  | { readonly state: 'failed'; readonly reason: string }
)

/** A restart as events report it. */
export type RestartReport = {
  /** Tells it from every other of the phone. */
  readonly key: string
  readonly attempts: readonly RestartAttempt[]
  /** Null while it goes on. */
  readonly outcome: 'seen' | 'failed' | null
}

/**
 * The last restart of a phone, out of its timeline; null where there was none. The timeline is read
 * again after each event, so that this also holds without a stream and after the page was reloaded.
 */
export function latestRestart(timeline: readonly TimelineEntry[]): RestartReport | null {
  return timeline.reduce(withEntry, null as RestartReport | null)
}

function withEntry(report: RestartReport | null, entry: TimelineEntry): RestartReport | null {
  const outcome = outcomeOf(entry)
  if (outcome !== null) return report === null ? null : { ...report, outcome }
  const attempt = attemptOf(entry)
  return attempt === null ? report : withAttempt(report, attempt)
}

function outcomeOf({ event, fields }: TimelineEntry): RestartReport['outcome'] {
  if (event !== 'phone.restart.ended') return null
  return fields['outcome'] === 'seen' ? 'seen' : 'failed'
}

function attemptOf({ event, at, fields }: TimelineEntry): RestartAttempt | null {
  const method = String(fields['method'] ?? '')
  if (event === 'phone.restart.sent') return { method, at, state: 'sent' }
  if (event === 'phone.restart.failed') {
    return { method, at, state: 'failed', reason: String(fields['reason'] ?? '') }
  }
  if (event !== 'phone.restart.seen') return null
  const { by, seconds } = fields
  const after = typeof seconds === 'number' ? seconds : null
  return { method, at, state: 'seen', by: String(by ?? ''), seconds: after }
}

/**
 * A restart tries a method once. One that was sent twice belongs to another restart: a crash of the
 * appliance leaves the one before without its end.
 */
function withAttempt(report: RestartReport | null, attempt: RestartAttempt): RestartReport {
  const { method, at } = attempt
  const first = { key: `${at} ${method}`, attempts: [attempt], outcome: null }
  if (report === null || report.outcome !== null) return first
  const known = report.attempts.find((one) => one.method === method)
  if (known === undefined) return { ...report, attempts: [...report.attempts, attempt] }
  if (known.state !== 'sent' || attempt.state === 'sent') return first
  const attempts = report.attempts.map((one) => (one === known ? attempt : one))
  return { ...report, attempts }
}
