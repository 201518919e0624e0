import type { EventFilter } from '../../services/events/event-filter.ts'
import { placeAfter } from '../../services/events/event-places.ts'
import type {
  EventPlace,
  EventRange,
  EventService,
  EventsElsewhere,
  RecentEvents,
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

/** What others could not be asked for is asked for again after so long, in milliseconds. */
const ASK_AGAIN_MS = 2_000

/**
 * Server-sent events (WHATWG HTML section 9.2), read from the log as the client takes them. A slow
 * client costs one page and its place in the log; what it missed because the log is bounded is said
 * by an event `gap`.
 *
 * What happens here is sent at once. What others have recorded is read once for all streams; a client
 * that begins further back has one question under way, and what happens here does not wait for it.
 *
 * Ends when the signal aborts.
 */
export async function* eventStream(
  events: EventService,
  query: StreamQuery,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  const question = new Question(events, query)
  const changes = new ChangeSignal((listener) => {
    question.onAnswer = listener
    return events.subscribe(listener)
  })
  try {
    yield `retry: ${RETRY_MS}\n: stream of events\n\n`
    let place = query.after ?? newestOf(events)
    while (!signal.aborted) {
      const read = yield* nextPage(events, query, place)
      place = yield* answered(question, read.place)
      question.ask(read.behind, place)
      if (read.isFull) continue
      const changed = await changes.wait(HEARTBEAT_MS, signal)
      if (!changed && !signal.aborted) yield ': heartbeat\n\n'
    }
  } finally {
    changes.close()
  }
}

/** Asks for what other appliances have recorded before what is held of it, one question at a time. */
class Question {
  readonly #events: EventService
  readonly #query: StreamQuery
  #isAsked = false
  #answer: EventsElsewhere | null = null
  #againAtMs = 0
  onAnswer: () => void = () => {}

  constructor(events: EventService, query: StreamQuery) {
    this.#events = events
    this.#query = query
  }

  /** Takes the answer, once; null where there is none. */
  take(): EventsElsewhere | null {
    const answer = this.#answer
    this.#answer = null
    return answer
  }

  ask(appliances: readonly string[], after: EventPlace): void {
    const isTooEarly = performance.now() < this.#againAtMs
    if (appliances.length === 0 || this.#isAsked || this.#answer !== null || isTooEarly) return
    this.#isAsked = true
    const query = { ...this.#query.filter, after, limit: PAGE }
    this.#events.elsewhere(query, appliances).then(
      (answer) => this.#onAnswer(answer),
      () => this.#onAnswer(null),
    )
  }

  #onAnswer(answer: EventsElsewhere | null): void {
    this.#isAsked = false
    this.#answer = answer
    if (answer === null) this.#againAtMs = performance.now() + ASK_AGAIN_MS
    else this.onAnswer()
  }
}

/** What has been answered meanwhile, and the place after it. */
async function* answered(
  question: Question,
  before: EventPlace,
): AsyncGenerator<string, EventPlace> {
  const answer = question.take()
  if (answer === null) return before
  let place = before
  for (const event of answer.events) {
    place = placeAfter(place, [event])
    yield eventMessage(event, place)
  }
  return placeAfter(
    place,
    Array.from(answer.place, ([appliance, id]) => ({ appliance, id })),
  )
}

/** The messages after a place in the log, one page at most, and the place after them. */
async function* nextPage(
  events: EventService,
  query: StreamQuery,
  after: EventPlace,
): AsyncGenerator<string, PageRead> {
  const ranges = events.ranges()
  let place: EventPlace = new Map(after)
  for (const gap of gapsOf(events, place, ranges)) {
    yield gapMessage(gap)
    place = new Map([...place, [gap.appliance, gap.first - 1]])
  }
  const page = await events.recent({ ...query.filter, after: place, limit: PAGE })
  const { behind } = page
  for (const event of page.events) {
    place = placeAfter(place, [event])
    yield eventMessage(event, place)
  }
  if (page.events.length === PAGE) return { place, behind, isFull: true }
  // No other event up to here matches the filter; the log need not be searched there again.
  const searched = [...ranges.keys()].filter((appliance) => !behind.includes(appliance))
  const ends = searched.map((appliance) => ({ appliance, id: ranges.get(appliance)?.newest ?? 0 }))
  return { place: placeAfter(place, ends), behind, isFull: false }
}

type PageRead = Pick<RecentEvents, 'behind'> & {
  readonly place: EventPlace
  readonly isFull: boolean
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
