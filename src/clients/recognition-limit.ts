const MINUTE_MS = 60_000

/** Bounds how many recognitions begin on one network within a minute. */
export class RecognitionLimit {
  readonly #perMinute: number
  readonly #minutes = new Map<string, { readonly beganAtMs: number; count: number }>()

  constructor(perMinute: number) {
    this.#perMinute = perMinute
  }

  /** Whether one more may begin now; it counts if so. */
  take(network: string, nowMs: number): boolean {
    const minute = this.#minutes.get(network)
    if (minute === undefined || nowMs - minute.beganAtMs >= MINUTE_MS) {
      this.#minutes.set(network, { beganAtMs: nowMs, count: 1 })
      return true
    }
    if (minute.count >= this.#perMinute) return false
    minute.count++
    return true
  }
}
