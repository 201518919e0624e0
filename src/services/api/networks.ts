import type { DhcpServer } from '../../dhcp/dhcp-server.ts'
import type { RogueRefusal } from '../../dhcp/rogue-probe.ts'
import type { LeaseTable } from '../../leases/lease-table.ts'
import type { Counters } from '../events/counters.ts'
import type { NetworkOwners } from '../ownership/network-owners.ts'
import type { PoolHistory } from '../pool-history.ts'
import type { ServedNetwork } from '../served-network.ts'
import type { NetworkReport, NetworkService } from '../services.ts'

/** What the network service needs. */
export type NetworkServiceParts = {
  readonly networks: readonly ServedNetwork[]
  readonly leaseTable: LeaseTable
  readonly dhcp: DhcpServer
  readonly counters: Counters
  readonly history: PoolHistory
  /** Who serves a network with shared leases, and whether that is this appliance; left out: none is. */
  readonly ownership?: Pick<NetworkOwners<unknown>, 'ownerOf' | 'authority'>
  /** What keeps this machine from serving a network, such as a link that is down; null: nothing. */
  readonly faultOn: (network: string) => string | null
  readonly nowMs: () => number
}

/** The networks that the configuration names, and how they stand. */
export function networkService(parts: NetworkServiceParts): NetworkService {
  const reports = () => parts.networks.map((network) => reportOn(network, parts))
  return {
    list: reports,
    get: (name) => reports().find((report) => report.name === name),
    useHistory: (name) => parts.history.of(name),
  }
}

/** Why a network is not served, in words. */
export const REFUSALS: Readonly<Record<RogueRefusal, string>> = {
  looking: 'the search for other DHCP servers on this network has not finished',
  'other-server': 'another DHCP server answers on this network',
}

function reportOn(network: ServedNetwork, parts: NetworkServiceParts): NetworkReport {
  const nowMs = parts.nowMs()
  const refusal = parts.dhcp.refusalOn(network.name)
  return {
    name: network.name,
    vlan: network.vlan ?? null,
    interfaceName: network.interface ?? null,
    address: network.address,
    subnet: network.subnet,
    pool: network.pool,
    router: network.router ?? [],
    dns: network.dns ?? [],
    domain: network.domain ?? null,
    tftpServerName: network.tftpServerName,
    tftpServers: network.tftpServers,
    peers: network.peers,
    leaseSeconds: network.leaseTime.seconds,
    maxLeaseSeconds: network.maxLeaseTime.seconds,
    admit: network.admit,
    identify: network.identify,
    onRogueServer: network.onRogueServer,
    autoEnrol: network.autoEnrol ?? null,
    leases: network.leases,
    owner: parts.ownership?.ownerOf(network.name) ?? null,
    notServedBecause:
      standbyOf(network.name, parts) ??
      parts.faultOn(network.name) ??
      (refusal && REFUSALS[refusal]),
    use: parts.leaseTable.poolUse(network.name, nowMs),
    counters: countersOf(network.name, parts.counters),
    otherServers: parts.dhcp.rogueServersOn(network.name),
  }
}

/** Why a network with shared leases is not served here, in words; null if it is. */
function standbyOf(network: string, { ownership, nowMs }: NetworkServiceParts): string | null {
  switch (ownership?.authority(network, nowMs())) {
    case undefined:
    case 'full':
      return null
    case 'repeat':
      return 'PostgreSQL is away: only clients with a lease are answered'
    case 'none': {
      const owner = ownership?.ownerOf(network) ?? null
      return owner === null ? 'no appliance serves it now' : `appliance ${owner} serves it`
    }
  }
}

function countersOf(network: string, counters: Counters): Readonly<Record<string, number>> {
  const found: Record<string, number> = {}
  for (const family of ['dhcp_events', 'tftp_events']) {
    for (const { labels, value } of counters.series(family)) {
      if (labels['network'] !== network) continue
      const reason = labels['reason'] === '' ? '' : `:${labels['reason']}`
      found[`${labels['event']}${reason}`] = value
    }
  }
  return found
}
