import type { Logger } from 'pino'
import { readState } from '../../../appliance/start/application-state.ts'
import { composeRestarts } from '../../../appliance/start/compose-restarts.ts'
import { composeTracking } from '../../../appliance/start/compose-tracking.ts'
import { dhcpServer } from '../../../appliance/start/dhcp.ts'
import { InForce } from '../../../appliance/start/in-force.ts'
import { openOwnership } from '../../../appliance/start/ownership.ts'
import { composeSurveys } from '../../../appliance/start/surveys.ts'
import { NO_HARDWARE } from '../../../src/clients/hardware-address.ts'
import type { FileAnswer } from '../../../src/files/file-answer.ts'
import type { FileCache } from '../../../src/files/file-cache.ts'
import type { Ipv4 } from '../../../src/net/ipv4.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { DhcpRecording } from '../../../src/services/capture/dhcp-recording.ts'
import { guardSynthetic } from '../../../src/services/conversions/synthetic-guard.ts'
import { viewMaterial } from '../../../src/services/conversions/view-material.ts'
import type { Settings } from '../../../src/settings/settings.ts'
import { TftpServer } from '../../../src/tftp/tftp-server.ts'
import { LAB_SETTINGS, NumberedTids } from '../tftp-lab.ts'
import { NOW_MS } from '../values.ts'
import { aRegistrar } from './a-registrar.ts'
import { memoryStores } from './memory-stores.ts'
import { Outside } from './outside.ts'
import { VirtualClock } from './virtual-clock.ts'
import { Wire } from './wire.ts'

/** What engines in memory need. */
export type EngineWants = {
  readonly settings: Settings
  readonly log: Logger
  /** Whether phones can register. */
  readonly callControl: boolean
}

/**
 * The engines of the appliance over stores in memory, joined by what joins them in the appliance. In
 * place of sockets, timers and disk stand `Wire`, `VirtualClock`, `Outside` and the stores.
 */
export async function enginesInMemory({ settings, log, callControl }: EngineWants) {
  const clock = new VirtualClock(NOW_MS)
  const outside = new Outside()
  const { nowMs, startTimer } = clock
  const kept = { ...memoryStores(), sharing: null }
  const state = await readState(kept, settings, { log, nowMs, startTimer })
  const inForce = new InForce(settings)
  const ownership = await openOwnership({ state, inForce, log })
  const known = { settings, log, state, inForce, ownership, actsFor: () => true }
  const hardware = new Map<Ipv4, Mac>()
  const tracked = composeTracking({
    ...known,
    material: viewMaterial({ ...state, folder: () => new Map(), sharedTriggers: false }),
    hardware: { at: (_interface, address) => foundAt(hardware.get(address)) },
  })
  const registrar = callControl ? aRegistrar({ ...tracked, state, log }) : null
  const restarts = composeRestarts({
    ...known,
    ...tracked,
    settings: () => inForce.settings,
    adapters: outside.methods,
  })
  const isEnrolled = (mac: Mac) => state.inventory.phone(mac) !== undefined
  const recording = new DhcpRecording({ isEnrolled, nowMs, port: 67 })
  const dhcp = dhcpServer({ ...known, isMachineAddress: () => false })
  const files = restarts.watched(guardSynthetic(tracked.tracking, state.synthetic, () => undefined))
  const tftp = tftpServer(settings, { files, holder: state.cache })
  const wire = new Wire(
    { clock, dhcp, tftp, recording, ...tracked, leases: ownership.leases },
    hardware,
  )
  const surveys = composeSurveys({
    ...known,
    ...tracked,
    networks: () => inForce.networks,
    ask: outside.ask,
    isBusy: (mac) => restarts.service.isBusy(mac),
    onFault: (fault) => log.error({ event: 'survey.failed', err: fault }),
  })
  return {
    ...known,
    ...tracked,
    clock,
    outside,
    wire,
    registrar,
    restarts,
    recording,
    dhcp,
    tftp,
    surveys,
  }
}

/** Engines as a test has them. */
export type Engines = Awaited<ReturnType<typeof enginesInMemory>>

function foundAt(mac: Mac | undefined) {
  return mac === undefined ? NO_HARDWARE : ({ kind: 'found', mac } as const)
}

function tftpServer(
  { networks, tftp }: Settings,
  parts: { readonly files: FileAnswer; readonly holder: FileCache },
): TftpServer {
  const clientSubnets = networks.map(({ subnet }) => subnet)
  const { maxTransfers, maxTransfersPerClient } = tftp
  const limits = { clientSubnets, maxTransfers, maxTransfersPerClient }
  return new TftpServer({ ...LAB_SETTINGS, ...limits }, { ...parts, tids: new NumberedTids() })
}
