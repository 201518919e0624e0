import { TokenBucket } from '../net/token-bucket.ts'

/** Lines that are written at once, and then each second. */
const BURST = 10
const PER_SECOND = 10

/**
 * How many lines of one kind the log takes: what any device on the network can cause without end must
 * not fill the disk, nor cost a busy server its time.
 */
export class LineLimit {
  readonly #lines = new TokenBucket({ burst: BURST, perSecond: PER_SECOND })
  #leftOut = 0

  /**
   * Counts a line. Null where it is to be left out, else how many were left out since the last one
   * that was written. A clock that goes back gives no lines.
   */
  take(nowMs: number): number | null {
    if (!this.#lines.take(nowMs)) {
      this.#leftOut++
      return null
    }
    const leftOut = this.#leftOut
    this.#leftOut = 0
    return leftOut
  }
}
