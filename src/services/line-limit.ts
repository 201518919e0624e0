/** Lines that are written at once, and then each second. */
const BURST = 10
const PER_SECOND = 10

/**
 * How many lines of one kind the log takes: what anybody on the network can cause without end must
 * not fill the disk, nor cost a busy server its time.
 */
export class LineLimit {
  #lines = BURST
  #atMs = Number.NEGATIVE_INFINITY
  #leftOut = 0

  /**
   * Counts a line. Null where it is to be left out, else how many were left out since the last one
   * that was written. A clock that goes back gives no lines.
   */
  take(nowMs: number): number | null {
    const grownBy = (Math.max(0, nowMs - this.#atMs) / 1000) * PER_SECOND
    this.#lines = Math.min(BURST, this.#lines + grownBy)
    this.#atMs = nowMs
    if (this.#lines < 1) {
      this.#leftOut++
      return null
    }
    this.#lines--
    const leftOut = this.#leftOut
    this.#leftOut = 0
    return leftOut
  }
}
