import type { EventFilter } from '../../services/events/event-filter.ts'
import type { EventService, RecordedEvent } from '../../services/services.ts'
import { ChangeSignal } from './change-signal.ts'
import { viewEvent } from './schemas/event.ts'

/** What one client of the stream gets. */
export type StreamQuery = {
  /** The last event that the client has; undefined: from now on. */
  readonly after: number | undefined
  readonly filter: EventFilter
}

type EventRange = ReturnType<EventService['range']>

/** Proxies drop a connection that is silent for a minute; clients notice a dead one by this. */
const HEARTBEAT_MS = 15_000

/** How long a client waits before it connects again. */
const RETRY_MS = 2_000

/** Events taken from the log at once: all that is ever held for one client. */
const PAGE = 100

/**
 * Server-sent events (WHATWG HTML section 9.2), read from the log as the client takes them. A slow
 * client costs one page and its place in the log; what it missed because the log is bounded is said
 * by an event `gap`.
 *
 * Ends when the signal aborts.
 */
export async function* eventStream(
  events: EventService,
  query: StreamQuery,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  const changes = new ChangeSignal((listener) => events.subscribe(listener))
  try {
    yield `retry: ${RETRY_MS}\n: stream of events\n\n`
    let cursor = query.after ?? events.range().newest
    while (!signal.aborted) {
      const read = yield* nextPage(events, query, cursor)
      cursor = read.cursor
      if (read.isFull) continue
      const changed = await changes.wait(HEARTBEAT_MS, signal)
      if (!changed && !signal.aborted) yield ': heartbeat\n\n'
    }
  } finally {
    changes.close()
  }
}

/** The messages after a place in the log, one page at most, and the place after them. */
async function* nextPage(
  events: EventService,
  query: StreamQuery,
  after: number,
): AsyncGenerator<string, { readonly cursor: number; readonly isFull: boolean }> {
  const range = events.range()
  let cursor = after
  if (isGap(cursor, range)) {
    const first = firstAfterGap(cursor, range)
    yield gapMessage(cursor, first)
    cursor = first - 1
  }
  const page = await events.list({ ...query.filter, after: cursor, limit: PAGE })
  for (const event of page) yield eventMessage(event)
  cursor = Math.max(cursor, page.at(-1)?.id ?? 0)
  if (page.length === PAGE) return { cursor, isFull: true }
  // No other event up to here matches the filter; the log need not be searched there again.
  return { cursor: Math.max(cursor, range.newest), isFull: false }
}

/** The client's place is no longer in the log, or belongs to another one that was longer. */
function isGap(cursor: number, { oldest, newest }: EventRange): boolean {
  return cursor > newest || cursor < oldest - 1
}

function firstAfterGap(cursor: number, { oldest, newest }: EventRange): number {
  return cursor > newest ? newest + 1 : oldest
}

function gapMessage(after: number, first: number): string {
  return `event: gap\ndata: ${JSON.stringify({ after, first })}\n\n`
}

function eventMessage(event: RecordedEvent): string {
  // JSON has no line ends of its own, so the data is one line whatever the event holds.
  // Names of events are ours: stable, of letters, digits, dots and hyphens, and never `gap`.
  return `id: ${event.id}\nevent: ${event.event}\ndata: ${JSON.stringify(viewEvent(event))}\n\n`
}
