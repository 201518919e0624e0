import type { TftpEndpoint } from '../../../src/adapters/udp/tftp-endpoint.ts'
import type { HardwareAddresses } from '../../../src/clients/hardware-address.ts'
import { ConversionEngine } from '../../../src/conversion/conversion-engine.ts'
import { FileView } from '../../../src/conversion/file-view.ts'
import { alwaysFull } from '../../../src/dhcp/scope-authority.ts'
import { type CachedFile, FileCache } from '../../../src/files/file-cache.ts'
import { Inventory } from '../../../src/inventory/inventory.ts'
import { LeaseTable } from '../../../src/leases/lease-table.ts'
import { RetryingLeaseStore } from '../../../src/leases/retrying-lease-store.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { DhcpRecording } from '../../../src/services/capture/dhcp-recording.ts'
import { clientDirectory } from '../../../src/services/clients/client-directory.ts'
import { clientLookup } from '../../../src/services/clients/client-lookup.ts'
import { UnknownDevices } from '../../../src/services/clients/unknown-devices.ts'
import { viewMaterial } from '../../../src/services/conversions/view-material.ts'
import { Counters } from '../../../src/services/events/counters.ts'
import { Journal } from '../../../src/services/events/journal.ts'
import { Recorder } from '../../../src/services/events/recorder.ts'
import { LeaseRouter } from '../../../src/services/ownership/lease-router.ts'
import { Tracking } from '../../../src/services/tracking/tracking.ts'
import { scopesOf } from '../../../src/settings/scopes.ts'
import type { Settings } from '../../../src/settings/settings.ts'
import { openLog } from '../../log.ts'
import { type ComposedDhcp, composeDhcp } from '../dhcp.ts'
import { composeTftp } from '../tftp.ts'

const EMPTY_INVENTORY = {
  phones: [],
  profiles: [],
  firmware: [],
  files: [],
  blobs: new Map(),
  faults: [],
} as const

/** Stands for the question to the kernel. */
const ONE_DEVICE: HardwareAddresses = {
  at: () => ({ kind: 'found', mac: '025357000000' as Mac }),
}

const KEEPS_NOTHING = { commit: async () => {} }

/** Servers whose sockets are not open yet. */
export type WarmUpServers = {
  readonly dhcp: ComposedDhcp
  readonly tftp: TftpEndpoint
  /** What these servers did. */
  readonly counters: Counters
}

/**
 * The DHCP and the TFTP server as the appliance joins them, without phones, and without anything that
 * outlives them: leases, events and counters are their own, and log lines go nowhere.
 *
 * @param files - What clients can read.
 */
export async function warmUpServers(
  settings: Settings,
  files: ReadonlyMap<string, CachedFile>,
  nowMs: () => number,
): Promise<WarmUpServers> {
  const log = openLog('info', false, { write: () => {} })
  const onFault = () => {}
  const cache = new FileCache(0)
  const { inventory } = await Inventory.load({
    cache,
    networks: [],
    switches: [],
    store: { ...KEEPS_NOTHING, load: async () => EMPTY_INVENTORY },
  })
  const isEnrolled = () => false
  const directory = clientDirectory(inventory)
  const leaseTable = new LeaseTable(scopesOf(settings), directory)
  const engine = new ConversionEngine(inventory, () => {})
  const folder = () => files
  const material = viewMaterial({ inventory, cache, folder, sharedTriggers: false })
  const tracking = new Tracking({
    engine,
    view: new FileView(material, engine),
    clients: clientLookup(settings.networks, { leaseTable, inventory, hardware: ONE_DEVICE }),
    inventory,
  })
  const journal = new Journal({ append: async () => {} }, 0, onFault)
  const counters = new Counters()
  new Recorder(log, journal, counters, isEnrolled).follow(tracking)
  const devices = { isEnrolled, enrolmentFailed: isEnrolled, leaseTable, journal, log }
  new UnknownDevices(devices).follow(tracking)
  const store = { ...KEEPS_NOTHING, load: async () => ({ bindings: [], faults: [] }) }
  const here = new RetryingLeaseStore(store)
  const leases = new LeaseRouter({ here, shared: null, isShared: isEnrolled })
  const dhcp = composeDhcp({
    settings,
    log,
    state: { leaseTable, directory, counters, nowMs, onStoreFault: onFault },
    tracking,
    ownership: { leases, authorityOf: alwaysFull },
    watcher: new DhcpRecording({ isEnrolled, nowMs, port: settings.dhcp.port }),
  })
  const tftp = composeTftp({
    settings,
    files: tracking,
    cache,
    answersNow: () => true,
    tracking,
    onFault,
    nowMs,
  })
  return { dhcp, tftp, counters }
}
