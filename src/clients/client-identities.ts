import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import { TokenBucket } from '../net/token-bucket.ts'
import type { Asked } from './asked.ts'
import type { HardwareAnswer } from './hardware-address.ts'

/** Who a client is. */
export type ClientIdentity =
  /** An enrolled phone of the network that the client is on. */
  | { readonly kind: 'phone'; readonly mac: Mac }
  /** Another device, whose MAC address is known. */
  | { readonly kind: 'device'; readonly mac: Mac }
  | { readonly kind: 'unknown' }
  /** It cannot be told yet: no answer at all, and the client asks again. */
  | { readonly kind: 'wait' }

/** What is known of a client when it asks. */
export type ClientFacts = {
  readonly address: Ipv4
  /** The network that holds the address. */
  readonly network: string
  readonly hardware: HardwareAnswer
  /** The client with a live lease of the address: undefined none, null hardware without a MAC address. */
  readonly leaseHolder: Mac | null | undefined
  /** The address is ours or a router's. */
  readonly isPartOfNetwork: boolean
  readonly asked: Asked
  /** Milliseconds of a clock that does not step. */
  readonly nowMs: number
}

/** An enrolled phone, as far as identification depends on it. */
export type IdentifiedPhone = {
  /** The network that it belongs to; null for any. */
  readonly network: string | null
  /** Its fixed address; null if it has none. */
  readonly address: Ipv4 | null
  /** Whether its fixed address alone is proof enough for `OS79XX.TXT`. */
  readonly trustAddress?: true
}

/** The enrolled phones and their leases. */
export interface KnownPhones {
  phone(mac: Mac): IdentifiedPhone | undefined
  /** The enrolled phone whose fixed address this is. */
  phoneAt(address: Ipv4): Mac | undefined
  hasLease(mac: Mac, nowMs: number): boolean
}

/** How long the phone's own name opens names without a MAC, and a RELEASE closes other addresses. */
const TEN_MINUTES_MS = 600_000

/** New recognitions without a lease, on each network: enough for the phones of a building after a power cut. */
const NEW_RECOGNITIONS = { burst: 120, perSecond: 2 }

/** A phone that was recognised without a lease. */
type Recognition = { readonly address: Ipv4; readonly untilMs: number }

/** A lease that its holder gave up: at this address, null for none, the phone may be found as before. */
type GivenUp = { readonly address: Ipv4 | null; readonly untilMs: number }

const UNKNOWN: ClientIdentity = { kind: 'unknown' }
const WAIT: ClientIdentity = { kind: 'wait' }

/**
 * The one rule that decides which phone a client is, for files, secrets and the progress of a conversion.
 *
 * 1. Where the client's hardware address is known it decides, whatever address the client uses and
 *    whatever it asks.
 * 2. Elsewhere a client is the phone whose lease it holds. Without a lease it is a phone from that
 *    phone's fixed address or, for a phone without one, from an address where no other device is known;
 *    from when it asked for a name with the phone's own MAC until it names another MAC, and names
 *    without a MAC only within ten minutes of the phone's own name. A fixed address with `trustAddress`
 *    may begin with `OS79XX.TXT`, which phones without a loader ask before any name of their own.
 *
 * A phone that is enrolled for another network is no enrolled phone here. At most one entry is kept an
 * enrolled phone.
 */
export class ClientIdentities {
  readonly #phones: KnownPhones
  /** What each network may recognise still. */
  readonly #limits = new Map<string, TokenBucket>()
  readonly #recognised = new Map<Mac, Recognition>()
  readonly #byAddress = new Map<Ipv4, Mac>()
  /** Phones whose trusted address was used by a client that named another MAC, and until when it is not trusted. */
  readonly #distrusted = new Map<Mac, number>()
  readonly #givenUp = new Map<Mac, GivenUp>()

  constructor(phones: KnownPhones) {
    this.#phones = phones
  }

  /** Who the client is; what it asked may begin or end a recognition. */
  identify(facts: ClientFacts): ClientIdentity {
    const { hardware } = facts
    switch (hardware.kind) {
      case 'found':
        return this.#phoneOrDevice(hardware.mac, facts.network)
      case 'resolving':
        return WAIT
      case 'own':
        return UNKNOWN
      case 'none':
        return this.#byLeaseOrName(facts)
      /* c8 ignore next 2 -- the compiler proves that there is no other value */
      default:
        return hardware satisfies never
    }
  }

  /**
   * Whether a phone that was known at this address for another reason, such as its registration, may
   * still be there: no other device is known to be, and nothing says that the phone is elsewhere. What
   * hardware is there has been asked before.
   */
  mayStayAt(mac: Mac, facts: ClientFacts): boolean {
    if (facts.leaseHolder !== undefined || facts.isPartOfNetwork) return false
    return this.#mayBe(mac, facts)
  }

  /**
   * A phone's lease has ended by RELEASE or DECLINE. Its files stay closed to other addresses for ten
   * minutes: a forged message must not open them by name.
   *
   * @param address - The released one; null after a DECLINE, when another device is at the address.
   */
  onLeaseGivenUp(mac: Mac, address: Ipv4 | null, nowMs: number): void {
    if (this.#phones.phone(mac) === undefined) return
    this.#givenUp.set(mac, { address, untilMs: nowMs + TEN_MINUTES_MS })
  }

  /** A phone is no longer enrolled: nothing is kept of it. */
  forget(mac: Mac): void {
    this.#end(mac)
    this.#distrusted.delete(mac)
    this.#givenUp.delete(mac)
  }

  #byLeaseOrName(facts: ClientFacts): ClientIdentity {
    const { leaseHolder, isPartOfNetwork, asked } = facts
    if (leaseHolder !== undefined || isPartOfNetwork) {
      // A phone recognised here before another device was known to be here has left.
      const recognised = this.#byAddress.get(facts.address)
      if (recognised !== undefined && recognised !== leaseHolder) this.#end(recognised)
      const isKnown = leaseHolder !== undefined && leaseHolder !== null
      return isKnown ? this.#phoneOrDevice(leaseHolder, facts.network) : UNKNOWN
    }
    switch (asked.kind) {
      case 'named':
        return this.#byName(asked.mac, asked.isPhoneForm, facts)
      case 'os79xx':
        return this.#byTrustedAddress(facts)
      case 'unnamed':
        return this.#recognisedAt(facts)
      /* c8 ignore next 2 -- the compiler proves that there is no other value */
      default:
        return asked satisfies never
    }
  }

  #phoneOrDevice(mac: Mac, network: string): ClientIdentity {
    return { kind: this.#belongsTo(mac, network) ? 'phone' : 'device', mac }
  }

  #belongsTo(mac: Mac, network: string): boolean {
    const phone = this.#phones.phone(mac)
    return phone !== undefined && (phone.network === null || phone.network === network)
  }

  #byName(mac: Mac, isPhoneForm: boolean, facts: ClientFacts): ClientIdentity {
    const { address, nowMs } = facts
    const here = this.#byAddress.get(address)
    if (here !== undefined && here !== mac) this.#end(here)
    const owner = this.#phones.phoneAt(address)
    if (owner !== undefined && owner !== mac) this.#distrusted.set(owner, nowMs + TEN_MINUTES_MS)
    if (!isPhoneForm) return this.#recognisedAt(facts)
    if (!this.#mayBe(mac, facts)) return UNKNOWN
    this.#distrusted.delete(mac)
    return this.#recognise(mac, facts)
  }

  #byTrustedAddress(facts: ClientFacts): ClientIdentity {
    const recognised = this.#recognisedAt(facts)
    if (recognised.kind === 'phone') return recognised
    const mac = this.#phones.phoneAt(facts.address)
    if (mac === undefined || this.#phones.phone(mac)?.trustAddress !== true) return UNKNOWN
    if (facts.nowMs < (this.#distrusted.get(mac) ?? 0)) return UNKNOWN
    return this.#mayBe(mac, facts) ? this.#recognise(mac, facts) : UNKNOWN
  }

  #recognisedAt(facts: ClientFacts): ClientIdentity {
    const mac = this.#byAddress.get(facts.address)
    if (mac === undefined) return UNKNOWN
    if (this.#isOpen(mac, facts) && this.#mayBe(mac, facts)) return { kind: 'phone', mac }
    this.#end(mac)
    return UNKNOWN
  }

  /** Whether the phone can be at this address without a lease of it. */
  #mayBe(mac: Mac, { address, network, nowMs }: ClientFacts): boolean {
    const phone = this.#phones.phone(mac)
    if (phone === undefined || !this.#belongsTo(mac, network)) return false
    if (phone.address !== null) return phone.address === address
    if (this.#phones.phoneAt(address) !== undefined) return false
    if (this.#phones.hasLease(mac, nowMs)) return false
    const givenUp = this.#givenUp.get(mac)
    return givenUp === undefined || givenUp.address === address || nowMs >= givenUp.untilMs
  }

  #recognise(mac: Mac, { address, network, nowMs }: ClientFacts): ClientIdentity {
    const before = this.#recognised.get(mac)
    const isOpen = before !== undefined && nowMs < before.untilMs
    // No device takes the place of an active phone: one phone has one such address.
    if (isOpen && before.address !== address) return UNKNOWN
    // Silence, not "file not found": a phone that is told so goes on without its configuration.
    if (!isOpen && !this.#limitOf(network).take(nowMs)) return WAIT
    this.#end(mac)
    this.#recognised.set(mac, { address, untilMs: nowMs + TEN_MINUTES_MS })
    this.#byAddress.set(address, mac)
    return { kind: 'phone', mac }
  }

  #limitOf(network: string): TokenBucket {
    const limit = this.#limits.get(network) ?? new TokenBucket(NEW_RECOGNITIONS)
    this.#limits.set(network, limit)
    return limit
  }

  #isOpen(mac: Mac, { nowMs }: ClientFacts): boolean {
    const recognition = this.#recognised.get(mac)
    return recognition !== undefined && nowMs < recognition.untilMs
  }

  #end(mac: Mac): void {
    const recognition = this.#recognised.get(mac)
    this.#recognised.delete(mac)
    if (recognition !== undefined) this.#byAddress.delete(recognition.address)
  }
}
