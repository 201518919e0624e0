import { type Asked, UNNAMED } from '../../clients/asked.ts'
import {
  type ClientFacts,
  ClientIdentities,
  type ClientIdentity,
} from '../../clients/client-identities.ts'
import { type HardwareAddresses, NO_HARDWARE } from '../../clients/hardware-address.ts'
import type { Inventory } from '../../inventory/inventory.ts'
import type { LeaseTable } from '../../leases/lease-table.ts'
import type { Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'
import { type Subnet, subnetContains } from '../../net/subnet.ts'
import type { ServedNetwork } from '../served-network.ts'
import type { ClientLookup } from '../tracking/clients.ts'

/** What is known of clients, and by whom. */
export type ClientSources = {
  readonly leaseTable: LeaseTable
  readonly inventory: Inventory
  /** Left out: no hardware address can be known. */
  readonly hardware?: HardwareAddresses
}

/** Identifies clients on the configured networks. */
export type ClientDirectory = ClientLookup & {
  readonly replaceNetworks: (networks: readonly ServedNetwork[]) => void
  /** Whether a phone that was known at the address before may still be there. */
  readonly mayStayAt: (mac: Mac, address: Ipv4, nowMs: number) => boolean
  /** A phone is no longer enrolled. */
  readonly forget: (mac: Mac) => void
}

/**
 * Gathers what is known of a client and asks the one rule who it is. Leases that were given up before a
 * restart are read from the table, which is loaded by now.
 */
export function clientLookup(
  networks: readonly ServedNetwork[],
  { leaseTable, inventory, hardware }: ClientSources,
): ClientDirectory {
  let known = networks.map(placeOf)
  let partsOfNetworks = new Set(networks.flatMap(partsOf))
  const identities = new ClientIdentities({
    phone: (mac) => inventory.phone(mac),
    phoneAt: (address) => inventory.phoneAt(address)?.mac,
    hasLease: (mac, nowMs) => leaseTable.hasLease(mac, nowMs),
  })
  for (const { mac, state, address, expiresAtMs, grantedAtMs } of leaseTable.bindings()) {
    if (mac === null) continue
    if (state === 'released') identities.onLeaseGivenUp(mac, address, expiresAtMs)
    if (state === 'declined') identities.onLeaseGivenUp(mac, null, grantedAtMs)
  }
  const placeAt = (address: Ipv4): Place | undefined => {
    for (const place of known) if (subnetContains(place.subnet, address)) return place
    return undefined
  }
  // Every field by name: a spread costs more than all the questions of a request together.
  const factsOf = (place: Place, { address, hardware, asked, nowMs }: Seen): ClientFacts => ({
    address,
    network: place.network.name,
    hardware,
    leaseHolder: leaseTable.clientAt(address, nowMs)?.mac,
    isPartOfNetwork: partsOfNetworks.has(address),
    asked,
    nowMs,
  })
  return {
    replaceNetworks: (edited) => {
      known = edited.map(placeOf)
      partsOfNetworks = new Set(edited.flatMap(partsOf))
    },
    networkAt: (address) => placeAt(address)?.network,
    identify(address: Ipv4, asked: Asked, nowMs: number): ClientIdentity {
      const place = placeAt(address)
      if (place === undefined) return { kind: 'unknown' }
      const { interfaceName } = place
      const found =
        interfaceName === null || hardware === undefined
          ? NO_HARDWARE
          : hardware.at(interfaceName, address, nowMs)
      return identities.identify(factsOf(place, { address, hardware: found, asked, nowMs }))
    },
    mayStayAt(mac, address, nowMs) {
      const place = placeAt(address)
      if (place === undefined) return false
      const seen = { address, hardware: NO_HARDWARE, asked: UNNAMED, nowMs }
      return identities.mayStayAt(mac, factsOf(place, seen))
    },
    onLeaseGivenUp: (mac, address, nowMs) => identities.onLeaseGivenUp(mac, address, nowMs),
    forget: (mac) => identities.forget(mac),
  }
}

type Place = ReturnType<typeof placeOf>

/** What is known of a client before anything is looked up. */
type Seen = Pick<ClientFacts, 'address' | 'hardware' | 'asked' | 'nowMs'>

/** Networks of a configuration do not overlap: at most one holds an address. */
function placeOf(settings: ServedNetwork) {
  const { name, address, subnet, admit, identify } = settings
  return {
    subnet: subnet as Subnet,
    /** Null where hardware addresses are not asked for. */
    interfaceName: identify === 'hardware' ? (settings.interface ?? null) : null,
    network: { name, address, admitsAnyone: admit === 'anyone' },
  }
}

/** Addresses of a network that are no phone's. */
function partsOf({ address, peers, router = [] }: ServedNetwork): readonly Ipv4[] {
  return [address, ...peers, ...router]
}
