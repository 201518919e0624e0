import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import type { Subnet } from '../net/subnet.ts'

/**
 * One configured network, as far as services depend on it. The networks of the settings have this
 * shape; services do not import the settings, which lie above them.
 */
export type ServedNetwork = {
  readonly name: string
  readonly vlan?: number
  /** Left out where the network is reached through relay agents only. */
  readonly interface?: string
  /** Ours on it. */
  readonly address: Ipv4
  readonly subnet: Subnet
  readonly pool: readonly { readonly first: Ipv4; readonly last: Ipv4 }[]
  readonly reservations: readonly { readonly address: Ipv4; readonly mac: Mac }[]
  readonly router?: readonly Ipv4[]
  readonly dns?: readonly Ipv4[]
  readonly domain?: string
  readonly tftpServerName: string
  readonly tftpServers: readonly Ipv4[]
  /** Whether other appliances can serve it, by leases that are shared. */
  readonly leases: 'here' | 'shared'
  /** Other appliances on it. */
  readonly peers: readonly Ipv4[]
  readonly leaseTime: { readonly seconds: number }
  readonly maxLeaseTime: { readonly seconds: number }
  readonly admit: 'enrolled' | 'phones' | 'anyone'
  readonly identify: 'hardware' | 'address'
  readonly onRogueServer: 'warn' | 'refuse'
  /** The profile of phones that are enrolled as they appear. */
  readonly autoEnrol?: string
  /** Whether phones may register with us there. */
  readonly callControl: boolean
}
