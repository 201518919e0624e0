import Type, { type Static } from 'typebox'
import { formatIpv4 } from '../../../net/ipv4.ts'
import { formatSubnet } from '../../../net/subnet.ts'
import type { NetworkReport, OtherDhcpServer, PoolUseHistory } from '../../../services/services.ts'
import { isoTime } from '../api.ts'
import { Address, MacOut, Nullable, OneOf, Time } from './values.ts'

const Count = Type.Integer({ minimum: 0 })

/** A network as it comes out. */
export const NetworkView = Type.Object(
  {
    name: Type.String(),
    vlan: Nullable(Type.Integer()),
    interface: Nullable(
      Type.String({ description: 'Null if the network is reached only through relays' }),
    ),
    relayed: Type.Boolean(),
    address: Address,
    subnet: Type.String({ examples: ['10.20.0.0/24'] }),
    pool: Type.Array(Type.String({ examples: ['10.20.0.50-10.20.0.99'] })),
    router: Type.Array(Address),
    dns: Type.Array(Address),
    domain: Nullable(Type.String()),
    tftpServerName: Type.String({ description: 'Option 66' }),
    tftpServers: Type.Array(Address, { description: 'Option 150' }),
    peers: Type.Array(Address, { description: 'Other appliances on the network' }),
    leaseSeconds: Count,
    maxLeaseSeconds: Count,
    admit: OneOf(['enrolled', 'phones', 'anyone']),
    identify: OneOf(['hardware', 'address']),
    onRogueServer: OneOf(['warn', 'refuse']),
    autoEnrol: Nullable(
      Type.String({ description: 'The profile that automatically enrolled phones get' }),
    ),
    leases: OneOf(['here', 'shared']),
    owner: Nullable(
      Type.String({ description: 'The appliance that serves it, where its leases are shared' }),
    ),
    served: Type.Boolean(),
    notServedBecause: Nullable(Type.String()),
    use: Type.Object(
      {
        size: Count,
        bound: Count,
        offered: Count,
        declined: Count,
        free: Count,
        boundOutside: Count,
      },
      { description: 'Addresses of the pool by state; boundOutside counts bindings outside it' },
    ),
    counters: Type.Record(Type.String(), Count, { description: 'Since start' }),
    otherServers: Type.Array(
      Type.Object({
        address: Address,
        mac: Type.Optional(Nullable(MacOut)),
        firstSeenAt: Type.Optional(Time),
        lastSeenAt: Type.Optional(Time),
      }),
      { description: 'Other DHCP servers that answered the probe' },
    ),
  },
  { title: 'Network' },
)

/** How full the pool of a network was, as it comes out. */
export const PoolUseHistoryView = Type.Object(
  {
    everySeconds: Type.Integer({ minimum: 1 }),
    until: Time,
    taken: Type.Array(Count, {
      description: 'Addresses bound, offered or declined, oldest value first; one day at most',
    }),
  },
  { title: 'PoolUseHistory' },
)

/** The same as JSON. */
export function viewUseHistory(history: PoolUseHistory): Static<typeof PoolUseHistoryView> {
  const { everySeconds, untilMs, taken } = history
  return { everySeconds, until: isoTime(untilMs), taken: [...taken] }
}

/** A network as JSON. */
export function viewNetwork(network: NetworkReport): Static<typeof NetworkView> {
  return {
    name: network.name,
    vlan: network.vlan,
    interface: network.interfaceName,
    relayed: network.interfaceName === null,
    address: formatIpv4(network.address),
    subnet: formatSubnet(network.subnet),
    pool: network.pool.map(({ first, last }) => `${formatIpv4(first)}-${formatIpv4(last)}`),
    router: network.router.map(formatIpv4),
    dns: network.dns.map(formatIpv4),
    domain: network.domain,
    tftpServerName: network.tftpServerName,
    tftpServers: network.tftpServers.map(formatIpv4),
    peers: network.peers.map(formatIpv4),
    leaseSeconds: network.leaseSeconds,
    maxLeaseSeconds: network.maxLeaseSeconds,
    admit: network.admit,
    identify: network.identify,
    onRogueServer: network.onRogueServer,
    autoEnrol: network.autoEnrol,
    leases: network.leases,
    owner: network.owner,
    served: network.notServedBecause === null,
    notServedBecause: network.notServedBecause,
    use: { ...network.use },
    counters: { ...network.counters },
    otherServers: network.otherServers.map(viewOtherServer),
  }
}

function viewOtherServer({ address, mac, firstSeenAtMs, lastSeenAtMs }: OtherDhcpServer) {
  return {
    address: formatIpv4(address),
    ...(mac === undefined ? {} : { mac }),
    ...(firstSeenAtMs === undefined ? {} : { firstSeenAt: isoTime(firstSeenAtMs) }),
    ...(lastSeenAtMs === undefined ? {} : { lastSeenAt: isoTime(lastSeenAtMs) }),
  }
}
