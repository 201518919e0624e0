import type { StartTimer } from './start-timer.ts'

/** What a queue writes to, and whom it tells of a failure. */
export type SaveQueueParts<Key, Value> = {
  /** Resolves when all are on disk, all or none. */
  readonly save: (batch: ReadonlyMap<Key, Value>) => Promise<void>
  readonly onFault: (error: unknown) => void
  readonly startTimer: StartTimer
}

/** A store that has failed is tried again after this pause, in milliseconds. */
const RETRY_MS = 5_000

/**
 * Stores the newest value of each key, one write in flight: what changes meanwhile travels with
 * the next one. What could not be written is tried again.
 */
export class SaveQueue<Key, Value> {
  readonly #parts: SaveQueueParts<Key, Value>
  #unsaved = new Map<Key, Value>()
  /** The write under way; it never rejects. */
  #saving: Promise<void> | null = null
  /** Why the last write failed; null when it did not. */
  #failure: { readonly error: unknown } | null = null
  #stopRetry: (() => void) | null = null
  /** Ends the wait of values that may wait; null where none do. */
  #stopWait: (() => void) | null = null
  /** Whether a value that may not wait is unsaved. */
  #isDue = false
  #closed = false

  constructor(parts: SaveQueueParts<Key, Value>) {
    this.#parts = parts
  }

  /**
   * Takes a value to be stored over whatever the key had.
   *
   * @param withinMs - How long it may wait for others, so that they travel in one write.
   */
  put(key: Key, value: Value, withinMs = 0): void {
    this.#unsaved.set(key, value)
    if (withinMs === 0) this.#saveNow()
    else this.#stopWait ??= this.#parts.startTimer(() => this.#saveNow(), withinMs, false)
  }

  /** Resolves when all that changed so far is on disk; rejects where it could not be written. */
  async saved(): Promise<void> {
    // The write under way may be without what changed last: that travels with the next one.
    if (this.#saving !== null) await this.#saving
    if (this.#unsaved.size > 0) this.#saveNow()
    if (this.#saving === null) return
    await this.#saving
    if (this.#failure !== null) throw this.#failure.error
  }

  /** Writes what is left, and tries nothing again; rejects where it could not be written. */
  async close(): Promise<void> {
    this.#closed = true
    this.#stopRetry?.()
    await this.saved()
  }

  #saveNow(): void {
    this.#stopWait?.()
    this.#stopWait = null
    this.#isDue = true
    this.#saving ??= this.#write()
  }

  /** Writes what is unsaved as one batch, and goes on with what has changed meanwhile. */
  async #write(): Promise<void> {
    // What one turn of the event loop changes travels together.
    await undefined
    const batch = this.#unsaved
    this.#unsaved = new Map()
    this.#isDue = false
    try {
      await this.#parts.save(batch)
      this.#failure = null
    } catch (error) {
      this.#keepForRetry(batch, error)
    }
    const goesOn = this.#failure === null && this.#unsaved.size > 0 && this.#isDue
    this.#saving = goesOn ? this.#write() : null
  }

  /** What could not be written is tried again with the next change, or after a pause. */
  #keepForRetry(batch: ReadonlyMap<Key, Value>, error: unknown): void {
    this.#failure = { error }
    this.#unsaved = new Map([...batch, ...this.#unsaved])
    this.#parts.onFault(error)
    if (this.#closed || this.#stopRetry !== null) return
    const retry = () => {
      this.#stopRetry = null
      if (this.#unsaved.size > 0) this.#saveNow()
    }
    this.#stopRetry = this.#parts.startTimer(retry, RETRY_MS, false)
  }
}
