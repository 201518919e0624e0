import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import type { LeaseClient, LeaseScope } from './lease-scope.ts'

/**
 * An address fixed to one client. By hardware address even where the client sends option 61:
 * RFC 4361 section 6.3 allows it for what an administrator typed in.
 */
export type Reservation = { readonly mac: Mac; readonly address: Ipv4 }

/** The fixed addresses that are not in the configuration file: those of enrolled phones. */
export interface FixedAddresses {
  /** Whose fixed address this is; asked often, so it must be a table lookup. */
  ownerOf(address: Ipv4): Mac | undefined
}

/** Who owns which address of one scope, looked up both ways. */
export class ReservationTable {
  readonly #byMac = new Map<Mac, Ipv4>()
  readonly #byAddress = new Map<Ipv4, Mac>()
  readonly #fixed: FixedAddresses

  /** Of two reservations for one address or one client, the first counts. */
  constructor(scope: LeaseScope, fixed: FixedAddresses) {
    this.#fixed = fixed
    for (const { mac, address } of scope.reservations) {
      if (this.#byMac.has(mac) || this.#byAddress.has(address)) continue
      this.#byMac.set(mac, address)
      this.#byAddress.set(address, mac)
    }
  }

  /** The client's own address; the enrolled phone's goes before the configuration file's. */
  addressOf(client: LeaseClient): Ipv4 | undefined {
    if (client.fixedAddress !== null) return client.fixedAddress
    return client.mac === null ? undefined : this.#byMac.get(client.mac)
  }

  /** Whether the configuration file names the client. */
  has(mac: Mac): boolean {
    return this.#byMac.has(mac)
  }

  isReserved(address: Ipv4): boolean {
    return this.#ownerOf(address) !== undefined
  }

  /** Whether the address belongs to another client. */
  isForAnother(address: Ipv4, client: LeaseClient): boolean {
    const owner = this.#ownerOf(address)
    return owner !== undefined && owner !== client.mac
  }

  #ownerOf(address: Ipv4): Mac | undefined {
    return this.#fixed.ownerOf(address) ?? this.#byAddress.get(address)
  }
}
