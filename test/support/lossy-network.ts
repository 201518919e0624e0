/** How a network treats each datagram; shares of 1. */
export type NetworkFaults = {
  readonly loss: number
  readonly duplication: number
  /** Held back by up to `jitterMs`, so that later ones overtake. */
  readonly reordering: number
}

/** How long a datagram takes at least, and how much longer one that is held back, in milliseconds. */
const TRIP_MS = 1
const JITTER_MS = 200

/** A datagram on its way, or anything else that happens at a time. */
type Happening = { readonly atMs: number; readonly number: number; readonly happen: () => void }

/**
 * A network in which time is a number: what is to happen happens in order, and faults are drawn by
 * a seeded generator (the constants of Numerical Recipes), the same on every run.
 */
export class LossyNetwork {
  readonly #faults: NetworkFaults
  #pending: Happening[] = []
  #state: number
  #numbered = 0
  nowMs = 0
  lost = 0
  duplicated = 0
  heldBack = 0

  constructor(faults: NetworkFaults, seed: number) {
    this.#faults = faults
    this.#state = seed
  }

  /** Carries a datagram, perhaps not at all, twice, or late. */
  carry(deliver: () => void): void {
    if (this.#chance(this.#faults.loss)) {
      this.lost++
      return
    }
    this.#deliver(deliver)
    if (this.#chance(this.#faults.duplication)) {
      this.duplicated++
      this.#deliver(deliver)
    }
  }

  /** Lets something happen at a time. */
  at(atMs: number, happen: () => void): void {
    this.#pending.push({ atMs, number: this.#numbered++, happen })
  }

  /** Lets time pass until nothing is to happen any more, or `untilMs`. */
  run(untilMs: number): void {
    while (this.#pending.length > 0) {
      const next = this.#pending.reduce((a, b) =>
        b.atMs < a.atMs || (b.atMs === a.atMs && b.number < a.number) ? b : a,
      )
      if (next.atMs > untilMs) return
      this.#pending = this.#pending.filter((happening) => happening !== next)
      this.nowMs = next.atMs
      next.happen()
    }
  }

  #deliver(deliver: () => void): void {
    const isHeldBack = this.#chance(this.#faults.reordering)
    if (isHeldBack) this.heldBack++
    const tripMs = TRIP_MS + (isHeldBack ? this.#random() * JITTER_MS : 0)
    this.at(this.nowMs + tripMs, deliver)
  }

  #chance(share: number): boolean {
    return this.#random() < share
  }

  #random(): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0
    return this.#state / 2 ** 32
  }
}
