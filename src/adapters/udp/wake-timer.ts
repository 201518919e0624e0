/**
 * Times are rounded up to this, so that there are never more of them waiting than steps up to the
 * furthest.
 */
const STEP_MS = 20

/** What a Node timer can wait, about 24 days. */
const MAX_DELAY_MS = 0x7fffffff

/** One timer for many times: calls once for each of them, and never before the first is due. */
export class WakeTimer {
  readonly #onDue: (nowMs: number) => void
  readonly #clockMs: () => number
  readonly #times = new Set<number>()
  #timer: NodeJS.Timeout | undefined
  #armedForMs = Number.POSITIVE_INFINITY

  /** @param clockMs - Milliseconds since the epoch. */
  constructor(onDue: (nowMs: number) => void, clockMs: () => number) {
    this.#onDue = onDue
    this.#clockMs = clockMs
  }

  /** Asks for a call at a time; one in the past is due at once. */
  wakeAt(atMs: number): void {
    const roundedMs = Math.ceil(atMs / STEP_MS) * STEP_MS
    this.#times.add(roundedMs)
    if (roundedMs < this.#armedForMs) this.#arm(roundedMs)
  }

  /** Forgets all times. */
  clear(): void {
    this.#times.clear()
    clearTimeout(this.#timer)
    this.#armedForMs = Number.POSITIVE_INFINITY
  }

  #arm(atMs: number): void {
    clearTimeout(this.#timer)
    this.#armedForMs = atMs
    const delayMs = Math.min(Math.max(0, atMs - this.#clockMs()), MAX_DELAY_MS)
    this.#timer = setTimeout(() => this.#fire(), delayMs)
  }

  /** The clock may have been set back meanwhile, or the wait was cut: what is not due stays. */
  #fire(): void {
    const nowMs = this.#clockMs()
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
