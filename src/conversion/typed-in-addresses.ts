import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'

/** What a claim is held against. */
export type ClaimGround = {
  /** Somebody is known to be there: by a live lease, a fixed address, or as a part of the network. */
  isTaken(address: Ipv4, nowMs: number): boolean
  /** The phone has a live lease, so it asks from that address and from no other. */
  hasLease(mac: Mac, nowMs: number): boolean
}

/** A phone that is silent for so long may have got another address. */
const CLAIM_MS = 600_000

type Claim = { readonly address: Ipv4; readonly untilAtMs: number }

/**
 * Phones whose address was typed in, recognised by the file names that carry their MAC address.
 *
 * The rule, because such a name is all the proof there is: the MAC is that of an enrolled phone of this
 * network (the caller sees to that), the address is nobody else's, the phone holds no lease, one phone
 * has one such address, and one address one phone, until ten minutes have passed without a request. So
 * a device that tries all names from its own address gets the files of one phone at most, and none of a
 * phone that is at work. One entry an enrolled phone at most.
 */
export class TypedInAddresses {
  readonly #ground: ClaimGround
  readonly #claims = new Map<Mac, Claim>()
  readonly #byAddress = new Map<Ipv4, Mac>()

  constructor(ground: ClaimGround) {
    this.#ground = ground
  }

  /** Whose the address is by an earlier claim; a request from there prolongs it. */
  macAt(address: Ipv4, nowMs: number): Mac | undefined {
    const mac = this.#byAddress.get(address)
    if (mac === undefined) return undefined
    const { untilAtMs } = this.#claims.get(mac) as Claim
    if (nowMs < untilAtMs && !this.#isRefused(address, mac, nowMs)) return mac
    this.#drop(mac)
    return undefined
  }

  /** Whether the phone of an enrolled MAC address may be taken to be at this address from now on. */
  claim(address: Ipv4, mac: Mac, nowMs: number): boolean {
    if (this.#isRefused(address, mac, nowMs)) return false
    const holder = this.macAt(address, nowMs)
    if (holder !== undefined && holder !== mac) return false
    const before = this.#claims.get(mac)
    if (before !== undefined && before.address !== address) {
      if (nowMs < before.untilAtMs) return false
      this.#drop(mac)
    }
    this.#claims.set(mac, { address, untilAtMs: nowMs + CLAIM_MS })
    this.#byAddress.set(address, mac)
    return true
  }

  #isRefused(address: Ipv4, mac: Mac, nowMs: number): boolean {
    return this.#ground.isTaken(address, nowMs) || this.#ground.hasLease(mac, nowMs)
  }

  #drop(mac: Mac): void {
    const claim = this.#claims.get(mac)
    this.#claims.delete(mac)
    if (claim !== undefined) this.#byAddress.delete(claim.address)
  }
}
