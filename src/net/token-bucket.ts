/** So many at once, and then so many a second. */
export type Allowance = { readonly burst: number; readonly perSecond: number }

/**
 * Limits how often something happens: `burst` at once, then `perSecond`. Whatever must be limited is
 * limited by this.
 *
 * Times are milliseconds; a clock that goes back allows nothing.
 */
export class TokenBucket {
  readonly #allowance: Allowance
  #left: number
  #atMs: number | null = null

  constructor(allowance: Allowance) {
    this.#allowance = allowance
    this.#left = allowance.burst
  }

  /** Whether one more may happen now; counts it if so. */
  take(nowMs: number): boolean {
    const { burst, perSecond } = this.#allowance
    const grownBy = (Math.max(0, nowMs - (this.#atMs ?? nowMs)) / 1000) * perSecond
    this.#left = Math.min(burst, this.#left + grownBy)
    this.#atMs = nowMs
    if (this.#left < 1) return false
    this.#left--
    return true
  }
}
