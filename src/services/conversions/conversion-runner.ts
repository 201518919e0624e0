import type { Conversion, ConversionStore } from '../../conversion/conversion.ts'
import type { ConversionEffect, ConversionEvent } from '../../conversion/events.ts'
import type { Mac } from '../../net/mac.ts'
import { Alarm } from '../alarm.ts'
import { SaveQueue } from '../save-queue.ts'
import type { StartTimer } from '../start-timer.ts'
import type { Subscribers } from '../subscribers.ts'

/** What the runner joins. */
export type ConversionRunnerParts = {
  readonly store: ConversionStore
  readonly changes: Subscribers<Mac>
  readonly nowMs: () => number
  readonly startTimer: StartTimer
  readonly onEvent: (event: ConversionEvent, nowMs: number) => void
  readonly onWake: (nowMs: number) => void
  readonly onFault: (error: unknown) => void
}

/**
 * Carries out what the conversion engine asks for: stores the newest state of each changed
 * conversion, tells whoever watches, and keeps one timer.
 */
export class ConversionRunner {
  readonly #parts: ConversionRunnerParts
  readonly #unsaved: SaveQueue<Mac, Conversion>
  readonly #alarm: Alarm

  constructor(parts: ConversionRunnerParts) {
    this.#parts = parts
    this.#unsaved = new SaveQueue({
      save: (batch) => parts.store.save([...batch.values()]),
      onFault: parts.onFault,
      startTimer: parts.startTimer,
    })
    this.#alarm = new Alarm(parts, parts.onWake)
  }

  /** To be given to the desk as its way out. */
  readonly run = (effects: readonly ConversionEffect[]): void => {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'changed':
          if (effect.durable) this.#unsaved.put(effect.conversion.mac, effect.conversion)
          this.#parts.changes.announce(effect.conversion.mac)
          break
        case 'note':
          this.#parts.onEvent(effect.event, this.#parts.nowMs())
          break
        case 'wake':
          this.#alarm.ringBy(effect.atMs)
          break
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
  close(): Promise<void> {
    this.#alarm.close()
    return this.#unsaved.close()
  }
}
