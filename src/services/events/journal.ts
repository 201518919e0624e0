import type { Mac } from '../../net/mac.ts'
import { Observers } from '../observers.ts'

/** Something that happened, before it has its number. */
export type JournalEntry = {
  readonly atMs: number
  /** Stable name, such as `conversion.confirmed`. */
  readonly event: string
  readonly mac: Mac | null
  readonly network: string | null
  /** Further facts; never a secret. */
  readonly fields: Readonly<Record<string, unknown>>
}

/**
 * The same, recorded. `id` ascends and never repeats, a restart included; only a number that never
 * reached the store (see `lost`) may be given once more by the next process.
 */
export type RecordedEvent = JournalEntry & { readonly id: number }

/** Where recorded events survive a restart. */
export interface EventStore {
  /** Resolves when they are on disk. Ids are ours and ascend. */
  append(events: readonly RecordedEvent[]): Promise<void>
}

/** Events in memory for readers that follow, some 1.5 MB; older ones come from the store. */
export const RECENT = 4_000

/** Events that wait for the store at most: minutes of a flood, or a day of a full disk. */
export const MOST_WAITING = 20_000

/** Events written at once; under a flood the write follows at its own pace. */
const BATCH = 1_000

/**
 * What happened, in order. Recording is immediate; the store follows in batches, one in flight.
 *
 * It holds what concerns enrolled phones, changes by operators, and trouble. Unknown devices are only
 * counted: a flood of unknown clients must not push out what an operator looks for.
 */
export class Journal {
  readonly #store: EventStore
  readonly #onFault: (error: unknown) => void
  readonly #observers: Observers
  readonly #recent: RecordedEvent[] = []
  readonly #waiting: RecordedEvent[] = []
  /** The batch under way. */
  #writing: Promise<void> | null = null
  #newestId: number
  /** Up to here everything is written, or given up. */
  #settledId: number
  #lost = 0
  /** Whether so many events wait for the store that new ones are dropped unwritten. */
  #isBehind = false

  /**
   * @param newestId - The store's newest, 0 for an empty one.
   * @param onFault - Called with what could not be written, and with a listener's error.
   * @param stored - The newest of the store in ascending order: with them a restart forgets nothing.
   */
  constructor(
    store: EventStore,
    newestId: number,
    onFault: (error: unknown) => void,
    stored: readonly RecordedEvent[] = [],
  ) {
    this.#store = store
    this.#newestId = newestId
    this.#settledId = newestId
    this.#onFault = onFault
    this.#observers = new Observers((cause) =>
      onFault(new Error('a listener of the journal threw, and is left out', { cause })),
    )
    this.#recent.push(...stored.slice(-RECENT))
  }

  /** The newest number given; 0 where nothing was ever recorded. */
  get newestId(): number {
    return this.#newestId
  }

  /** Events that are in no store: what could not be written, or waited too long for its turn. */
  get lost(): number {
    return this.#lost
  }

  /** Recent events in ascending order, for readers that follow; the journal's own list. */
  recent(): readonly RecordedEvent[] {
    return this.#recent
  }

  /**
   * Calls the listener after each new event, until the function that comes back is called. One that
   * throws is reported and not called again: what happened is recorded all the same.
   */
  subscribe(listener: () => void): () => void {
    return this.#observers.subscribe(listener)
  }

  /** Gives the event its number; the store follows. Who tells others of it waits for `flush`. */
  record(entry: JournalEntry): void {
    const recorded = { ...entry, id: ++this.#newestId }
    this.#recent.push(recorded)
    dropOldest(this.#recent, RECENT)
    this.#keepForStore(recorded)
    this.#observers.notify()
  }

  /** Numbers go on after this one, if they are not there yet. */
  skipTo(id: number): void {
    this.#newestId = Math.max(this.#newestId, id)
  }

  /** Resolves when all that was recorded before the call is written, or given up. */
  async flush(): Promise<void> {
    const upToId = this.#newestId
    while (this.#writing !== null && this.#settledId < upToId) await this.#writing
  }

  #keepForStore(event: RecordedEvent): void {
    this.#waiting.push(event)
    const dropped = dropOldest(this.#waiting, MOST_WAITING)
    this.#lost += dropped
    if (dropped > 0) this.#sayBehind()
    this.#writing ??= this.#writeBatch()
  }

  /** Once, until the store has caught up: who loses thousands does not want a line for each. */
  #sayBehind(): void {
    if (this.#isBehind) return
    this.#isBehind = true
    this.#onFault(
      new Error(`more than ${MOST_WAITING} events are waiting to be stored: the oldest are lost`),
    )
  }

  async #writeBatch(): Promise<void> {
    // What one turn of the event loop records travels together.
    await undefined
    const batch = this.#waiting.splice(0, BATCH)
    try {
      await this.#store.append(batch)
    } catch (error) {
      this.#lost += batch.length
      this.#onFault(error)
    }
    this.#settledId = (batch.at(-1) as RecordedEvent).id
    if (this.#waiting.length === 0) this.#isBehind = false
    this.#writing = this.#waiting.length > 0 ? this.#writeBatch() : null
  }
}

/** Back to `most` when a quarter more has come: one by one, each would move all the others. */
function dropOldest(events: RecordedEvent[], most: number): number {
  if (events.length <= most * 1.25) return 0
  return events.splice(0, events.length - most).length
}
