import type { StartTimer } from './start-timer.ts'

/** What a timer of Node can wait, about 24 days; a longer wait is cut into such, in milliseconds. */
const MAX_DELAY_MS = 2_147_483_647

/** What a deadline timer runs on. */
export type DeadlineTimerParts = {
  readonly nowMs: () => number
  readonly startTimer: StartTimer
  /** Times are rounded up to this many milliseconds, so that few wait; 1 if left out. */
  readonly stepMs?: number
}

/** One timer for many times: calls once for each of them, and never before the first is due. */
export class DeadlineTimer {
  readonly #parts: DeadlineTimerParts
  readonly #onDue: (nowMs: number) => void
  readonly #times = new Set<number>()
  #stopTimer: (() => void) | null = null
  #armedForMs = Number.POSITIVE_INFINITY
  #isClosed = false

  constructor(parts: DeadlineTimerParts, onDue: (nowMs: number) => void) {
    this.#parts = parts
    this.#onDue = onDue
  }

  /** Asks for a call at a time, besides those asked for before; one in the past is due at once. */
  wakeAt(atMs: number): void {
    if (this.#isClosed) return
    const { stepMs = 1 } = this.#parts
    const roundedMs = Math.ceil(atMs / stepMs) * stepMs
    this.#times.add(roundedMs)
    if (roundedMs < this.#armedForMs) this.#arm(roundedMs)
  }

  /** The same for an engine that asks again after each call: only the earliest time is kept. */
  wakeBy(atMs: number): void {
    if (atMs >= this.#armedForMs) return
    this.#times.clear()
    this.wakeAt(atMs)
  }

  /** Forgets all times. */
  clear(): void {
    this.#times.clear()
    this.#stopTimer?.()
    this.#armedForMs = Number.POSITIVE_INFINITY
  }

  /** Forgets all times, and takes no more. */
  close(): void {
    this.#isClosed = true
    this.clear()
  }

  #arm(atMs: number): void {
    const { nowMs, startTimer } = this.#parts
    this.#stopTimer?.()
    this.#armedForMs = atMs
    const delayMs = Math.min(Math.max(0, atMs - nowMs()), MAX_DELAY_MS)
    this.#stopTimer = startTimer(() => this.#fire(), delayMs, true)
  }

  /** The clock may have been set back meanwhile, or the wait was cut: what is not due stays. */
  #fire(): void {
    const nowMs = this.#parts.nowMs()
    this.#armedForMs = Number.POSITIVE_INFINITY
    let isDue = false
    for (const time of this.#times) {
      if (time > nowMs) continue
      this.#times.delete(time)
      isDue = true
    }
    if (isDue) this.#onDue(nowMs)
    const next = Math.min(...this.#times)
    if (next < this.#armedForMs) this.#arm(next)
  }
}
