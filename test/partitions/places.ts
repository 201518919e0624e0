import { formatIpv4, type Ipv4, ipv4Plus } from '../../src/net/ipv4.ts'

/** The VLAN of the appliances, of clients and phones. */
export const VLAN_SUBNET = '10.20.0.0/22'

/** The same with room for leases that nobody of the harness has. */
export const WIDE_SUBNET = '10.20.0.0/16'

/** The harness on the VLAN: it has every address of the pool for its own. */
export const CLIENTS_ADDRESS = '10.20.0.1'

/** Addresses that clients get; the phones have addresses of their own elsewhere. */
export const POOL = '10.20.1.1-10.20.1.250'
export const POOL_SUBNET = '10.20.1.0/24'

/** Where those leases begin, and for how many there is room. */
const LEASES_FROM = 0x0a_14_04_00 as Ipv4
export const MOST_LEASES = 0xfa_00

/** The addresses of so many leases: the first one as a number, and all as a range of a pool. */
export function addressesOf(leases: number) {
  const last = formatIpv4(ipv4Plus(LEASES_FROM, leases - 1))
  return { first: LEASES_FROM, pool: `${formatIpv4(LEASES_FROM)}-${last}` }
}

/** The network, as the configuration names it. */
export const NETWORK = 'voice'
export const SITE = 'lab'

/** What differs between the two appliances. */
export type AppliancePlace = {
  readonly name: 'sw-a' | 'sw-b'
  /** The port of the hub on the VLAN, and that on the network of the database. */
  readonly port: 'va' | 'vb'
  readonly databasePort: 'da' | 'db'
  readonly address: string
  readonly databaseAddress: string
  /** Where its API is reached whatever is cut. */
  readonly apiAddress: string
}

export const SW_A: AppliancePlace = {
  name: 'sw-a',
  port: 'va',
  databasePort: 'da',
  address: '10.20.0.2',
  databaseAddress: '10.99.0.2',
  apiAddress: '10.98.1.2',
}

export const SW_B: AppliancePlace = {
  name: 'sw-b',
  port: 'vb',
  databasePort: 'db',
  address: '10.20.0.3',
  databaseAddress: '10.99.0.3',
  apiAddress: '10.98.2.2',
}

/**
 * Leases that clients get, in seconds: that of the network, long enough to outlast a round, and what
 * clients of brief leases ask for, the shortest sensible.
 */
export const LEASE_SECONDS = 600
export const BRIEF_SECONDS = 60

/** How much faster than real ones the simulated phones are, as the appliances are told. */
export const PHONE_SPEED = 20

export const API_PORT = 8067

/** Ports of the hub that lead to the harness, to the simulated phones, and to the clusters. */
export const CLIENTS_PORT = 'vc'
export const PHONES_PORT = 'vp'
export const CLUSTER_PORTS = ['p1', 'p2'] as const
export type ClusterPort = (typeof CLUSTER_PORTS)[number]

/** The addresses of the clusters, by their port. */
export const CLUSTER_ADDRESS: Readonly<Record<ClusterPort, string>> = {
  p1: '10.99.0.11',
  p2: '10.99.0.12',
}
