/** What a timer of Node can hold; a longer wait is cut into such, in milliseconds. */
const MAX_TIMER_MS = 2_147_483_647

/** One timer for an engine that asks to be called by a time, and after the call asks again. */
export class Alarm {
  readonly #nowMs: () => number
  readonly #onRing: (nowMs: number) => void
  #timer: NodeJS.Timeout | null = null
  #ringsAtMs = Number.POSITIVE_INFINITY
  #isClosed = false

  constructor(nowMs: () => number, onRing: (nowMs: number) => void) {
    this.#nowMs = nowMs
    this.#onRing = onRing
  }

  /** Rings by this time, or earlier where an earlier one was asked for. */
  ringBy(atMs: number): void {
    if (this.#isClosed || atMs >= this.#ringsAtMs) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#ringsAtMs = atMs
    const delayMs = Math.min(Math.max(0, atMs - this.#nowMs()), MAX_TIMER_MS)
    this.#timer = setTimeout(() => this.#ring(), delayMs)
  }

  /** Rings no more. */
  close(): void {
    this.#isClosed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  #ring(): void {
    this.#timer = null
    this.#ringsAtMs = Number.POSITIVE_INFINITY
    this.#onRing(this.#nowMs())
  }
}
