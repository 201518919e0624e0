import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'

/**
 * The addresses on record of each MAC address: one, or a few where a device is on several networks
 * or names itself in several ways. As large as the lease table, and no larger.
 */
export class AddressesByMac {
  /** Nearly every device has one, which then needs no list. */
  readonly #addresses = new Map<Mac, Ipv4 | readonly Ipv4[]>()

  /** How many MAC addresses have any. */
  get size(): number {
    return this.#addresses.size
  }

  /** In the order in which they were added; empty if none. */
  of(mac: Mac): readonly Ipv4[] {
    const known = this.#addresses.get(mac)
    if (known === undefined) return NONE
    return typeof known === 'number' ? [known] : known
  }

  /** Null is hardware that has no MAC address, and is left out. */
  add(mac: Mac | null, address: Ipv4): void {
    if (mac === null) return
    const known = this.of(mac)
    if (known.length === 0) this.#addresses.set(mac, address)
    else if (!known.includes(address)) this.#addresses.set(mac, [...known, address])
  }

  remove(mac: Mac | null, address: Ipv4): void {
    if (mac === null) return
    const rest = this.of(mac).filter((other) => other !== address)
    if (rest.length === 0) this.#addresses.delete(mac)
    else this.#addresses.set(mac, rest)
  }
}

const NONE: readonly Ipv4[] = []
