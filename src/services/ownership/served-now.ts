import type { AuthorityOf } from '../../dhcp/scope-authority.ts'
import type { Inventory } from '../../inventory/inventory.ts'
import type { LeaseTable } from '../../leases/lease-table.ts'
import type { Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'
import type { ServedNetwork } from '../served-network.ts'
import type { ClientLookup } from '../tracking/clients.ts'

/**
 * Whether this appliance answers a TFTP client now: on its network, only the owner does. A client that
 * is on none of the networks is left to the TFTP engine, which refuses it.
 */
export function answersNow(
  lookup: Pick<ClientLookup, 'networkAt'>,
  authorityOf: AuthorityOf,
): (client: Ipv4, nowMs: number) => boolean {
  return (client, nowMs) => {
    const network = lookup.networkAt(client)
    return network === undefined || authorityOf(network.name, nowMs) === 'full'
  }
}

/** What says which phones are ours to act for. */
export type ActingParts = {
  readonly inventory: Pick<Inventory, 'phone'>
  readonly leaseTable: Pick<LeaseTable, 'hasLease'>
  /** As configured now. */
  readonly networks: () => readonly Pick<ServedNetwork, 'leases'>[]
  /** Whether this appliance serves a network. */
  readonly owns: (network: string) => boolean
  readonly nowMs: () => number
}

/**
 * Whether this appliance acts for a phone now (converts, restarts and surveys it): for the phones of
 * the networks that it serves, and for phones without a network that have a lease of it.
 */
export function actingFor(parts: ActingParts): (mac: Mac) => boolean {
  const { inventory, leaseTable, networks, owns, nowMs } = parts
  return (mac) => {
    const network = inventory.phone(mac)?.network ?? null
    if (network !== null) return owns(network)
    if (networks().every(({ leases }) => leases === 'here')) return true
    return leaseTable.hasLease(mac, nowMs())
  }
}
