import type { Rollout, RolloutStore } from '../../conversion/rollout.ts'
import type { RolloutEffect, RolloutEvent } from '../../conversion/rollout-events.ts'
import type { Mac } from '../../net/mac.ts'
import { DeadlineTimer } from '../deadline-timer.ts'
import { SaveQueue } from '../save-queue.ts'
import type { StartTimer } from '../start-timer.ts'
import type { Subscribers } from '../subscribers.ts'

/** What the runner joins. */
export type RolloutRunnerParts = {
  readonly store: RolloutStore
  /** By the id of the roll-out. */
  readonly changes: Subscribers<string>
  readonly nowMs: () => number
  readonly startTimer: StartTimer
  readonly onEvent: (event: RolloutEvent, nowMs: number) => void
  readonly onConversion: (mac: Mac, nowMs: number) => void
  readonly onWake: (nowMs: number) => void
  readonly onFault: (error: unknown) => void
}

/**
 * Carries out what the roll-out engine asks for: stores, notifies observers, keeps one timer;
 * and tells the engine of conversions that have changed.
 */
export class RolloutRunner {
  readonly #parts: RolloutRunnerParts
  readonly #unsaved: SaveQueue<string, Rollout | null>
  readonly #timer: DeadlineTimer
  readonly #changed = new Set<Mac>()

  constructor(parts: RolloutRunnerParts) {
    this.#parts = parts
    this.#unsaved = new SaveQueue({
      save: (batch) => parts.store.save(batch),
      onFault: parts.onFault,
      startTimer: parts.startTimer,
    })
    this.#timer = new DeadlineTimer(parts, parts.onWake)
  }

  /** Passed to the engine as its output. */
  readonly run = (effects: readonly RolloutEffect[]): void => {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'rollout-changed':
          this.#change(effect.rollout.id, effect.rollout)
          break
        case 'rollout-deleted':
          this.#change(effect.id, null)
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

  /** A phone's conversion has changed: the engine is told when the call that changed it is over. */
  conversionChanged(mac: Mac): void {
    if (this.#changed.size === 0) queueMicrotask(() => this.#notifyEngine())
    this.#changed.add(mac)
  }

  /** Resolves when all that changed so far is on disk; rejects where it could not be written. */
  saved(): Promise<void> {
    return this.#unsaved.saved()
  }

  /** Ends the timer and writes what is left; rejects where it could not be written. */
  close(): Promise<void> {
    this.#timer.close()
    return this.#unsaved.close()
  }

  #change(id: string, rollout: Rollout | null): void {
    this.#unsaved.put(id, rollout)
    this.#parts.changes.announce(id)
  }

  #notifyEngine(): void {
    const macs = [...this.#changed]
    this.#changed.clear()
    for (const mac of macs) this.#parts.onConversion(mac, this.#parts.nowMs())
  }
}
