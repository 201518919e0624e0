import type { Ipv4 } from '../net/ipv4.ts'

/** Replies that one source may provoke at once, and then each second. */
const BURST = 10
const PER_SECOND = 10
/** Sources that are remembered; the one silent for longest is forgotten first. */
const MAX_SOURCES = 1024

type Allowance = { replies: number; readonly atMs: number }

/**
 * How many ERROR replies a source may provoke: a flood of nonsense must not become a flood of
 * answers, least of all to an address that did not send it. `File not found` is not limited here:
 */
export class ErrorLimit {
  /** Longest silent first. */
  readonly #allowances = new Map<Ipv4, Allowance>()

  /** Whether the source may be answered now; counts the answer. */
  allows(source: Ipv4, nowMs: number): boolean {
    const before = this.#allowances.get(source) ?? { replies: BURST, atMs: nowMs }
    const grownBy = ((nowMs - before.atMs) / 1000) * PER_SECOND
    const replies = Math.min(BURST, before.replies + grownBy)
    const isAllowed = replies >= 1
    this.#allowances.delete(source)
    this.#allowances.set(source, { replies: isAllowed ? replies - 1 : replies, atMs: nowMs })
    if (this.#allowances.size > MAX_SOURCES) {
      const [oldest] = this.#allowances.keys()
      this.#allowances.delete(oldest as Ipv4)
    }
    return isAllowed
  }
}
