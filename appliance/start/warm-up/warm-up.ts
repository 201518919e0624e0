import { setImmediate } from 'node:timers/promises'
import type { Logger } from 'pino'
import { ipv4Plus } from '../../../src/net/ipv4.ts'
import type { Counters } from '../../../src/services/events/counters.ts'
import type { NetworkSettings, Settings } from '../../../src/settings/settings.ts'
import { DhcpExchanges } from './dhcp-exchanges.ts'
import { SilentSockets } from './silent-sockets.ts'
import { TftpTransfers, WARM_UP_FILES } from './tftp-transfers.ts'
import { WARM_UP_SUBNETS, type WarmUpNetwork, warmUpNetwork } from './warm-up-network.ts'
import { type WarmUpServers, warmUpServers } from './warm-up-servers.ts'

/** What the warm-up is given of the appliance. */
export type WarmUpParts = {
  readonly settings: Settings
  readonly log: Logger
  readonly nowMs: () => number
}

/**
 * Rounds after which V8 has compiled most of what clients need; a round is a DHCP exchange and a few
 * transfers. They take 0.15 s and save a quarter of the first 5,000 exchanges; as many again would take as
 * long and save half as much.
 */
const ROUNDS = 1024
/** The end in any case, in milliseconds: a slow machine is to serve soon. */
const WITHIN_MS = 600
/** Rounds whose ACKs wait for one commit, as in a storm. */
const GROUP = 64
/** Addresses of the server and the relay agent are before the first client. */
const FIRST_CLIENT = 8

/** What clients that do not exist were served. */
export type WarmUpOutcome = {
  readonly exchanges: number
  /** Exchanges that ended with an ACK. */
  readonly acknowledged: number
  /** Files of which the last block was sent. */
  readonly files: number
}

/**
 * Runs the code that serves clients on a network that does not exist, before real clients are served:
 * JavaScript that runs for the first time is several times slower, and after a power cut all phones
 * ask in the first second.
 *
 * Nothing is sent, stored or counted. Never rejects: a fault is logged.
 *
 * @returns Null where there is no network, or after a fault.
 */
export async function warmUp(parts: WarmUpParts): Promise<WarmUpOutcome | null> {
  const [first] = parts.settings.networks
  if (first === undefined) return null
  const startedAtMs = performance.now()
  try {
    const outcome = await play(parts, first, startedAtMs + WITHIN_MS)
    const ms = Math.round(performance.now() - startedAtMs)
    parts.log.debug({ event: 'appliance.warmed.up', ...outcome, ms })
    return outcome
  } catch (err) {
    parts.log.warn({ event: 'appliance.warm.up.failed', err })
    return null
  }
}

/**
 * On two of each server in turn: of a function that V8 has seen once it compiles that one alone, and
 * throws the code away when the real server comes.
 */
async function play({ settings, nowMs }: WarmUpParts, first: NetworkSettings, untilMs: number) {
  const servers: (WarmUpServers & { readonly network: WarmUpNetwork })[] = []
  for (const prefix of WARM_UP_SUBNETS) {
    const network = warmUpNetwork(first, prefix)
    const alone = { ...settings, networks: [network.settings] }
    servers.push({ network, ...(await warmUpServers(alone, WARM_UP_FILES, nowMs)) })
  }
  let exchanges = 0
  try {
    const clients = await Promise.all(servers.map((server) => clientsOf(server, server.network)))
    while (exchanges < ROUNDS && performance.now() < untilMs) {
      for (const { dhcp, tftp } of clients) {
        for (let one = 0; one < GROUP; one++) dhcp.play()
        tftp.play(GROUP)
        exchanges += GROUP
      }
      await setImmediate()
    }
  } finally {
    for (const { dhcp, tftp } of servers) {
      tftp.close()
      await dhcp.close()
    }
  }
  return {
    exchanges,
    acknowledged: counted(servers, 'dhcp_events', { event: 'dhcp.ack.sent' }),
    files: counted(servers, 'tftp_events', { event: 'tftp.transfer.ended', reason: 'complete' }),
  }
}

async function clientsOf(servers: WarmUpServers, network: WarmUpNetwork) {
  const dhcpSockets = new SilentSockets()
  const tftpSockets = new SilentSockets()
  const loaded = { kind: 'missing', reason: 'nothing of the system is used' } as const
  await servers.dhcp.open({ loaded, sockets: dhcpSockets })
  await servers.tftp.open({ sockets: tftpSockets })
  return {
    dhcp: new DhcpExchanges(dhcpSockets, network),
    tftp: new TftpTransfers(tftpSockets, ipv4Plus(network.server, FIRST_CLIENT)),
  }
}

/** The sum of the series with these labels. */
function counted(
  servers: readonly { readonly counters: Counters }[],
  name: string,
  wanted: Readonly<Record<string, string>>,
): number {
  return servers
    .flatMap(({ counters }) => counters.series(name))
    .filter(({ labels }) => Object.entries(wanted).every(([key, value]) => labels[key] === value))
    .reduce((sum, { value }) => sum + value, 0)
}
