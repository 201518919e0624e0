import type { EventLog } from '../event-log.ts'
import type { EventLimits } from './event-limits.ts'
import type { Journal } from './journal.ts'

/** Tells of what was left out where nothing of its kind followed; to be called from time to time. */
export function reportLeftOut(
  limits: EventLimits,
  { journal, log }: { readonly journal: Pick<Journal, 'record'>; readonly log: EventLog },
  nowMs: number,
): void {
  for (const { of, events, lines } of limits.takeLeftOut(nowMs)) {
    const about = { atMs: nowMs, event: 'events.left.out', mac: null, network: null }
    if (events > 0) journal.record({ ...about, fields: { of, events } })
    log.warn({ event: 'events.left.out', of, events, lines })
  }
}
