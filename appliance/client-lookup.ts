import type { ClientLookup } from '../src/conversion/boot-view.ts'
import { TypedInAddresses } from '../src/conversion/typed-in-addresses.ts'
import type { Inventory } from '../src/inventory/inventory.ts'
import type { LeaseBook } from '../src/leases/lease-book.ts'
import type { Ipv4 } from '../src/net/ipv4.ts'
import { type Subnet, subnetContains } from '../src/net/subnet.ts'
import type { NetworkSettings } from '../src/settings/settings.ts'

/**
 * Who is at an address: by its lease, else the enrolled phone whose fixed address it is, because a
 * phone may have been given that one by hand; else the phone that asked for its own file from there.
 */
export function clientLookup(
  networks: readonly NetworkSettings[],
  book: LeaseBook,
  inventory: Inventory,
): ClientLookup & { readonly replaceNetworks: (networks: readonly NetworkSettings[]) => void } {
  let known = networks.map(placeOf)
  let partsOfNetworks = new Set(networks.flatMap(partsOf))
  const networkAt = (address: Ipv4) =>
    known.find(({ subnet }) => subnetContains(subnet, address))?.network
  const typedIn = new TypedInAddresses({
    isTaken: (address, nowMs) =>
      partsOfNetworks.has(address) ||
      book.clientAt(address, nowMs) !== undefined ||
      inventory.phoneAt(address) !== undefined,
    hasLease: (mac, nowMs) => book.hasLease(mac, nowMs),
  })
  return {
    replaceNetworks: (edited) => {
      known = edited.map(placeOf)
      partsOfNetworks = new Set(edited.flatMap(partsOf))
    },
    networkAt,
    recognise: (address, mac, nowMs) => {
      const phone = inventory.phone(mac)
      const network = networkAt(address)
      if (phone === undefined || network === undefined) return false
      if (phone.network !== null && phone.network !== network.name) return false
      return typedIn.claim(address, mac, nowMs)
    },
    macAt: (address, nowMs) => {
      const binding = book.clientAt(address, nowMs)
      if (binding !== undefined) return binding.mac ?? undefined
      return inventory.phoneAt(address)?.mac ?? typedIn.macAt(address, nowMs)
    },
  }
}

/** Networks of a configuration do not overlap: at most one holds an address. */
function placeOf({ name, address, subnet, admit }: NetworkSettings) {
  return {
    subnet: subnet as Subnet,
    network: { name, address, admitsAnyone: admit === 'anyone' },
  }
}

/** Addresses of a network that are no phone's. */
function partsOf({ address, router = [] }: NetworkSettings): readonly Ipv4[] {
  return [address, ...router]
}
