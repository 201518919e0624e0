import { TokenBucket } from '../net/token-bucket.ts'
import { codeOf } from './error-code.ts'

/** At most one line of each cause in ten seconds. */
const ONE_LINE = { burst: 1, perSecond: 0.1 }
/** Causes that are told apart; what comes on top is one more. */
const MAX_CAUSES = 32

/** No code and no message of an error. */
const OTHERS = ''

/** A fault, and how often it happened since the last line about its cause. */
export type ReportedFault = { readonly times: number; readonly err: unknown }

/**
 * Tells of faults that may come with every packet or every lease, such as a full disk or a network
 * that is gone, without filling the log as well: each cause, by its code, at once and then once in
 * ten seconds.
 */
export function faultReporter(
  report: (fault: ReportedFault) => void,
  nowMs: () => number,
): (error: unknown) => void {
  const causes = new Map<string, { readonly limit: TokenBucket; unsaid: number }>()
  return (error) => {
    const code = codeOf(error)
    const own = code === 'UNKNOWN' ? String(error) : code
    const cause = causes.has(own) || causes.size < MAX_CAUSES ? own : OTHERS
    const known = causes.get(cause) ?? { limit: new TokenBucket(ONE_LINE), unsaid: 0 }
    causes.set(cause, known)
    known.unsaid++
    if (!known.limit.take(nowMs())) return
    report({ times: known.unsaid, err: error })
    known.unsaid = 0
  }
}
