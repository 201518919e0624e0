import type { EventFilter } from '../../services/events/event-filter.ts'
import { placeAfter } from '../../services/events/event-places.ts'
import type {
  EventPlace,
  EventRange,
  EventService,
  RecordedEvent,
} from '../../services/services.ts'
import { ChangeSignal } from './change-signal.ts'
import { writeCursor } from './event-cursor.ts'
import { viewEvent } from './schemas/event.ts'

/** What one client of the stream gets. */
export type StreamQuery = {
  /** The last events that the client has; undefined: from now on. */
  readonly after: EventPlace | undefined
  readonly filter: EventFilter
}

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
    let place = query.after ?? newestOf(events)
    while (!signal.aborted) {
      const read = yield* nextPage(events, query, place)
      place = read.place
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
  after: EventPlace,
): AsyncGenerator<string, { readonly place: EventPlace; readonly isFull: boolean }> {
  const ranges = events.ranges()
  let place: EventPlace = new Map(await events.placed(after))
  for (const gap of gapsOf(events, place, ranges)) {
    yield gapMessage(gap)
    place = new Map([...place, [gap.appliance, gap.first - 1]])
  }
  const page = await events.page({ ...query.filter, after: place, limit: PAGE })
  for (const event of page.events) {
    place = placeAfter(place, [event])
    yield eventMessage(event, place)
  }
  if (page.events.length === PAGE) return { place, isFull: true }
  // No other event up to here matches the filter; the log need not be searched there again. What
  // others keep could not be searched where they cannot be asked for.
  const searched = page.isPartial ? [events.here] : [...ranges.keys()]
  const ends = searched.map((appliance) => ({ appliance, id: ranges.get(appliance)?.newest ?? 0 }))
  return { place: placeAfter(place, ends), isFull: false }
}

function newestOf(events: EventService): EventPlace {
  return new Map(Array.from(events.ranges(), ([appliance, { newest }]) => [appliance, newest]))
}

type Gap = { readonly appliance: string; readonly after: number; readonly first: number }

/**
 * Where the client's place is no longer in the log, or belongs to another one that was longer. How far
 * other appliances have come is not known exactly, so that only their oldest event counts.
 */
function gapsOf(
  { here }: EventService,
  place: EventPlace,
  ranges: ReadonlyMap<string, EventRange>,
): readonly Gap[] {
  return [...place].flatMap(([appliance, after]) => {
    const range = ranges.get(appliance)
    if (range === undefined) return []
    const { oldest, newest } = range
    if (appliance === here && after > newest) return [{ appliance, after, first: newest + 1 }]
    return after < oldest - 1 ? [{ appliance, after, first: oldest }] : []
  })
}

function gapMessage({ appliance, ...gap }: Gap): string {
  const said = appliance === '' ? gap : { ...gap, appliance }
  return `event: gap\ndata: ${JSON.stringify(said)}\n\n`
}

function eventMessage(event: RecordedEvent, place: EventPlace): string {
  // JSON has no line ends of its own, so the data is one line whatever the event holds.
  // Names of events are ours: stable, of letters, digits, dots and hyphens, and never `gap`.
  const data = JSON.stringify(viewEvent(event))
  return `id: ${writeCursor(place)}\nevent: ${event.event}\ndata: ${data}\n\n`
}
