import type { Conversion, ConversionStore } from '../../conversion/conversion.ts'
import type { ConversionEffect, ConversionEvent } from '../../conversion/events.ts'
import type { SeenPhone, SeenStore } from '../../conversion/seen-table.ts'
import type { Mac } from '../../net/mac.ts'
import { DeadlineTimer } from '../deadline-timer.ts'
import { SaveQueue } from '../save-queue.ts'
import type { StartTimer } from '../start-timer.ts'
import type { Subscribers } from '../subscribers.ts'

/** What the runner joins. */
export type ConversionRunnerParts = {
  readonly store: ConversionStore
  readonly seenStore: SeenStore
  readonly changes: Subscribers<Mac>
  readonly nowMs: () => number
  readonly startTimer: StartTimer
  readonly onEvent: (event: ConversionEvent, nowMs: number) => void
  readonly onWake: (nowMs: number) => void
  readonly onFault: (error: unknown) => void
}

/**
 * Carries out what the conversion engine asks for: stores the newest state of each changed
 * conversion and what phones were seen to run, notifies observers, and keeps one timer.
 */
export class ConversionRunner {
  readonly #parts: ConversionRunnerParts
  readonly #unsaved: SaveQueue<Mac, Conversion>
  readonly #unsavedSeen: SaveQueue<Mac, SeenPhone | null>
  readonly #timer: DeadlineTimer

  constructor(parts: ConversionRunnerParts) {
    this.#parts = parts
    this.#unsaved = new SaveQueue({
      save: (batch) => parts.store.save([...batch.values()]),
      onFault: parts.onFault,
      startTimer: parts.startTimer,
    })
    this.#unsavedSeen = new SaveQueue({
      save: (batch) => parts.seenStore.save(batch),
      onFault: parts.onFault,
      startTimer: parts.startTimer,
    })
    this.#timer = new DeadlineTimer(parts, parts.onWake)
  }

  /** Passed to the engine as its output. */
  readonly run = (effects: readonly ConversionEffect[]): void => {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'changed':
          if (effect.durable) this.#unsaved.put(effect.conversion.mac, effect.conversion)
          this.#parts.changes.announce(effect.conversion.mac)
          break
        case 'seen':
          this.#unsavedSeen.put(effect.mac, effect.seen)
          break
        case 'ask-page':
          // For observers of conversions: nothing is stored.
          break
        case 'event':
          this.#parts.onEvent(effect.event, this.#parts.nowMs())
          break
        case 'wake':
          this.#timer.wakeBy(effect.atMs)
          break
        /* c8 ignore next 2 -- the compiler proves that there is no other value */
        default:
          effect satisfies never
      }
    }
  }

  /** Resolves when all that changed so far is on disk; rejects where it could not be written. */
  saved(): Promise<void> {
    return this.#unsaved.saved()
  }

  /** Ends the timers and writes what is left; rejects where it could not be written. */
  async close(): Promise<void> {
    this.#timer.close()
    await Promise.all([this.#unsaved.close(), this.#unsavedSeen.close()])
  }
}
