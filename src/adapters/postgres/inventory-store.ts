import { InventoryBehind, type InventoryChange } from '../../inventory/inventory-store.ts'
import type {
  ChangesSince,
  InventorySource,
  SharedChange,
  SharedInventory,
} from '../../inventory/shared-inventory.ts'
import { counterOf, timelineOf, versionOn } from '../../services/shared-version.ts'
import {
  readFirmwareDocuments,
  readPhones,
  readProfiles,
  readSharedFileDocuments,
} from '../rows/inventory-documents.ts'
import type { PostgresConnection, PostgresRow, PostgresValue } from './connection.ts'
import { PostgresError } from './postgres-error.ts'

/** Deleted entries that are remembered, so that others learn of them without reading everything. */
const MAX_TOMBSTONES = 10_000

/** SQLSTATE of a missing row that a foreign key wants. */
const FOREIGN_KEY = '23503'

type Kind = SharedChange['kind']
type Run = (sql: string, values?: readonly PostgresValue[]) => Promise<readonly PostgresRow[]>

const TABLES = {
  phone: { table: 'phone', key: 'mac' },
  profile: { table: 'profile', key: 'name' },
  firmware: { table: 'firmware', key: 'load' },
  file: { table: 'shared_file', key: 'name' },
} as const

/** The channel on which a change of the inventory is announced; the payload is its counter. */
export const INVENTORY_CHANNEL = 'switchhook_inventory'

/**
 * The inventory that several appliances share, in PostgreSQL.
 *
 * A version, as others have it, is the counter and the timeline of the server. After a failover a
 * counter says nothing of what came before it: edits that no standby had confirmed are gone, others
 * have their numbers, and an appliance may have seen either. So a version of another timeline is
 * out of date, whatever its counter, and all is read again.
 */
export class PostgresInventoryStore implements InventorySource {
  readonly #connection: PostgresConnection

  /** @param connection - Not that of the leases: an upload would keep beats waiting. */
  constructor(connection: PostgresConnection) {
    this.#connection = connection
  }

  /** The version that stands there, to be written over. */
  version(): Promise<number> {
    return this.#connection.transaction(async (run) => (await this.#standOf(run)).version)
  }

  /** All of it, as of one version. */
  load(): Promise<SharedInventory> {
    return this.#connection.transaction(async (run) => {
      await run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY')
      const faults: string[] = []
      const all = (kind: Kind) => run(selectOf(kind, ''))
      return {
        ...(await this.#standOf(run)),
        phones: readPhones(await all('phone'), faults),
        profiles: readProfiles(await all('profile'), faults),
        firmware: readFirmwareDocuments(await all('firmware'), faults),
        files: readSharedFileDocuments(await all('file'), faults),
        faults,
      }
    })
  }

  /**
   * Entries that have changed since a version, oldest first; null if too much has been deleted since,
   * after a failover, and where an older state was restored.
   */
  changesSince(version: number): Promise<ChangesSince | null> {
    return this.#connection.transaction(async (run) => {
      await run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY')
      const stand = await this.#standOf(run)
      const counter = this.#counterOf(version)
      if (counter === null || counter < stand.trimmed || version > stand.version) return null
      const rows = await run(
        'SELECT kind, key FROM inventory_change WHERE version > $1 ORDER BY version',
        [counter],
      )
      const changes: SharedChange[] = []
      for (const { kind, key } of rows) {
        changes.push(await readChange(run, kind as Kind, String(key)))
      }
      return { ...stand, changes }
    })
  }

  /** The bytes of a file; undefined if they were never uploaded. */
  async blob(sha256: string): Promise<Uint8Array | undefined> {
    const [row] = await this.#connection.query('SELECT content FROM blob WHERE sha256 = $1', [
      sha256,
    ])
    return row?.['content'] instanceof Uint8Array ? row['content'] : undefined
  }

  /**
   * Stores changes that were checked against a version, all or none.
   *
   * @returns The new version.
   * @throws {@link InventoryBehind} if another version stands there: nothing was stored.
   */
  async commit(changes: readonly InventoryChange[], seen: number): Promise<number> {
    await this.#putBlobs(changes)
    try {
      return await this.#store(changes, seen)
    } catch (error) {
      // Another appliance has deleted the last user of the same bytes in between.
      if (!(error instanceof PostgresError) || error.code !== FOREIGN_KEY) throw error
      await this.#putBlobs(changes)
      return this.#store(changes, seen)
    }
  }

  /** Ahead of the transaction: megabytes on their way must not keep other changes waiting. */
  async #putBlobs(changes: readonly InventoryChange[]): Promise<void> {
    for (const [sha256, bytes] of changes.flatMap(blobsOf)) {
      await this.#connection.query(
        'INSERT INTO blob (sha256, content) VALUES ($1, $2) ON CONFLICT DO NOTHING',
        [sha256, bytes],
      )
    }
  }

  #store(changes: readonly InventoryChange[], seen: number): Promise<number> {
    return this.#connection.transaction(async (run) => {
      const [row] = await run(
        'UPDATE inventory_version SET version = version + 1 WHERE version = $1 RETURNING version',
        [this.#counterOf(seen)],
      )
      if (row === undefined) throw new InventoryBehind()
      const counter = Number(row['version'])
      for (const change of changes) await store(run, entryOf(change), counter)
      if (changes.some(({ kind }) => kind.startsWith('delete'))) await tidy(run)
      await run('SELECT pg_notify($1, $2)', [INVENTORY_CHANNEL, String(counter)])
      return this.#versionOf(counter)
    })
  }

  async #standOf(run: Run) {
    const [row] = await run('SELECT version, trimmed, origin FROM inventory_version')
    return {
      version: this.#versionOf(Number(row?.['version'])),
      trimmed: Number(row?.['trimmed']),
      origin: Number(row?.['origin']),
    }
  }

  #versionOf(counter: number): number {
    return versionOn(this.#connection.timeline, counter)
  }

  /** The counter of a version; null for one of another timeline. In a transaction, whose server is known. */
  #counterOf(version: number): number | null {
    return timelineOf(version) === this.#connection.timeline ? counterOf(version) : null
  }
}

/** A change as the tables have it. */
type Entry = {
  readonly kind: Kind
  readonly key: string
  /** Null: it is deleted. */
  readonly document: unknown
  readonly address: number | null
  readonly blobs: readonly string[]
}

function entryOf(change: InventoryChange): Entry {
  const none = { document: null, address: null, blobs: [] }
  switch (change.kind) {
    case 'put-phone': {
      const { phone } = change
      return { ...none, kind: 'phone', key: phone.mac, document: phone, address: phone.address }
    }
    case 'delete-phone':
      return { ...none, kind: 'phone', key: change.mac }
    case 'put-profile':
      return { ...none, kind: 'profile', key: change.profile.name, document: change.profile }
    case 'delete-profile':
      return { ...none, kind: 'profile', key: change.name }
    case 'put-firmware': {
      const { firmware } = change
      const blobs = [...new Set(firmware.files.map(({ sha256 }) => sha256))]
      return { ...none, kind: 'firmware', key: firmware.load, document: firmware, blobs }
    }
    case 'delete-firmware':
      return { ...none, kind: 'firmware', key: change.load }
    case 'put-file': {
      const { file } = change
      return { ...none, kind: 'file', key: file.name, document: file, blobs: [file.sha256] }
    }
    case 'delete-file':
      return { ...none, kind: 'file', key: change.name }
    default:
      return change satisfies never
  }
}

function blobsOf(change: InventoryChange): [string, Uint8Array][] {
  if (change.kind === 'put-firmware') return [...change.blobs]
  return change.kind === 'put-file' ? [[change.file.sha256, change.content]] : []
}

async function store(run: Run, entry: Entry, version: number): Promise<void> {
  const { kind, key, document, address, blobs } = entry
  const { table, key: column } = TABLES[kind]
  await run('DELETE FROM blob_use WHERE kind = $1 AND key = $2', [kind, key])
  if (document === null) await run(`DELETE FROM ${table} WHERE ${column} = $1`, [key])
  else if (kind === 'phone') {
    await run(
      `INSERT INTO phone (mac, document, address) VALUES ($1, $2, $3)
       ON CONFLICT (mac) DO UPDATE SET document = excluded.document, address = excluded.address`,
      [key, JSON.stringify(document), address],
    )
  } else {
    await run(
      `INSERT INTO ${table} (${column}, document) VALUES ($1, $2)
       ON CONFLICT (${column}) DO UPDATE SET document = excluded.document`,
      [key, JSON.stringify(document)],
    )
  }
  for (const sha256 of blobs) {
    await run('INSERT INTO blob_use (kind, key, sha256) VALUES ($1, $2, $3)', [kind, key, sha256])
  }
  await run(
    `INSERT INTO inventory_change (kind, key, version, deleted) VALUES ($1, $2, $3, $4)
     ON CONFLICT (kind, key) DO UPDATE SET version = excluded.version, deleted = excluded.deleted`,
    [kind, key, version, document === null],
  )
}

/** Deletes unused bytes, and the oldest records of what was deleted. */
async function tidy(run: Run): Promise<void> {
  await run(`DELETE FROM blob WHERE NOT EXISTS (
    SELECT FROM blob_use WHERE blob_use.sha256 = blob.sha256)`)
  await run(
    `WITH old AS (
      DELETE FROM inventory_change WHERE (kind, key) IN (
        SELECT kind, key FROM inventory_change WHERE deleted ORDER BY version DESC OFFSET $1)
      RETURNING version)
     UPDATE inventory_version SET trimmed = greatest(trimmed, (SELECT max(version) FROM old))`,
    [MAX_TOMBSTONES],
  )
}

async function readChange(run: Run, kind: Kind, key: string): Promise<SharedChange> {
  const rows = await run(selectOf(kind, `WHERE ${TABLES[kind].key} = $1`), [key])
  // A row that this program cannot read is as good as none here.
  const faults: string[] = []
  switch (kind) {
    case 'phone':
      return { kind, key, value: readPhones(rows, faults)[0] ?? null }
    case 'profile':
      return { kind, key, value: readProfiles(rows, faults)[0] ?? null }
    case 'firmware':
      return { kind, key, value: readFirmwareDocuments(rows, faults)[0] ?? null }
    case 'file':
      return { kind, key, value: readSharedFileDocuments(rows, faults)[0] ?? null }
    default:
      return kind satisfies never
  }
}

/** Documents as text: they are read as those of SQLite are. */
function selectOf(kind: Kind, where: string): string {
  const { table, key } = TABLES[kind]
  return `SELECT ${key} AS key, document::text AS document FROM ${table} ${where} ORDER BY ${key}`
}
