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

/**
 * Carries out what the conversion engine asks for: stores the newest state of each changed
 * conversion, one write in flight, tells whoever watches, and keeps one timer.
 */
export class ConversionRunner {
  readonly #parts: ConversionRunnerParts
  readonly #unsaved = new Map<Mac, Conversion>()
  #saving: Promise<void> | null = null
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
    while (this.#saving !== null) await this.#saving
    if (this.#unsaved.size > 0) await this.#write()
  }

  async close(): Promise<void> {
    this.#closed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.saved()
  }

  #save(conversion: Conversion): void {
    this.#unsaved.set(conversion.mac, conversion)
    this.#saveUnsaved()
  }

  #saveUnsaved(): void {
    this.#saving ??= this.#writeAll().finally(() => {
      this.#saving = null
    })
  }

  async #writeAll(): Promise<void> {
    try {
      while (this.#unsaved.size > 0) await this.#write()
    } catch (error) {
      this.#parts.onFault(error)
      // What could not be written is kept, and tried again with the next change or after a pause.
      if (!this.#closed) setTimeout(() => this.#saveUnsaved(), RETRY_MS).unref()
    }
  }

  async #write(): Promise<void> {
    const batch = [...this.#unsaved.values()]
    this.#unsaved.clear()
    try {
      await this.#parts.store.save(batch)
    } catch (error) {
      for (const conversion of batch) {
        if (!this.#unsaved.has(conversion.mac)) this.#unsaved.set(conversion.mac, conversion)
      }
      throw error
    }
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
      Math.max(0, atMs - this.#parts.nowMs()),
    )
  }
}
