/** When an unanswered packet is sent again, and how often. Times in milliseconds. */
export type RetryPolicy = {
  /** The first wait, before anything is known of the way to the client. */
  readonly baseMs: number
  /**
   * A wait never becomes shorter than this, however quick the client is. RFC 6298 section 2.4 wants
   * a second: a client that has acknowledged each block within a millisecond goes away to write its
   * flash all the same, and what is then repeated, a whole window of it, is in its way.
   */
  readonly minMs: number
  /** Nor longer than this, unless the client asked for it. */
  readonly maxMs: number
  /**
   * Times that one packet is sent before the client has acknowledged anything. Small, since a
   * request may carry a forged address: three DATA packets of 516 bytes answer a request of
   * 10 at least, so a forged request is amplified by 155 in payload and by 43 in IP packets at the
   * very worst; 74 and 33 for a name of twelve letters.
   */
  readonly attemptsBeforeFirstAck: number
  /** Times that one packet is sent later on. */
  readonly attempts: number
}

/** Patience of about 50 s in the middle of a file: a phone may be busy with its flash. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  baseMs: 1000,
  minMs: 1000,
  maxMs: 8000,
  attemptsBeforeFirstAck: 3,
  attempts: 8,
}

/**
 * How long to wait for an acknowledgement: adapted to the round trips seen (RFC 6298 section 2)
 * and doubled with each repetition (RFC 1123 section 4.2.3.2).
 */
export class RetransmissionTimer {
  readonly #policy: RetryPolicy
  readonly #fixedMs: number | null
  #smoothedMs = -1
  #variationMs = 0
  #sentAtMs = 0
  #attempts = 0
  #deadlineMs = 0

  /** @param fixedMs - The interval that the client asked for (RFC 2349); null: adapt. */
  constructor(policy: RetryPolicy, fixedMs: number | null) {
    this.#policy = policy
    this.#fixedMs = fixedMs
  }

  /** When the wait is over. */
  get deadlineMs(): number {
    return this.#deadlineMs
  }

  /** How often the packet that waits was sent. */
  get attempts(): number {
    return this.#attempts
  }

  /** Something new was sent. */
  sent(nowMs: number): void {
    this.#attempts = 1
    this.#sentAtMs = nowMs
    this.#deadlineMs = nowMs + this.#intervalMs()
  }

  /** The same was sent again. */
  sentAgain(nowMs: number): void {
    const longestMs = Math.max(this.#policy.maxMs, this.#fixedMs ?? 0)
    const waitMs = Math.min(longestMs, this.#intervalMs() * 2 ** this.#attempts)
    this.#attempts++
    this.#deadlineMs = nowMs + waitMs
  }

  /** What was sent has been acknowledged. */
  acknowledged(nowMs: number): void {
    // RFC 6298 section 3 (Karn): after a repetition it is unknown which one was acknowledged.
    if (this.#attempts !== 1) return
    const tripMs = nowMs - this.#sentAtMs
    if (this.#smoothedMs < 0) {
      this.#smoothedMs = tripMs
      this.#variationMs = tripMs / 2
      return
    }
    this.#variationMs += (Math.abs(this.#smoothedMs - tripMs) - this.#variationMs) / 4
    this.#smoothedMs += (tripMs - this.#smoothedMs) / 8
  }

  #intervalMs(): number {
    if (this.#fixedMs !== null) return this.#fixedMs
    const { baseMs, minMs, maxMs } = this.#policy
    if (this.#smoothedMs < 0) return baseMs
    return Math.min(maxMs, Math.max(minMs, this.#smoothedMs + 4 * this.#variationMs))
  }
}
