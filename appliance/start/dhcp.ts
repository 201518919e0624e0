import { randomInt } from 'node:crypto'
import type { Logger } from 'pino'
import {
  DhcpEndpoint,
  type DhcpWatcher,
  type GivenSockets,
} from '../../src/adapters/udp/dhcp-endpoint.ts'
import { MachineAddresses } from '../../src/adapters/udp/machine-addresses.ts'
import { SystemCallError } from '../../src/adapters/udp/native/system-call-error.ts'
import { DhcpServer } from '../../src/dhcp/dhcp-server.ts'
import { formatIpv4, type Ipv4 } from '../../src/net/ipv4.ts'
import { readVendorClass } from '../../src/phones/vendor-class.ts'
import { faultReporter } from '../../src/services/fault-reporter.ts'
import type { Finding } from '../../src/services/readiness.ts'
import type { Tracking } from '../../src/services/tracking/tracking.ts'
import { scopesOf } from '../../src/settings/scopes.ts'
import type { Settings } from '../../src/settings/settings.ts'
import type { ApplicationState } from './application-state.ts'
import type { Ownership } from './ownership.ts'

/** What the DHCP server needs. */
export type DhcpParts = {
  readonly settings: Settings
  readonly log: Logger
  readonly state: Pick<
    ApplicationState,
    'leaseTable' | 'directory' | 'counters' | 'nowMs' | 'onStoreFault'
  >
  readonly tracking: Tracking
  readonly ownership: Pick<Ownership, 'leases' | 'authorityOf'>
  /** Keeps what enrolled phones and we say. */
  readonly watcher: DhcpWatcher
}

/** The DHCP server with its sockets. */
export type ComposedDhcp = {
  readonly server: DhcpServer
  /** @param given - Used in place of what the system has. */
  readonly open: (given?: GivenSockets) => Promise<void>
  readonly close: () => Promise<void>
  /** Serves edited networks on the sockets that there are. */
  readonly replaceNetworks: (settings: Settings) => void
  /** Resolves when no shared lease of the network waits to be stored. */
  readonly laneIdle: (network: string) => Promise<void>
  readonly isLaneFull: (network: string) => boolean
  /** Whether the sockets are there. */
  readonly look: () => Finding
}

/** Joins the DHCP engine with the lease store and the sockets: one for each interface. */
export function composeDhcp(parts: DhcpParts): ComposedDhcp {
  const { settings, log, state } = parts
  const machine = new MachineAddresses(state.nowMs)
  const server = dhcpServer({ ...parts, isMachineAddress: (address) => machine.has(address) })
  const endpoint = composeEndpoint(server, parts)
  return {
    server,
    open: async (given) => {
      const { missing, port } = await endpoint.open(listenSettings(settings), given)
      for (const sentence of missing) log.warn({ event: 'dhcp.rights.missing', what: sentence })
      log.info({ event: 'dhcp.listening', port, networks: settings.networks.map(placeOf) })
    },
    close: () => endpoint.close(),
    laneIdle: (network) => endpoint.laneIdle(network),
    isLaneFull: (network) => endpoint.isLaneFull(network),
    replaceNetworks: (edited) =>
      endpoint.run(server.replaceScopes(scopesOf(edited), state.nowMs())),
    look: () => ({
      name: 'dhcp',
      detail: endpoint.traffic().map(inWords).join('; ') || 'no datagram yet',
      problems: endpoint.faults(),
    }),
  }
}

/** The DHCP server without its sockets. */
export function dhcpServer({
  settings,
  state,
  ownership,
  isMachineAddress,
}: Pick<DhcpParts, 'settings' | 'state' | 'ownership'> & {
  readonly isMachineAddress: (address: Ipv4) => boolean
}): DhcpServer {
  return new DhcpServer({
    scopes: scopesOf(settings),
    leaseTable: state.leaseTable,
    directory: state.directory,
    isPhone,
    nextXid: () => randomInt(0x1_0000_0000),
    isMachineAddress,
    authorityOf: ownership.authorityOf,
    promises: ownership.leases,
  })
}

function isPhone(vendorClass: string): boolean {
  return readVendorClass(vendorClass).kind === 'family'
}

function composeEndpoint(server: DhcpServer, parts: DhcpParts): DhcpEndpoint {
  const { log, state, tracking, ownership, watcher } = parts
  const { counters, nowMs } = state
  const onSendFault = faultReporter(
    (fault) => log.warn({ event: 'dhcp.send.failed', ...fault }),
    nowMs,
  )
  return new DhcpEndpoint(server, {
    commit: (changes) => ownership.leases.commit(changes),
    laneOf: (changes) => ownership.leases.laneOf(changes),
    onWaiting: (changes) => ownership.leases.expect(changes),
    isStoreFar: () => ownership.leases.isStoreFar,
    onEvent: (event) => tracking.onDhcpEvent(event, nowMs()),
    watcher,
    onDropped: (dropped, arrival) => {
      const code = dropped.reason === 'malformed' ? dropped.error.code : ''
      counters.add('dhcp_faults', { fault: dropped.reason, code })
      // Asked first: a flood must not build as many objects.
      if (!log.isLevelEnabled('debug')) return
      const what = dropped.reason === 'malformed' ? dropped.error.message : 'the disk is too slow'
      const from = formatIpv4(arrival.sourceAddress)
      const { reason } = dropped
      log.debug({
        event: 'dhcp.datagram.dropped',
        reason,
        code,
        what,
        from,
        on: arrival.interfaceName,
      })
    },
    onSendFailed: (code, interfaceName) => {
      counters.add('dhcp_faults', { fault: 'send-failed', code })
      onSendFault(
        new SystemCallError(`send on ${interfaceName ?? 'the way to a relay agent'}`, code),
      )
    },
    onCommitFailed: (error, lost) => {
      counters.add('dhcp_faults', { fault: 'commit-failed', code: '' }, lost)
      state.onStoreFault(error)
    },
    onFault: faultReporter((fault) => log.warn({ event: 'dhcp.socket.failed', ...fault }), nowMs),
    clockMs: nowMs,
  })
}

function listenSettings({ dhcp, networks }: Settings) {
  return {
    port: dhcp.port,
    interfaces: networks.flatMap(({ interface: interfaceName, address }) =>
      interfaceName === undefined ? [] : [{ interfaceName, localAddress: address }],
    ),
    relayedAddresses: networks.filter(({ relayed }) => relayed).map(({ address }) => address),
  }
}

function placeOf(network: Settings['networks'][number]): string {
  return `${network.name} ${network.interface ?? 'by relay'}`
}

function inWords({
  interfaceName,
  received,
  sent,
}: ReturnType<DhcpEndpoint['traffic']>[number]): string {
  return `${interfaceName ?? 'relays'}: ${received} received, ${sent} sent`
}
