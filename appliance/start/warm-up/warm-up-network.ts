import { type Ipv4, ipv4Plus } from '../../../src/net/ipv4.ts'
import { parseSubnet, type Subnet } from '../../../src/net/subnet.ts'
import type { NetworkSettings } from '../../../src/settings/settings.ts'

/** Of the network, and of the interface that does not exist. */
const NAME = 'warm-up'
/**
 * RFC 6598 and RFC 2544: no network of an operator's. V8 keeps numbers from 2^31 on in another form, and
 * discards what it has compiled when a field first holds one.
 */
export const WARM_UP_SUBNETS = ['100.64.0.0/16', '198.18.0.0/16'] as const

/** A network that no client is on, served as the first of the configuration is. */
export type WarmUpNetwork = {
  readonly settings: NetworkSettings
  readonly server: Ipv4
  readonly relay: Ipv4
}

/** @param first - The network whose options are sent. */
export function warmUpNetwork(
  first: NetworkSettings,
  prefix: (typeof WARM_UP_SUBNETS)[number],
): WarmUpNetwork {
  const subnet = parseSubnet(prefix) as Subnet
  const server = ipv4Plus(subnet.base, 1)
  const relay = ipv4Plus(subnet.base, 2)
  const pool = [{ first: ipv4Plus(subnet.base, 256), last: ipv4Plus(subnet.base, 0xfffe) }]
  const { autoEnrol: _left, ...rest } = first
  const settings: NetworkSettings = {
    ...rest,
    name: NAME,
    interface: NAME,
    relayed: true,
    address: server,
    subnet,
    pool,
    reservations: [],
    peers: [],
    leases: 'here',
    admit: 'anyone',
    probe: false,
    rapidCommit: false,
  }
  return { settings, server, relay }
}
