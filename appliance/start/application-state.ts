import type { Logger } from 'pino'
import { startNodeTimer } from '../../src/adapters/clock/node-timer.ts'
import type { ConversionEngine } from '../../src/conversion/conversion-engine.ts'
import type { ClientDirectory } from '../../src/dhcp/admission.ts'
import { FileCache } from '../../src/files/file-cache.ts'
import { Inventory } from '../../src/inventory/inventory.ts'
import { findUnreadableTexts } from '../../src/inventory/stored-text.ts'
import type { Binding } from '../../src/leases/binding.ts'
import { LeaseTable } from '../../src/leases/lease-table.ts'
import type { Mac } from '../../src/net/mac.ts'
import { recordedOf } from '../../src/services/api/events.ts'
import { AUTOMATIC_LABEL } from '../../src/services/clients/auto-enrol.ts'
import { clientDirectory } from '../../src/services/clients/client-directory.ts'
import { EnrolmentTrouble } from '../../src/services/clients/enrolment-trouble.ts'
import { knownNetworks } from '../../src/services/clients/known-networks.ts'
import { UnknownDevices } from '../../src/services/clients/unknown-devices.ts'
import { Conversions } from '../../src/services/conversions/conversions.ts'
import { type LoadedRollouts, loadRollouts } from '../../src/services/conversions/load-rollouts.ts'
import { SyntheticRule } from '../../src/services/conversions/synthetic-rule.ts'
import { Counters } from '../../src/services/events/counters.ts'
import { Journal, RECENT } from '../../src/services/events/journal.ts'
import { Recorder } from '../../src/services/events/recorder.ts'
import { newestNumber, type SharedEvents } from '../../src/services/events/shared-events.ts'
import { faultReporter } from '../../src/services/fault-reporter.ts'
import {
  ForeignRegistrations,
  type GoingOnStores,
  sharedStores,
} from '../../src/services/shared-stores.ts'
import { scopesOf } from '../../src/settings/scopes.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { isSyntheticImage, isSyntheticSet } from '../../src/simulator/synthetic-mark.ts'
import { followDocuments } from './follow-documents.ts'
import { logIgnoredRows } from './ignored-rows.ts'
import { type OpenData, openData, orClose } from './open-data.ts'
import { openSharing, type Sharing } from './open-sharing.ts'

/** All that the appliance knows, before it talks to anybody. */
export type ApplicationState = {
  readonly data: OpenData
  /** What is shared with other appliances; null: nothing is. */
  readonly sharing: Sharing | null
  /** Where what goes on is stored. */
  readonly stores: GoingOnStores
  /** What happened on other appliances; null: there are none. */
  readonly otherEvents: SharedEvents | null
  /** Registrations with other appliances. */
  readonly foreign: ForeignRegistrations
  readonly cache: FileCache
  readonly inventory: Inventory
  /** Where firmware that is none of Cisco's may go. */
  readonly synthetic: SyntheticRule
  /** The enrolled phones as DHCP asks for them, the table included. */
  readonly directory: ClientDirectory
  readonly leaseTable: LeaseTable
  readonly engine: ConversionEngine
  readonly conversions: Conversions
  readonly rollouts: LoadedRollouts
  readonly journal: Journal
  readonly counters: Counters
  /** Writes down what happens. */
  readonly recorder: Recorder
  /** What automatic enrolment could not do, and whom nobody enrolled. */
  readonly trouble: EnrolmentTrouble
  readonly unknownDevices: UnknownDevices
  /** To be told of whatever could not be stored. */
  readonly onStoreFault: (error: unknown) => void
  readonly nowMs: () => number
}

/** What is told of it. */
export type StateCallbacks = {
  readonly log: Logger
  readonly nowMs: () => number
  /** `serve --rehearsal`; default false. */
  readonly rehearsal?: boolean
}

/** Firmware of a hundred loads, twice over, beside the shared folder; in octets. */
const FILE_CACHE_BYTES = 268_435_456

/**
 * Reads the database into memory. A row that makes no sense is left out and logged: one of them
 * never keeps the appliance from starting.
 *
 * @throws `DatabaseError` where the file cannot be read; it is closed then.
 */
export async function loadState(
  settings: Settings,
  callbacks: StateCallbacks,
): Promise<ApplicationState> {
  const data = await openData(settings.dataDir, endProcess)
  return orClose(data.database, readShared(data, settings, callbacks))
}

async function readShared(
  data: OpenData,
  settings: Settings,
  callbacks: StateCallbacks,
): Promise<ApplicationState> {
  const { database } = settings
  if (database === undefined) return readState({ ...data, sharing: null }, settings, callbacks)
  const sharing = await openSharing(database.postgres, data, callbacks)
  try {
    return await readState({ ...data, sharing }, settings, callbacks)
  } catch (fault) {
    await sharing.close()
    throw fault
  }
}

async function readState(
  { sharing, ...data }: OpenData & Pick<ApplicationState, 'sharing'>,
  settings: Settings,
  { log, nowMs, rehearsal = false }: StateCallbacks,
): Promise<ApplicationState> {
  const stores = sharing === null ? data : sharedStores(data, sharing.documents)
  const cache = new FileCache(FILE_CACHE_BYTES + settings.tftp.maxShared)
  const networks = knownNetworks(settings.networks)
  const { inventory, faults } = await Inventory.load({
    store: sharing?.inventory ?? data.inventory,
    cache,
    networks,
    switches: settings.switches,
    onFault: (fault) => logIgnoredRows(log, [fault]),
  })
  const directory = clientDirectory(inventory)
  const leaseTable = new LeaseTable(scopesOf(settings), directory)
  const leases = await data.leases.load()
  const leaseFaults = leaseTable.load(leases.bindings.filter(isKeptHere(settings)), nowMs())
  const onStoreFault = faultReporter(
    (fault) => log.error({ event: 'database.failed', ...fault }),
    nowMs,
  )
  const synthetic = new SyntheticRule({
    networks: settings.networks,
    inventory,
    mark: { isImage: isSyntheticImage, isSet: isSyntheticSet },
    rehearsal,
  })
  const time = { speed: settings.conversions.phoneSpeed }
  const recent = await data.events.list({ limit: RECENT })
  const journal = new Journal(
    data.events,
    Math.max(data.events.newestId, await newestNumber(data.marks)),
    onStoreFault,
    recent.events.map(recordedOf),
  )
  const counters = new Counters()
  const isEnrolled = (mac: Mac) => inventory.phone(mac) !== undefined
  const recorder = new Recorder(log, journal, counters, isEnrolled)
  const runs = { nowMs, startTimer: startNodeTimer, onFault: onStoreFault }
  const conversions = new Conversions({
    ...runs,
    store: stores.conversions,
    seenStore: stores.seen,
    available: inventory,
    veto: ({ network }, load) => synthetic.vetoOn(network, load),
    time,
    onEvent: (event, atMs) => recorder.onConversionEvent(event, atMs),
    drives: (mac) => sharing?.documents.drives('conversion', mac) ?? true,
  })
  const { engine } = conversions
  const stored = await data.conversions.load()
  const storedSeen = await data.seen.load()
  engine.restoreSeen(storedSeen.seen.filter(({ mac }) => isEnrolled(mac)))
  const jobFaults = engine.restore(stored.conversions.filter(({ mac }) => isEnrolled(mac)))
  const rollouts = await loadRollouts({
    ...runs,
    store: stores.rollouts,
    conversions: engine,
    inventory,
    time,
    onEvent: (event, atMs) => recorder.onRolloutEvent(event, atMs),
    drives: (id) => sharing?.documents.drives('rollout', id) ?? true,
  })
  conversions.changed.subscribe((mac) => rollouts.runner.conversionChanged(mac))
  // A phone in the middle of its steps would find the next one gone, and one whose turn comes
  // tomorrow its first.
  inventory.keepFirmwareFor((load) => [
    ...engine.phonesNeeding(load).map((mac) => `phone ${mac}`),
    ...rollouts.engine.rolloutsNeeding(load).map((id) => `roll-out ${id}`),
  ])
  const trouble = new EnrolmentTrouble({
    isEnrolled,
    awaitsConversion: (mac) =>
      inventory.phone(mac)?.label === AUTOMATIC_LABEL && engine.conversion(mac) === undefined,
  })
  const unknownDevices = new UnknownDevices({
    isEnrolled,
    enrolmentFailed: (mac, atMs) => trouble.isOpen(mac, atMs),
    leaseTable,
    journal,
    log,
  })
  for (const event of journal.recent()) trouble.note(event)
  unknownDevices.restore(journal.recent())
  inventory.onChange((notice) => {
    if (notice.kind === 'phone-stored') unknownDevices.forget(notice.phone.mac)
  })
  logIgnoredRows(log, [
    ...faults,
    ...leases.faults,
    ...leaseFaults,
    ...stored.faults,
    ...storedSeen.faults,
    ...jobFaults,
    ...rollouts.faults,
    ...recent.faults,
  ])
  for (const text of unreadableTexts(inventory))
    log.warn({ event: 'inventory.text.unreadable', text })
  const foreign = new ForeignRegistrations()
  if (sharing !== null) {
    const onFault = (fault: string) => logIgnoredRows(log, [fault])
    const { registrations } = await data.registrations.load()
    for (const one of registrations)
      if (!sharing.documents.drives('registration', one.mac)) foreign.put(one.mac, one)
    followDocuments(sharing.documents, {
      ...{ conversions, rollouts, registrations: foreign, onFault },
    })
    await sharing.documents.start()
  }
  const otherEvents = sharing?.followEvents({ journal, history: data.events }) ?? null
  return {
    data,
    sharing,
    stores,
    otherEvents,
    foreign,
    cache,
    inventory,
    synthetic,
    directory,
    leaseTable,
    engine,
    conversions,
    rollouts,
    journal,
    counters,
    recorder,
    trouble,
    unknownDevices,
    onStoreFault,
    nowMs,
  }
}

/** Leases of a network that is shared come from PostgreSQL, once the network is this appliance's. */
function isKeptHere({ networks }: Settings): (binding: Binding) => boolean {
  const shared = new Set(networks.flatMap(({ name, leases }) => (leases === 'shared' ? name : [])))
  return ({ scope }) => !shared.has(scope)
}

/** Text that an earlier version stored and phones cannot read, an entry a sentence. */
function unreadableTexts(inventory: Inventory): readonly string[] {
  const found = findUnreadableTexts(inventory.phones(), inventory.profiles())
  return found.map(({ entry, problems }) => {
    const faults = problems.map(({ path, message }) => `${path}: ${message}`).join('; ')
    return `${entry}: ${faults}. Generated files omit such characters; enter the text again`
  })
}

/** Serving without a memory is worse than not serving: the supervisor starts us again (exit 70). */
function endProcess(error: unknown): void {
  setImmediate(() => {
    throw error
  })
}

/**
 * Writes what is still to be kept, and closes the database, whatever could not be written.
 *
 * @throws What the store says where conversions or roll-outs could not be written.
 */
export async function closeState(state: ApplicationState): Promise<void> {
  const { conversions, rollouts, journal, data, sharing } = state
  try {
    await Promise.all([conversions.close(), rollouts.runner.close()])
  } finally {
    await journal.flush()
    await sharing?.close()
    await data.database.close()
  }
}
