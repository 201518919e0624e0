import type { Mac } from '../src/net/mac.ts'

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

/** The same, recorded. `id` ascends, never repeats, and survives a restart. */
export type RecordedEvent = JournalEntry & { readonly id: number }

/** Where recorded events survive a restart. */
export interface EventStore {
  /** Resolves when they are on disk. Ids are ours and ascend. */
  append(events: readonly RecordedEvent[]): Promise<void>
}

/** Events in memory for readers that follow; older ones come from the store. */
const RECENT = 20_000

/** Events written at once; under a flood the write follows at its own pace. */
const BATCH = 1_000

/**
 * What happened, in order. Recording is immediate; the store follows in batches, one in flight.
 *
 * It holds what concerns enrolled phones, changes by operators, and trouble. Bystanders are only
 * counted: a flood of unknown clients must not push out what an operator looks for.
 */
export class Journal {
  readonly #store: EventStore
  readonly #onFault: (error: unknown) => void
  readonly #listeners = new Set<() => void>()
  readonly #recent: RecordedEvent[] = []
  #waiting: RecordedEvent[] = []
  #writing: Promise<void> | null = null
  #newestId: number
  #lost = 0

  /** `newestId` is the store's newest, 0 for an empty one. */
  constructor(store: EventStore, newestId: number, onFault: (error: unknown) => void) {
    this.#store = store
    this.#newestId = newestId
    this.#onFault = onFault
  }

  /** The newest number given; 0 where nothing was ever recorded. */
  get newestId(): number {
    return this.#newestId
  }

  /** Events that could not be written and are gone from memory as well. */
  get lost(): number {
    return this.#lost
  }

  /** Recent events in ascending order, for readers that follow. */
  recent(): readonly RecordedEvent[] {
    return this.#recent
  }

  /** Calls the listener after each new event, until the function that comes back is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  record(entry: JournalEntry): void {
    const recorded = { ...entry, id: ++this.#newestId }
    this.#recent.push(recorded)
    if (this.#recent.length > RECENT * 1.25) this.#recent.splice(0, this.#recent.length - RECENT)
    this.#keepForStore(recorded)
    for (const listener of this.#listeners) listener()
  }

  /** Resolves when all that was recorded so far is written, or given up. */
  async flush(): Promise<void> {
    while (this.#writing !== null) await this.#writing
  }

  #keepForStore(event: RecordedEvent): void {
    if (this.#waiting.length >= RECENT) {
      this.#waiting.shift()
      this.#lost++
    }
    this.#waiting.push(event)
    this.#writing ??= this.#write()
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH)
      try {
        await this.#store.append(batch)
      } catch (error) {
        this.#lost += batch.length
        this.#onFault(error)
      }
    }
    this.#writing = null
  }
}
