import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import type { Subnet } from '../net/subnet.ts'
import type { ClientKey } from './binding.ts'
import type { AddressRange } from './pool.ts'
import type { Reservation } from './reservation.ts'

/** What the lease table must know of one scope. Scopes do not share addresses. */
export type LeaseScope = {
  readonly name: string
  readonly subnet: Subnet
  /** Ours on this subnet: never given to a client. */
  readonly address: Ipv4
  /** Other appliances on this subnet: not given to a client either. */
  readonly peers: readonly Ipv4[]
  readonly pools: readonly AddressRange[]
  /** Inside or outside the pools; each inside the subnet. */
  readonly reservations: readonly Reservation[]
  /**
   * How long an address rests after a lease before another client gets it, milliseconds (rule R2 of
   * ARCHITECTURE.md): clocks of appliances that share leases may differ. Left out: not at all.
   */
  readonly reuseAfterMs?: number
}

/** Who asks, as far as addresses are concerned. */
export type LeaseClient = {
  readonly key: ClientKey
  /** Null for hardware that is not Ethernet. */
  readonly mac: Mac | null
  /** The fixed address of an enrolled phone on this scope; null if it has none. */
  readonly fixedAddress: Ipv4 | null
}
