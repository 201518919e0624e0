import type { Conversion, ConversionStore } from '../src/conversion/conversion.ts'
import type { ConversionEffect } from '../src/conversion/effect.ts'
import type { ConversionEvent } from '../src/conversion/events.ts'
import type { Mac } from '../src/net/mac.ts'
import type { Subscribers } from './subscribers.ts'

/** What the runner joins. */
export type ConversionRunnerParts = {
  readonly store: ConversionStore
  readonly changes: Subscribers<Mac>
  readonly nowMs: () => number
  readonly onEvent: (event: ConversionEvent, nowMs: number) => void
  readonly onWake: (nowMs: number) => void
  readonly onFault: (error: unknown) => void
}

/** A store that has failed is tried again after this pause, in milliseconds. */
const RETRY_MS = 5_000

/** What a timer of Node can hold; a longer wait is cut into such, in milliseconds. */
const MAX_TIMER_MS = 2_147_483_647

/**
 * Carries out what the conversion engine asks for: stores the newest state of each changed
 * conversion, one write in flight, tells whoever watches, and keeps one timer.
 */
export class ConversionRunner {
  readonly #parts: ConversionRunnerParts
  readonly #unsaved = new Map<Mac, Conversion>()
  /** The write under way; it never rejects. */
  #saving: Promise<void> | null = null
  /** Why the last write failed; null when it did not. */
  #failure: { readonly error: unknown } | null = null
  #retryTimer: NodeJS.Timeout | null = null
  #timer: NodeJS.Timeout | null = null
  #wakeAtMs = Number.POSITIVE_INFINITY
  #closed = false

  constructor(parts: ConversionRunnerParts) {
    this.#parts = parts
  }

  /** To be given to the desk as its way out. */
  readonly run = (effects: readonly ConversionEffect[]): void => {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'changed':
          if (effect.durable) this.#save(effect.conversion)
          this.#parts.changes.announce(effect.conversion.mac)
          break
        case 'note':
          this.#parts.onEvent(effect.event, this.#parts.nowMs())
          break
        case 'wake':
          this.#wakeBy(effect.atMs)
          break
        default:
          effect satisfies never
      }
    }
  }

  /** Resolves when all that changed so far is on disk; rejects where it could not be written. */
  async saved(): Promise<void> {
    // The write under way may be without what changed last: that travels with the next one.
    if (this.#saving !== null) await this.#saving
    if (this.#unsaved.size > 0) this.#saveUnsaved()
    if (this.#saving === null) return
    await this.#saving
    if (this.#failure !== null) throw this.#failure.error
  }

  /** Ends the timers and writes what is left; rejects where it could not be written. */
  async close(): Promise<void> {
    this.#closed = true
    for (const timer of [this.#timer, this.#retryTimer]) if (timer !== null) clearTimeout(timer)
    await this.saved()
  }

  #save(conversion: Conversion): void {
    this.#unsaved.set(conversion.mac, conversion)
    this.#saveUnsaved()
  }

  #saveUnsaved(): void {
    this.#saving ??= this.#write()
  }

  /** Writes what is unsaved as one batch, and goes on with what has changed meanwhile. */
  async #write(): Promise<void> {
    // What one turn of the event loop changes travels together.
    await undefined
    const batch = [...this.#unsaved.values()]
    this.#unsaved.clear()
    try {
      await this.#parts.store.save(batch)
      this.#failure = null
    } catch (error) {
      this.#keepForRetry(batch, error)
    }
    const goesOn = this.#failure === null && this.#unsaved.size > 0
    this.#saving = goesOn ? this.#write() : null
  }

  /** What could not be written is tried again with the next change, or after a pause. */
  #keepForRetry(batch: readonly Conversion[], error: unknown): void {
    this.#failure = { error }
    for (const conversion of batch) {
      if (!this.#unsaved.has(conversion.mac)) this.#unsaved.set(conversion.mac, conversion)
    }
    this.#parts.onFault(error)
    if (this.#closed || this.#retryTimer !== null) return
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = null
      if (this.#unsaved.size > 0) this.#saveUnsaved()
    }, RETRY_MS).unref()
  }

  #wakeBy(atMs: number): void {
    if (this.#closed || atMs >= this.#wakeAtMs) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#wakeAtMs = atMs
    this.#timer = setTimeout(
      () => {
        this.#timer = null
        this.#wakeAtMs = Number.POSITIVE_INFINITY
        this.#parts.onWake(this.#parts.nowMs())
      },
      Math.min(Math.max(0, atMs - this.#parts.nowMs()), MAX_TIMER_MS),
    )
  }
}
