import { type Ipv4, ipv4Plus } from '../net/ipv4.ts'
import { broadcastOf, isHostAddress, type Subnet } from '../net/subnet.ts'

/** A range of addresses, both ends included. */
export type AddressRange = { readonly first: Ipv4; readonly last: Ipv4 }

/**
 * The dynamic addresses of one scope, handed out once each in ascending order.
 *
 * It keeps no state for single addresses, so a pool of any size costs the same. What happens to
 * an address after its first use is for the {@link TimeQueue} to know.
 */
export class Pool {
  readonly #ranges: readonly AddressRange[]
  readonly #subnet: Subnet
  readonly #excluded: ReadonlySet<Ipv4>
  #range = 0
  #offset = 0

  /**
   * @param excluded - Addresses inside the ranges that belong to no client: our own, for one.
   */
  constructor(ranges: readonly AddressRange[], subnet: Subnet, excluded: ReadonlySet<Ipv4>) {
    this.#ranges = joined(ranges.map((range) => clipped(range, subnet)))
    this.#subnet = subnet
    this.#excluded = excluded
  }

  /** Whether the address may be given to a client of this pool. */
  contains(address: Ipv4): boolean {
    if (!this.#isUsable(address)) return false
    return this.#ranges.some(({ first, last }) => address >= first && address <= last)
  }

  /** Addresses in the ranges; those that no client can have count too. */
  get size(): number {
    return this.#ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0)
  }

  /** The next address that was never returned before; undefined when all were. */
  next(): Ipv4 | undefined {
    for (;;) {
      const range = this.#ranges[this.#range]
      if (range === undefined) return undefined
      const address = ipv4Plus(range.first, this.#offset)
      if (this.#offset < range.last - range.first) {
        this.#offset++
      } else {
        this.#range++
        this.#offset = 0
      }
      if (this.#isUsable(address)) return address
    }
  }

  #isUsable(address: Ipv4): boolean {
    return isHostAddress(this.#subnet, address) && !this.#excluded.has(address)
  }
}

/** The part of the range inside the subnet; reversed, so empty, where there is none. */
function clipped({ first, last }: AddressRange, subnet: Subnet): AddressRange {
  const broadcast = broadcastOf(subnet)
  return {
    first: first < subnet.base ? subnet.base : first,
    last: last > broadcast ? broadcast : last,
  }
}

/** The ranges in ascending order, those that meet or overlap made one, reversed ones left out. */
function joined(ranges: readonly AddressRange[]): readonly AddressRange[] {
  const sorted = ranges.filter(({ first, last }) => first <= last).sort((a, b) => a.first - b.first)
  const result: AddressRange[] = []
  for (const range of sorted) {
    const previous = result.at(-1)
    if (previous === undefined || range.first > previous.last + 1) {
      result.push(range)
    } else if (range.last > previous.last) {
      result[result.length - 1] = { first: previous.first, last: range.last }
    }
  }
  return result
}
