import { Observers } from '../observers.ts'
import type { StoredEventFilter } from './event-filter.ts'
import { EventsTail } from './events-tail.ts'
import type { Journal } from './journal.ts'
import type { StoredEvent } from './stored-event.ts'

/** An event of one of several appliances. */
export type EventOfAppliance = StoredEvent & { readonly appliance: string }

/** A place in the events of one appliance, which is named as `site/name`: after the event of this id. */
export type PlaceInEvents = { readonly appliance: string; readonly id: number }

/** Which events of which appliances; what is left out does not restrict. */
export type SharedEventQuery = StoredEventFilter & {
  /** Only of these appliances, and of each only what comes after its place. */
  readonly of: readonly PlaceInEvents[]
  /** The newest of each appliance; false: the first ones after its place. */
  readonly isNewest: boolean
  /** Of each appliance at most. */
  readonly limit: number
}

/** The ends of what is kept of one appliance. */
export type SharedEventRange = {
  readonly appliance: string
  readonly oldest: number
  readonly newest: number
}

/** Where the events of all appliances are. Every call may reject where it cannot be reached. */
export interface EventSource {
  /**
   * Those that are there already stay; of very many the oldest go. Nothing is stored where the newest
   * of the appliance is before `after`: what was sent before is not there any more.
   *
   * @returns The newest that was there before.
   */
  put(appliance: string, events: readonly StoredEvent[], after: number): Promise<number>
  ranges(): Promise<readonly SharedEventRange[]>
  /** Of each appliance the place after which all events are from this moment on; 0 where all are. */
  placesBefore(appliances: readonly string[], ms: number): Promise<readonly PlaceInEvents[]>
  /** By appliance and id. */
  list(query: SharedEventQuery): Promise<readonly EventOfAppliance[]>
}

/** What the events of several appliances are made of. */
export type SharedEventsParts = {
  /** This appliance, as others know it: `site/name`. */
  readonly here: string
  readonly source: EventSource
  readonly journal: Pick<Journal, 'newestId' | 'flush' | 'skipTo'>
  readonly history: {
    list(query: { readonly afterId: number; readonly limit: number }): Promise<{
      readonly events: readonly StoredEvent[]
      readonly faults: readonly string[]
    }>
  }
  /** How far has been sent, by name. */
  readonly marks: {
    get(name: string): Promise<number | null>
    set(name: string, value: number): Promise<void>
  }
  /** Whether the source can be asked now. */
  readonly isThere: () => boolean
  readonly onFault: (error: unknown) => void
}

/** Events that travel at once. */
const BATCH = 1_000

/** The newest id of this machine that was sent. */
const SENT = 'events.sent'
/** Events of this machine between these are known to others by a higher number, higher by so much. */
const RAISED_AFTER = 'events.raised-after'
const RAISED_UNTIL = 'events.raised-until'
const RAISED_BY = 'events.raised-by'

/**
 * Sends the events of this appliance to the others, some seconds later, and gives theirs.
 *
 * Events are on this machine first. What could not be sent is sent once it can be, as far as this
 * machine still keeps it, so none is missing while the source is away.
 */
export class SharedEvents {
  readonly #parts: SharedEventsParts
  readonly #observers = new Observers()
  readonly #tail: EventsTail
  #others: ReadonlyMap<string, SharedEventRange> = new Map()
  #exchanging: Promise<void> | null = null
  /** Whether it is known who the others are. */
  #wasReached = false
  /** Whether the source has been asked for what it knows of this appliance. */
  #isCompared = false
  /** The newest event when all were sent last. */
  #sentId = -1

  constructor(parts: SharedEventsParts) {
    this.#parts = parts
    this.#tail = new EventsTail((query) => parts.source.list(query))
  }

  get here(): string {
    return this.#parts.here
  }

  /** What is kept of the others, as it was known a few seconds ago. */
  ranges(): ReadonlyMap<string, SharedEventRange> {
    return this.#others
  }

  /** Calls the listener when others have recorded something, until the function that comes back is called. */
  subscribe(listener: () => void): () => void {
    return this.#observers.subscribe(listener)
  }

  /**
   * Events of one of the others after a place, as they were read for all who follow; null where they
   * begin before what is held, and are to be asked for by `list`.
   */
  recent(appliance: string, id: number): readonly EventOfAppliance[] | null {
    return this.#tail.after(appliance, id)
  }

  /** To be called every few seconds while the source can be reached; never rejects. */
  exchange(): Promise<void> {
    this.#exchanging ??= this.#exchange()
      .catch(this.#parts.onFault)
      .finally(() => {
        this.#exchanging = null
      })
    return this.#exchanging
  }

  /** Events of the others, by appliance and id; null where they cannot be asked for. */
  async list(
    query: Omit<SharedEventQuery, 'of'> & { readonly of?: readonly PlaceInEvents[] },
  ): Promise<readonly EventOfAppliance[] | null> {
    if (!this.#wasReached) return null
    const of = query.of ?? [...this.#others.keys()].map((appliance) => ({ appliance, id: 0 }))
    const foreign = of.filter(({ appliance }) => appliance !== this.here)
    return this.#asked(() => this.#parts.source.list({ ...query, of: foreign }))
  }

  /** Of each of the others the place from a moment on; of none where they cannot be asked for. */
  async placesBefore(ms: number): Promise<readonly PlaceInEvents[]> {
    const others = [...this.#others.keys()]
    if (others.length === 0) return []
    return (await this.#asked(() => this.#parts.source.placesBefore(others, ms))) ?? []
  }

  /** Sends what was recorded last; never rejects. */
  async close(): Promise<void> {
    await this.#exchanging
    if (this.#parts.isThere()) await this.exchange()
  }

  async #asked<Answer>(ask: () => Promise<Answer>): Promise<Answer | null> {
    if (!this.#parts.isThere()) return null
    try {
      return await ask()
    } catch (error) {
      this.#parts.onFault(error)
      return null
    }
  }

  async #exchange(): Promise<void> {
    const { source, here } = this.#parts
    const ranges = await source.ranges()
    const newest = ranges.find(({ appliance }) => appliance === here)?.newest ?? 0
    if (!this.#isCompared) {
      await this.#compare(newest)
      this.#isCompared = true
    }
    await this.#send(newest)
    const others = new Map(
      ranges.flatMap((range) => (range.appliance === here ? [] : [[range.appliance, range]])),
    )
    const isNews = [...others.values()].some(
      ({ appliance, newest }) => newest > (this.#others.get(appliance)?.newest ?? 0),
    )
    await this.#tail.readTo(others, this.#observers.size > 0)
    this.#others = others
    this.#wasReached = true
    if (isNews) this.#observers.notify()
  }

  /**
   * Where the folder of this machine was lost, or restored from an older copy, the source has events
   * under numbers that are being given once more. Those that are not sent yet get numbers after them,
   * and so do all later ones; otherwise they would be taken for sent.
   */
  async #compare(newest: number): Promise<void> {
    const { source, here, marks, journal, history } = this.#parts
    const sent = (await marks.get(SENT)) ?? 0
    const raised = await raisedNumbers(marks)
    const known = raisedBy(sent, raised)
    if (newest <= known) return
    await journal.flush()
    const of = [{ appliance: here, id: known }]
    const [theirs] = await source.list({ of, isNewest: false, limit: 1 })
    const [ours] = (await history.list({ afterId: sent, limit: 1 })).events
    if (theirs === undefined || isSame(theirs, ours, raised)) return
    const by = newest - sent
    const until = journal.newestId
    // From here on, so that nothing is recorded in between.
    journal.skipTo(until + by)
    await marks.set(RAISED_BY, by)
    await marks.set(RAISED_AFTER, sent)
    await marks.set(RAISED_UNTIL, until)
  }

  /**
   * Sends what the source has not got. A failover can have lost what was sent: then that is sent again.
   *
   * @param newest - The newest of this appliance there.
   */
  async #send(newest: number): Promise<void> {
    const { journal, history, marks } = this.#parts
    const { newestId } = journal
    const raised = await raisedNumbers(marks)
    let at: Sent = { there: newest, here: (await marks.get(SENT)) ?? 0 }
    if (newest < raisedBy(at.here, raised)) at = { there: newest, here: idOf(newest, raised) }
    else if (newestId === this.#sentId) return
    await journal.flush()
    for (;;) {
      const { events } = await history.list({ afterId: at.here, limit: BATCH })
      if (events.length === 0) break
      at = await this.#sendBatch(events, at, raised)
      await marks.set(SENT, at.here)
    }
    this.#sentId = newestId
  }

  async #sendBatch(events: readonly StoredEvent[], at: Sent, raised: RaisedNumbers): Promise<Sent> {
    const { source, here } = this.#parts
    const numbered = events.map((event) => ({ ...event, id: raisedBy(event.id, raised) }))
    const newest = await source.put(here, numbered, at.there)
    if (newest < at.there) return { there: newest, here: idOf(newest, raised) }
    return { there: numbered.at(-1)?.id ?? newest, here: events.at(-1)?.id ?? at.here }
  }
}

/** Up to where the source has all: as it is numbered there, and here. */
type Sent = { readonly there: number; readonly here: number }

/** Which ids of this machine have a higher number elsewhere, and how much higher. */
type RaisedNumbers = { readonly after: number; readonly until: number; readonly by: number }

async function raisedNumbers(
  marks: Pick<SharedEventsParts['marks'], 'get'>,
): Promise<RaisedNumbers> {
  const [after = 0, until = 0, by = 0] = await Promise.all(
    [RAISED_AFTER, RAISED_UNTIL, RAISED_BY].map(async (name) => (await marks.get(name)) ?? 0),
  )
  return { after, until, by }
}

/** The newest number that this appliance has given, or may not give again; 0 where nothing says so. */
export async function newestNumber(marks: Pick<SharedEventsParts['marks'], 'get'>) {
  const { until, by } = await raisedNumbers(marks)
  return until + by
}

/** The number elsewhere of an event of this machine, or of a place in its events. */
function raisedBy(id: number, { after, until, by }: RaisedNumbers): number {
  return id >= after && id <= until ? id + by : id
}

/**
 * The other way round: the place here of a number elsewhere. What was sent before numbers were raised
 * is not sent again: under which numbers that was is not known any more.
 */
function idOf(number: number, { after, until, by }: RaisedNumbers): number {
  return number > until + by ? number : Math.max(after, number - by)
}

function isSame(theirs: StoredEvent, ours: StoredEvent | undefined, raised: RaisedNumbers) {
  if (ours === undefined || raisedBy(ours.id, raised) !== theirs.id) return false
  return ours.atMs === theirs.atMs && ours.event === theirs.event && ours.mac === theirs.mac
}
