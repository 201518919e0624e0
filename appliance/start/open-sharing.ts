import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import { readSecret } from '../../src/adapters/disk/read-secret.ts'
import type { PostgresConnection } from '../../src/adapters/postgres/connection.ts'
import type { SqliteInventoryStore } from '../../src/adapters/sqlite/inventory-store.ts'
import type { SqliteSharedDocuments } from '../../src/adapters/sqlite/shared-document-store.ts'
import type { SharedMarks } from '../../src/adapters/sqlite/shared-marks.ts'
import { connectWithinMs } from '../../src/ownership/ownership-timing.ts'
import { SharedEvents, type SharedEventsParts } from '../../src/services/events/shared-events.ts'
import { faultReporter } from '../../src/services/fault-reporter.ts'
import { MirroredInventory } from '../../src/services/mirrored-inventory.ts'
import { SharedDocuments } from '../../src/services/shared-documents.ts'
import type { Settings } from '../../src/settings/settings.ts'

/** `database.postgres` of the configuration. */
export type PostgresSettings = NonNullable<Settings['database']>['postgres']

/** What a connection follows by LISTEN, from each time that it is made. */
export type Listening = {
  readonly channel: string
  readonly onNotification: (payload: string) => void
}

/** How a connection is used. */
export type ConnectionUse = {
  readonly listen?: Listening
  /** Its statements do not wait for each other's answers. */
  readonly isPipelined?: boolean
}

/** What several appliances share, as this one is joined to it. */
export type Sharing = {
  readonly settings: PostgresSettings
  readonly inventory: MirroredInventory
  readonly documents: SharedDocuments
  /** Begins to exchange events; to be called once. */
  readonly followEvents: (parts: Pick<SharedEventsParts, 'journal' | 'history'>) => SharedEvents
  /** Why PostgreSQL cannot be used now, in words without a password; null while it can. */
  readonly fault: () => string | null
  /** Why what was changed here is not stored there, in words; null where nothing waits. */
  readonly unsent: () => string | null
  /** Makes a connection of its own, to be closed by the caller; its tables are ready. */
  readonly connect: (name: string, timeoutMs: number, use?: ConnectionUse) => PostgresConnection
  readonly close: () => Promise<void>
}

/** What this machine keeps of it. */
export type LocalCopy = {
  readonly inventory: SqliteInventoryStore
  readonly marks: SharedMarks
  readonly documents: SqliteSharedDocuments
}

/** Beyond this an upload of 32 MiB over a slow line is given up, in milliseconds. */
const DATA_TIMEOUT_MS = 60_000

/** A page of events is a small thing, in milliseconds. */
const EVENTS_TIMEOUT_MS = 10_000

/** What PostgreSQL has not answered by then is not waited for, in milliseconds. */
const CLOSE_WITHIN_MS = 2_000

/** Reads the URL of PostgreSQL. @throws Error whose message holds no password. */
export async function readHosts(urlFile: string) {
  const { readPostgresUrl } = await import('../../src/adapters/postgres/postgres-url.ts')
  const read = await readSecret(urlFile, { minLength: 1 })
  if (read.kind === 'refused') throw new Error(`database.postgres.urlFile: ${read.reason}`)
  const hosts = readPostgresUrl(read.secret)
  if (typeof hosts === 'string') throw new Error(`database.postgres.urlFile: ${hosts}`)
  return hosts
}

/**
 * Joins this appliance to the others in PostgreSQL, which need not answer: it is tried until it does.
 * The packages for it are loaded here, and nowhere without `database.postgres`.
 */
export async function openSharing(
  settings: PostgresSettings,
  copy: LocalCopy,
  { log, nowMs }: { readonly log: Logger; readonly nowMs: () => number },
): Promise<Sharing> {
  const adapters = await loadAdapters()
  const hosts = await readHosts(settings.urlFile)
  const connect = connector(adapters, hosts, settings)
  const data = connect('data', DATA_TIMEOUT_MS)
  const inventory = new MirroredInventory(new adapters.PostgresInventoryStore(data), {
    load: () => copy.inventory.load(),
    commit: (changes) => copy.inventory.commit(changes),
    version: () => copy.marks.get('inventory'),
    setVersion: (version) => copy.marks.set('inventory', version),
    origin: () => copy.marks.get('inventory.origin'),
    setOrigin: (origin) => copy.marks.set('inventory.origin', origin),
  })
  const appliance = `${settings.site}/${settings.name}`
  const onFault = faultReporter((fault) => log.warn({ event: 'postgres.failed', ...fault }), nowMs)
  const documents = new SharedDocuments({
    source: new adapters.PostgresDocumentStore(data),
    copy: copy.documents,
    appliance,
    onFault,
  })
  // Apart from the others: who looks for a rare event keeps no change waiting.
  const eventData = connect('events', EVENTS_TIMEOUT_MS)
  let events: SharedEvents | null = null
  const exchange = () => void events?.exchange()
  const feed = changeFeed(adapters, { hosts, inventory, documents, exchange, log })
  await feed.start()
  await documents.load()
  return {
    settings,
    inventory,
    documents,
    followEvents: (parts) => {
      const source = new adapters.PostgresEventStore(eventData)
      const own = { here: appliance, source, marks: copy.marks, isThere: () => feed.fault === null }
      events = new SharedEvents({ ...parts, ...own, onFault })
      if (feed.fault === null) exchange()
      return events
    },
    fault: () => feed.fault ?? inventory.fault,
    unsent: () => documents.fault,
    connect,
    close: async () => {
      const closed = feed.close().then(() => Promise.all([documents.close(), events?.close()]))
      await Promise.race([closed, pause(CLOSE_WITHIN_MS, undefined, { ref: false })])
      await Promise.all([data.close(), eventData.close()])
    },
  }
}

type Adapters = Awaited<ReturnType<typeof loadAdapters>>

async function loadAdapters() {
  const { PostgresConnection } = await import('../../src/adapters/postgres/connection.ts')
  const { ChangeFeed } = await import('../../src/adapters/postgres/change-feed.ts')
  const inventoryStore = await import('../../src/adapters/postgres/inventory-store.ts')
  const documentStore = await import('../../src/adapters/postgres/document-store.ts')
  const { PostgresEventStore } = await import('../../src/adapters/postgres/event-store.ts')
  const { prepareTables } = await import('../../src/adapters/postgres/migrate.ts')
  const { MIGRATIONS } = await import('../../src/adapters/postgres/migrations/migrations.ts')
  const prepare = (run: Parameters<typeof prepareTables>[0]) => prepareTables(run, MIGRATIONS)
  const classes = { PostgresConnection, ChangeFeed, PostgresEventStore }
  return { ...classes, ...inventoryStore, ...documentStore, prepare }
}

type Hosts = Awaited<ReturnType<typeof readHosts>>

/** Makes connections whose tables are ready. */
function connector(
  { PostgresConnection, prepare }: Adapters,
  hosts: Hosts,
  { takeoverAfter }: PostgresSettings,
): Sharing['connect'] {
  const connectMs = connectWithinMs({ takeoverAfterMs: takeoverAfter.seconds * 1000 }, hosts.length)
  return (name, timeoutMs, { listen, isPipelined = false } = {}) => {
    const common = { name, timeoutMs, connectMs, isPipelined }
    if (listen === undefined) return new PostgresConnection(hosts, { ...common, prepare })
    return new PostgresConnection(hosts, {
      ...common,
      prepare: async (run) => {
        await prepare(run)
        await run(`LISTEN ${listen.channel}`)
      },
      onNotification: (_channel, payload) => listen.onNotification(payload),
    })
  }
}

type FeedParts = Pick<Sharing, 'inventory' | 'documents'> & {
  readonly hosts: Hosts
  readonly exchange: () => void
  readonly log: Logger
}

/** Follows what others change, and PostgreSQL as it goes and comes back. */
function changeFeed(adapters: Adapters, parts: FeedParts) {
  const { INVENTORY_CHANNEL, DOCUMENT_CHANNEL, announcedDocument, prepare } = adapters
  const { hosts, inventory, documents, exchange, log } = parts
  return new adapters.ChangeFeed({
    hosts,
    prepare,
    channels: [INVENTORY_CHANNEL, DOCUMENT_CHANNEL],
    onChange: (channel, payload) => {
      if (channel === INVENTORY_CHANNEL) return inventory.onAnnounced()
      const announced = announcedDocument(payload)
      if (announced !== undefined) documents.onAnnounced(announced)
    },
    onAlive: () => {
      documents.retry()
      exchange()
    },
    onBack: () => {
      exchange()
      log.info({ event: 'postgres.reached' })
      inventory.onAnnounced()
      documents.onBack()
    },
    onAway: (reason) => log.error({ event: 'postgres.away', reason }),
  })
}
