import type { ClientLookup } from '../src/conversion/boot-view.ts'
import type { Inventory } from '../src/inventory/inventory.ts'
import type { LeaseBook } from '../src/leases/lease-book.ts'
import { type Subnet, subnetContains } from '../src/net/subnet.ts'
import type { NetworkSettings } from '../src/settings/settings.ts'

/**
 * Who is at an address: by its lease, else the enrolled phone whose fixed address it is, because a
 * phone may have been given that one by hand.
 */
export function clientLookup(
  networks: readonly NetworkSettings[],
  book: LeaseBook,
  inventory: Inventory,
): ClientLookup {
  // Networks of a configuration do not overlap: at most one holds an address.
  const known = networks.map(({ name, address, subnet, admit }) => ({
    subnet: subnet as Subnet,
    network: { name, address, admitsAnyone: admit === 'anyone' },
  }))
  return {
    networkAt: (address) => known.find(({ subnet }) => subnetContains(subnet, address))?.network,
    macAt: (address, nowMs) => {
      const binding = book.clientAt(address, nowMs)
      if (binding !== undefined) return binding.mac ?? undefined
      return inventory.phoneAt(address)?.mac
    },
  }
}
