import { setImmediate } from 'node:timers/promises'
import { DhcpEndpoint } from '../src/adapters/udp/dhcp-endpoint.ts'
import { DhcpServer, type DhcpServerParts } from '../src/dhcp/dhcp-server.ts'
import type { DhcpEvent } from '../src/dhcp/events.ts'
import type { Scope } from '../src/dhcp/scope.ts'
import { LeaseBook } from '../src/leases/lease-book.ts'
import { type Ipv4, ipv4FromBytes, parseIpv4, UNSPECIFIED, writeIpv4 } from '../src/net/ipv4.ts'
import { type Mac, parseMac } from '../src/net/mac.ts'
import { parseSubnet, type Subnet } from '../src/net/subnet.ts'
import { encodePhoneMessage } from '../src/simulator/phone-dhcp-message.ts'
import { flashRunning } from '../src/simulator/phone-flash.ts'
import { dhcpIdentity } from '../src/simulator/phone-identity.ts'
import { DEFAULT_KNOBS } from '../src/simulator/phone-knobs.ts'
import { MessageType } from '../src/wire/dhcp/message.ts'
import { StageSockets } from './stage-sockets.ts'

/** A network that is no operator's: the first where the real one is below 128.0.0.0. */
const LOW_STAGE = stageOn('100.64')
const HIGH_STAGE = stageOn('198.18')
const FIRST_HIGH = 0x80000000
const INTERFACE = 'rehearsal'

/** So many exchanges until everything runs at full speed, or as many as fit into the time. */
const EXCHANGES = 8000
const MOST_MS = 1000

/** That many wait for one commit, as in a storm. */
const GROUP = 32

/** Where yiaddr and giaddr stand in a message (RFC 2131 section 2). */
const YIADDR_AT = 16
const GIADDR_AT = 24

/**
 * Plays DHCP exchanges of made-up phones before the first real message: through an endpoint and an
 * engine of its own, on sockets that lead nowhere, with a lease book that nobody else sees.
 *
 * JavaScript that runs for the first time is several times slower than a moment later, and the
 * first second is the busiest: after a power cut all phones ask at once.
 *
 * Values are as they will be: JavaScript keeps numbers from 2^31 on in another form, so the stage
 * lies on the same side of 128.0.0.0 as the network, transactions on either, and every second phone
 * comes by a relay agent.
 *
 * @param scope - Whose options are sent; nothing of it is changed.
 * @returns How many exchanges were played, and how many of them came to an ACK.
 */
export async function rehearseDhcp(
  scope: Scope,
  parts: RehearsalParts,
): Promise<{ readonly played: number; readonly acknowledged: number }> {
  let acknowledged = 0
  const stage = scope.address < FIRST_HIGH ? LOW_STAGE : HIGH_STAGE
  const sockets = new StageSockets()
  const endpoint = endpointOn(stage, scope, {
    ...parts,
    onEvent: (event) => {
      if (event.event === 'dhcp.ack.sent') acknowledged++
      parts.onEvent(event)
    },
  })
  const interfaces = [{ interfaceName: INTERFACE, localAddress: stage.address }]
  const loaded = { kind: 'missing', reason: 'a rehearsal needs no system' } as const
  await endpoint.open({ interfaces, relayedAddresses: [], port: 67 }, { loaded, sockets })
  const endsAtMs = performance.now() + MOST_MS
  let played = 0
  while (played < EXCHANGES && performance.now() < endsAtMs) {
    for (const end = played + GROUP; played < end; played++) {
      sockets.receive(messageOf(stage, played, null))
      const offered = ipv4FromBytes(sockets.lastSent, YIADDR_AT)
      sockets.receive(messageOf(stage, played, offered))
    }
    await setImmediate()
  }
  await endpoint.close()
  return { played, acknowledged }
}

/** The real ones, because code is made for the objects that it meets; none of them is changed. */
export type RehearsalParts = Pick<DhcpServerParts, 'directory' | 'isPhone'> & {
  /** What hears of real events, but with counters of its own. */
  readonly onEvent: (event: DhcpEvent) => void
  readonly clockMs: () => number
}

type Stage = {
  readonly subnet: Subnet
  readonly address: Ipv4
  readonly relay: Ipv4
  readonly pools: Scope['pools']
}

function stageOn(prefix: string): Stage {
  const ip = (rest: string) => parseIpv4(`${prefix}.${rest}`) as Ipv4
  return {
    subnet: parseSubnet(`${prefix}.0.0/16`) as Subnet,
    address: ip('0.1'),
    relay: ip('0.2'),
    pools: [{ first: ip('1.0'), last: ip('255.254') }],
  }
}

function endpointOn(
  { subnet, address, pools }: Stage,
  scope: Scope,
  { directory, isPhone, onEvent, clockMs }: RehearsalParts,
): DhcpEndpoint {
  const own: Scope = {
    ...scope,
    name: INTERFACE,
    subnet,
    address,
    pools,
    reservations: [],
    interfaceName: INTERFACE,
    admit: 'anyone',
    probe: false,
    rapidCommit: false,
  }
  const book = new LeaseBook([own], directory)
  const server = new DhcpServer({ scopes: [own], book, directory, isPhone, nextXid: () => 0 })
  return new DhcpEndpoint(server, {
    commit: async () => {},
    onEvent,
    onDropped: () => {},
    onSendFailed: () => {},
    onCommitFailed: () => {},
    onFault: () => {},
    clockMs,
  })
}

/** What the phones of the rehearsal run; it tells their vendor class. */
const REHEARSING = flashRunning('P00308000500')

/** A DISCOVER, or with what was offered the REQUEST. */
function messageOf(stage: Stage, number: number, offered: Ipv4 | null): Uint8Array {
  const half = number % 4 < 2 ? '0' : 'f'
  const mac = parseMac(`0253${half}${number.toString(16).padStart(7, '0')}`) as Mac
  const identity = dhcpIdentity(mac, '7960', REHEARSING, DEFAULT_KNOBS)
  const bytes = encodePhoneMessage(identity, {
    type: offered === null ? MessageType.discover : MessageType.request,
    address: offered,
    serverId: offered === null ? null : stage.address,
    ciaddr: UNSPECIFIED,
    elapsedMs: 0,
  })
  if (number % 2 === 1) writeIpv4(stage.relay, bytes, GIADDR_AT)
  return bytes
}
