import type { StartTimer } from './start-timer.ts'

/** What a timer of Node can hold; a longer wait is cut into such, in milliseconds. */
const MAX_TIMER_MS = 2_147_483_647

/** One timer for an engine that asks to be called by a time, and after the call asks again. */
export class Alarm {
  readonly #nowMs: () => number
  readonly #startTimer: StartTimer
  readonly #onRing: (nowMs: number) => void
  #stopTimer: (() => void) | null = null
  #ringsAtMs = Number.POSITIVE_INFINITY
  #isClosed = false

  constructor(
    { nowMs, startTimer }: { readonly nowMs: () => number; readonly startTimer: StartTimer },
    onRing: (nowMs: number) => void,
  ) {
    this.#startTimer = startTimer
    this.#nowMs = nowMs
    this.#onRing = onRing
  }

  /** Rings by this time, or earlier where an earlier one was asked for. */
  ringBy(atMs: number): void {
    if (this.#isClosed || atMs >= this.#ringsAtMs) return
    this.#stopTimer?.()
    this.#ringsAtMs = atMs
    const delayMs = Math.min(Math.max(0, atMs - this.#nowMs()), MAX_TIMER_MS)
    this.#stopTimer = this.#startTimer(() => this.#ring(), delayMs, true)
  }

  /** Rings no more. */
  close(): void {
    this.#isClosed = true
    this.#stopTimer?.()
  }

  #ring(): void {
    this.#stopTimer = null
    this.#ringsAtMs = Number.POSITIVE_INFINITY
    this.#onRing(this.#nowMs())
  }
}
