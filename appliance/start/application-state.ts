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
import type { Conversions } from '../../src/services/conversions/conversions.ts'
import type { LoadedRollouts } from '../../src/services/conversions/load-rollouts.ts'
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
import type { StartTimer } from '../../src/services/start-timer.ts'
import { scopesOf } from '../../src/settings/scopes.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { isSyntheticImage, isSyntheticSet } from '../../src/simulator/synthetic-mark.ts'
import { followDocuments } from './follow-documents.ts'
import { logIgnoredRows } from './ignored-rows.ts'
import { loadJobs } from './load-jobs.ts'
import { isUnfinished } from './move-data.ts'
import { type KeptData, type OpenData, openData, orClose } from './open-data.ts'
import { openSharing, type Sharing } from './open-sharing.ts'

/** All that the appliance knows, before it opens a socket. */
export type ApplicationState = {
  readonly data: KeptData
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
  /** What automatic enrolment could not do, and the devices that are not enrolled. */
  readonly trouble: EnrolmentTrouble
  readonly unknownDevices: UnknownDevices
  /** To be told of whatever could not be stored. */
  readonly onStoreFault: (error: unknown) => void
  readonly nowMs: () => number
  readonly startTimer: StartTimer
}

/** What is told of it. */
export type StateCallbacks = {
  readonly log: Logger
  readonly nowMs: () => number
  /** `serve --rehearsal`; default false. */
  readonly rehearsal?: boolean
  /** Timers by the same clock; default those of Node. */
  readonly startTimer?: StartTimer
}

/** Firmware of a hundred loads, twice over, beside the shared folder; in bytes. */
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
  await orClose(data.database, refuseUnfinished(data, settings))
  return orClose(data.database, readShared(data, settings, callbacks))
}

async function refuseUnfinished(data: OpenData, { dataDir }: Settings): Promise<void> {
  if (!(await isUnfinished(data))) return
  throw new Error(
    `${dataDir} is not complete: a \`switchhook database move --to-sqlite\` into it was interrupted. Remove its files and move again`,
  )
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

/** Reads what is kept into memory and joins what is made of it. */
export async function readState(
  { sharing, ...data }: KeptData & Pick<ApplicationState, 'sharing'>,
  settings: Settings,
  callbacks: StateCallbacks,
): Promise<ApplicationState> {
  const { log, nowMs, startTimer = startNodeTimer } = callbacks
  const onStoreFault = faultReporter(
    (fault) => log.error({ event: 'database.failed', ...fault }),
    nowMs,
  )
  const stores = sharing === null ? data : sharedStores(data, sharing.documents)
  const opened = { data, sharing, stores, onStoreFault }
  const held = await readInventory(opened, settings, callbacks)
  const { inventory } = held.parts
  const leased = await readLeases(data, settings, { inventory, nowMs })
  const written = await openJournal(opened, { inventory, log })
  const { journal, recorder } = written.parts
  const jobs = await loadJobs({
    ...{ ...opened, inventory, recorder, nowMs, startTimer },
    synthetic: held.parts.synthetic,
    time: { speed: settings.conversions.phoneSpeed },
  })
  const { leaseTable } = leased.parts
  const devices = listDevices({ ...jobs.parts, inventory, leaseTable, journal, log })
  const faults = [...held.faults, ...leased.faults, ...jobs.faults, ...written.faults]
  logIgnoredRows(log, faults)
  for (const text of unreadableTexts(inventory))
    log.warn({ event: 'inventory.text.unreadable', text })
  const foreign = new ForeignRegistrations()
  if (sharing !== null) await followShared(sharing, { data, foreign, log, ...jobs.parts })
  const otherEvents = sharing?.followEvents({ journal, history: data.events }) ?? null
  const read = { ...held.parts, ...leased.parts, ...written.parts, ...jobs.parts, ...devices }
  return { ...opened, ...read, otherEvents, foreign, nowMs, startTimer }
}

/** Phones, profiles, firmware and shared files, and what firmware may go where. */
async function readInventory(
  { data, sharing }: Pick<ApplicationState, 'data' | 'sharing'>,
  settings: Settings,
  { log, rehearsal = false }: StateCallbacks,
) {
  const cache = new FileCache(FILE_CACHE_BYTES + settings.tftp.maxShared)
  const { inventory, faults } = await Inventory.load({
    store: sharing?.inventory ?? data.inventory,
    cache,
    networks: knownNetworks(settings.networks),
    switches: settings.switches,
    onFault: (fault) => logIgnoredRows(log, [fault]),
  })
  const synthetic = new SyntheticRule({
    networks: settings.networks,
    inventory,
    mark: { isImage: isSyntheticImage, isSet: isSyntheticSet },
    rehearsal,
  })
  return { parts: { cache, inventory, synthetic }, faults }
}

/** Leases, and the enrolled phones as DHCP asks for them. */
async function readLeases(
  data: KeptData,
  settings: Settings,
  { inventory, nowMs }: Pick<ApplicationState, 'inventory' | 'nowMs'>,
) {
  const directory = clientDirectory(inventory)
  const leaseTable = new LeaseTable(scopesOf(settings), directory)
  const leases = await data.leases.load()
  const faults = leaseTable.load(leases.bindings.filter(isKeptHere(settings)), nowMs())
  return { parts: { directory, leaseTable }, faults: [...leases.faults, ...faults] }
}

/** The journal with its newest events, and what writes into it. */
async function openJournal(
  { data, onStoreFault }: Pick<ApplicationState, 'data' | 'onStoreFault'>,
  { inventory, log }: Pick<ApplicationState, 'inventory'> & Pick<StateCallbacks, 'log'>,
) {
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
  return { parts: { journal, counters, recorder }, faults: recent.faults }
}

type DeviceParts = Pick<ApplicationState, 'inventory' | 'leaseTable' | 'journal' | 'engine'> &
  Pick<StateCallbacks, 'log'>

/** What automatic enrolment could not do, and the devices that are not enrolled. */
function listDevices({ inventory, leaseTable, journal, engine, log }: DeviceParts) {
  const isEnrolled = (mac: Mac) => inventory.phone(mac) !== undefined
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
  return { trouble, unknownDevices }
}

type FollowingParts = Pick<ApplicationState, 'data' | 'foreign' | 'conversions' | 'rollouts'> &
  Pick<StateCallbacks, 'log'>

/** Follows what goes on at other appliances. */
async function followShared(sharing: Sharing, parts: FollowingParts): Promise<void> {
  const { data, foreign, conversions, rollouts, log } = parts
  const onFault = (fault: string) => logIgnoredRows(log, [fault])
  const { registrations } = await data.registrations.load()
  for (const one of registrations)
    if (!sharing.documents.drives('registration', one.mac)) foreign.put(one.mac, one)
  followDocuments(sharing.documents, { conversions, rollouts, registrations: foreign, onFault })
  await sharing.documents.start()
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
