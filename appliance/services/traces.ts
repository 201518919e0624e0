import type { TimelineEntry, TraceService } from '../../src/adapters/http/services.ts'
import type { Mac } from '../../src/net/mac.ts'
import { bootLog } from '../boot-log.ts'
import type { Journal, RecordedEvent } from '../journal.ts'
import { inWords } from '../words.ts'

/** More than ten ladders of a phone; older entries are in the event list. */
const MAX_ENTRIES = 2_000

/** What is known of what a phone did. */
export function traceService(journal: Journal, isEnrolled: (mac: Mac) => boolean): TraceService {
  const eventsOf = (mac: Mac) =>
    journal
      .recent()
      .filter((event) => event.mac === mac)
      .slice(-MAX_ENTRIES)
  return {
    timeline: (mac) => (isEnrolled(mac) ? eventsOf(mac).map(entryOf) : undefined),
    bootLog: (mac) => (isEnrolled(mac) ? bootLog(eventsOf(mac)) : undefined),
  }
}

function entryOf(recorded: RecordedEvent): TimelineEntry {
  const { atMs, event, fields } = recorded
  return { atMs, source: sourceOf(event), event, text: inWords(recorded), fields }
}

function sourceOf(event: string): TimelineEntry['source'] {
  if (event.startsWith('dhcp.')) return 'dhcp'
  return event.startsWith('tftp.') ? 'tftp' : 'conversion'
}
