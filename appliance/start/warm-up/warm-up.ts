import { setImmediate } from 'node:timers/promises'
import type { Logger } from 'pino'
import { ipv4Plus } from '../../../src/net/ipv4.ts'
import type { NetworkSettings, Settings } from '../../../src/settings/settings.ts'
import { DhcpExchanges } from './dhcp-exchanges.ts'
import { SilentSockets } from './silent-sockets.ts'
import { TftpTransfers, WARM_UP_FILES } from './tftp-transfers.ts'
import { warmUpNetwork } from './warm-up-network.ts'
import { warmUpServers } from './warm-up-servers.ts'

/** What the warm-up is given of the appliance. */
export type WarmUpParts = {
  readonly settings: Settings
  readonly log: Logger
  readonly nowMs: () => number
}

/** Rounds after which V8 has compiled most of what clients need; a round is an exchange and two transfers. */
const ROUNDS = Number(process.env['ROUNDS'] ?? 3000)
/** The end in any case, in milliseconds: a busy machine is to serve soon. */
const WITHIN_MS = Number(process.env['WITHIN'] ?? 500)
/** Rounds whose ACKs wait for one commit, as in a storm. */
const GROUP = 16
/** Addresses of the server and the relay agent are before the first client. */
const FIRST_CLIENT = 8

/**
 * Runs the code that serves clients on a network that does not exist, before real clients are served:
 * JavaScript that runs for the first time is several times slower, and after a power cut all phones
 * ask in the first second.
 *
 * Nothing is sent, stored, logged or counted. Never rejects: a fault is logged.
 */
export async function warmUp(parts: WarmUpParts): Promise<void> {
  const [first] = parts.settings.networks
  if (first === undefined) return
  const startedAtMs = performance.now()
  try {
    const rounds = await play(parts, first, startedAtMs + WITHIN_MS)
    const ms = Math.round(performance.now() - startedAtMs)
    parts.log.debug({ event: 'appliance.warmed.up', rounds, ms })
  } catch (err) {
    parts.log.warn({ event: 'appliance.warm.up.failed', err })
  }
}

async function play(parts: WarmUpParts, first: NetworkSettings, untilMs: number): Promise<number> {
  const stages = [await openStage(parts, first), await openStage(parts, first)]
  let rounds = 0
  while (rounds < ROUNDS && performance.now() < untilMs) {
    for (const { exchanges, transfers } of stages) {
      for (let round = 0; round < GROUP; round++) {
        exchanges.play()
        transfers.play()
      }
      rounds += GROUP
    }
    await setImmediate()
  }
  for (const { close } of stages) await close()
  return rounds
}

async function openStage({ settings, nowMs }: WarmUpParts, first: NetworkSettings) {
  const network = warmUpNetwork(first)
  const alone = { ...settings, networks: [network.settings] }
  const { dhcp, tftp } = await warmUpServers(alone, WARM_UP_FILES, nowMs)
  const dhcpSockets = new SilentSockets()
  const tftpSockets = new SilentSockets()
  const loaded = { kind: 'missing', reason: 'nothing of the system is used' } as const
  await dhcp.open({ loaded, sockets: dhcpSockets })
  await tftp.open({ sockets: tftpSockets })
  return {
    exchanges: new DhcpExchanges(dhcpSockets, network),
    transfers: new TftpTransfers(tftpSockets, ipv4Plus(network.server, FIRST_CLIENT)),
    close: async () => {
      tftp.close()
      await dhcp.close()
    },
  }
}
