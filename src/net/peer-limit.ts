import { type Allowance, TokenBucket } from './token-bucket.ts'

/** Peers that are told apart; of more than that those that came first are forgotten. */
const MOST_PEERS = 1024

/**
 * How much of one kind is written down: what any device on the network can cause without end must fill
 * neither the log nor the journal. Each peer has its own allowance, so that one cannot hide another,
 * and all have one together. What is left out is counted, to be told with the next that is written.
 *
 * Times are milliseconds; a clock that goes back allows nothing.
 */
export class PeerLimit {
  readonly #each: Allowance
  readonly #all: TokenBucket
  readonly #peers = new Map<string, TokenBucket>()
  #leftOut = 0

  constructor(each: Allowance, all: Allowance) {
    this.#each = each
    this.#all = new TokenBucket(all)
  }

  /** Null where this one is to be left out, else how many were left out since the last one taken. */
  take(peer: string, nowMs: number): number | null {
    const own = this.#bucketOf(peer)
    if (!own.take(nowMs) || !this.#all.take(nowMs)) {
      this.#leftOut++
      return null
    }
    return this.#resetLeftOut()
  }

  /** How many were left out and have not been told of, once there is room to tell; 0 until then. */
  takeLeftOut(nowMs: number): number {
    if (this.#leftOut === 0 || !this.#all.take(nowMs)) return 0
    return this.#resetLeftOut()
  }

  #resetLeftOut(): number {
    const leftOut = this.#leftOut
    this.#leftOut = 0
    return leftOut
  }

  #bucketOf(peer: string): TokenBucket {
    const known = this.#peers.get(peer)
    if (known !== undefined) return known
    const [oldest] = this.#peers.keys()
    if (this.#peers.size >= MOST_PEERS && oldest !== undefined) this.#peers.delete(oldest)
    const bucket = new TokenBucket(this.#each)
    this.#peers.set(peer, bucket)
    return bucket
  }
}
