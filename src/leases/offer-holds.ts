import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import type { ClientKey } from './binding.ts'

/** An address kept for a client between OFFER and REQUEST (RFC 2131 section 4.3.1). */
export type OfferHold = {
  readonly client: ClientKey
  readonly mac: Mac | null
  readonly address: Ipv4
  /** The lease time that the offer promises, or will. */
  readonly leaseSeconds: number
  /** No other device was found to use the address, or no probe is needed. */
  readonly isCleared: boolean
  readonly heldUntilMs: number
}

/**
 * The offers of one scope: one a client, one an address, bounded in number, so that a flood of
 * made-up clients costs a fixed amount of memory. The oldest makes room.
 */
export class OfferHolds {
  readonly #maxHolds: number
  readonly #byClient = new Map<ClientKey, OfferHold>()
  readonly #byAddress = new Map<Ipv4, OfferHold>()

  /** @param maxHolds - At least 1. */
  constructor(maxHolds: number) {
    this.#maxHolds = maxHolds
  }

  /** Whatever is held for the client, in time or not. */
  of(client: ClientKey): OfferHold | undefined {
    return this.#byClient.get(client)
  }

  /** Whatever is held at the address, in time or not. */
  at(address: Ipv4): OfferHold | undefined {
    return this.#byAddress.get(address)
  }

  all(): Iterable<OfferHold> {
    return this.#byClient.values()
  }

  /** Adds a hold and returns those that had to go: same client, same address, or the oldest. */
  put(hold: OfferHold): readonly OfferHold[] {
    const gone: OfferHold[] = []
    const ofClient = this.#byClient.get(hold.client)
    if (ofClient !== undefined) gone.push(this.drop(ofClient))
    const atAddress = this.#byAddress.get(hold.address)
    if (atAddress !== undefined) gone.push(this.drop(atAddress))
    if (this.#byClient.size >= this.#maxHolds) {
      for (const oldest of this.#byClient.values()) {
        gone.push(this.drop(oldest))
        break
      }
    }
    this.#byClient.set(hold.client, hold)
    this.#byAddress.set(hold.address, hold)
    return gone
  }

  /** Removes a hold of this table and returns it. */
  drop(hold: OfferHold): OfferHold {
    this.#byClient.delete(hold.client)
    this.#byAddress.delete(hold.address)
    return hold
  }
}
