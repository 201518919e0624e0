import type { SharedFile, StoredFirmware } from '../../inventory/firmware.ts'
import type {
  InventoryChange,
  InventorySnapshot,
  InventoryStore,
} from '../../inventory/inventory-store.ts'
import {
  isText,
  readPhones,
  readProfiles,
  readSets,
  readSharedFiles,
} from '../rows/inventory-documents.ts'
import type { Database } from './database.ts'
import type { Batch, Statement } from './worker-message.ts'

const SELECT_PHONES = 'SELECT mac AS key, document FROM phones ORDER BY mac'
const SELECT_PROFILES = 'SELECT name AS key, document FROM profiles ORDER BY name'
const SELECT_FIRMWARE = `
  SELECT load, protocol, loader, added_at_ms AS addedAtMs FROM firmware ORDER BY load`
const SELECT_FIRMWARE_FILES = `
  SELECT load, name, bytes, sha256 FROM firmware_files ORDER BY load, position`
const SELECT_FILES = `
  SELECT name, bytes, sha256, added_at_ms AS addedAtMs FROM shared_files ORDER BY name`
const SELECT_BLOBS = 'SELECT sha256, content FROM blobs'

const PUT_PHONE = 'INSERT OR REPLACE INTO phones (mac, document) VALUES (?, ?)'
const PUT_PROFILE = 'INSERT OR REPLACE INTO profiles (name, document) VALUES (?, ?)'
const DELETE_FIRMWARE = 'DELETE FROM firmware WHERE load = ?'
const PUT_FIRMWARE = `
  INSERT INTO firmware (load, protocol, loader, added_at_ms) VALUES (?, ?, ?, ?)`
const PUT_FIRMWARE_FILE = `
  INSERT INTO firmware_files (load, position, name, bytes, sha256) VALUES (?, ?, ?, ?, ?)`
const PUT_FILE = `
  INSERT OR REPLACE INTO shared_files (name, bytes, sha256, added_at_ms) VALUES (?, ?, ?, ?)`
// Written again even if it is there: so a second upload heals bytes that the disk has spoilt.
const PUT_BLOB = `
  INSERT INTO blobs (sha256, content) VALUES (?, ?)
  ON CONFLICT (sha256) DO UPDATE SET content = excluded.content`
const DELETE_UNUSED_BLOBS = `
  DELETE FROM blobs WHERE sha256 NOT IN (
    SELECT sha256 FROM firmware_files UNION SELECT sha256 FROM shared_files)`

/** The inventory in SQLite. The bytes of files are kept once, and go with their last user. */
export class SqliteInventoryStore implements InventoryStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async load(): Promise<InventorySnapshot> {
    const faults: string[] = []
    const read = (sql: string) => this.#database.read(sql)
    const phones = readPhones(await read(SELECT_PHONES), faults)
    const profiles = readProfiles(await read(SELECT_PROFILES), faults)
    const rows = { sets: await read(SELECT_FIRMWARE), files: await read(SELECT_FIRMWARE_FILES) }
    const firmware = readSets(rows.sets, rows.files, faults)
    const files = readSharedFiles(await read(SELECT_FILES), faults)
    const blobs = new Map<string, Uint8Array>()
    for (const { sha256, content } of await read(SELECT_BLOBS)) {
      if (isText(sha256) && content instanceof Uint8Array) blobs.set(sha256, content)
    }
    return { phones, profiles, firmware, files, blobs, faults }
  }

  commit(changes: readonly InventoryChange[]): Promise<void> {
    const batch: Statement[] = changes.flatMap((change) => statementsFor(change))
    if (changes.some(mayFreeBlobs)) batch.push({ sql: DELETE_UNUSED_BLOBS, rows: [[]] })
    return this.#database.write(batch)
  }
}

function statementsFor(change: InventoryChange): Batch {
  switch (change.kind) {
    case 'put-phone':
      return [{ sql: PUT_PHONE, rows: [[change.phone.mac, JSON.stringify(change.phone)]] }]
    case 'delete-phone':
      return [{ sql: 'DELETE FROM phones WHERE mac = ?', rows: [[change.mac]] }]
    case 'put-profile':
      return [{ sql: PUT_PROFILE, rows: [[change.profile.name, JSON.stringify(change.profile)]] }]
    case 'delete-profile':
      return [{ sql: 'DELETE FROM profiles WHERE name = ?', rows: [[change.name]] }]
    case 'put-firmware':
      return putFirmware(change.firmware, change.blobs)
    case 'delete-firmware':
      return [{ sql: DELETE_FIRMWARE, rows: [[change.load]] }]
    case 'put-file':
      return putFile(change.file, change.content)
    case 'delete-file':
      return [{ sql: 'DELETE FROM shared_files WHERE name = ?', rows: [[change.name]] }]
    default:
      return change satisfies never
  }
}

function putFirmware(set: StoredFirmware, blobs: ReadonlyMap<string, Uint8Array>): Batch {
  return [
    { sql: PUT_BLOB, rows: Array.from(blobs, ([sha256, bytes]) => [sha256, ownCopy(bytes)]) },
    // Takes the files of a set that had this load before with it.
    { sql: DELETE_FIRMWARE, rows: [[set.load]] },
    { sql: PUT_FIRMWARE, rows: [[set.load, set.protocol, set.loader, set.addedAtMs]] },
    {
      sql: PUT_FIRMWARE_FILE,
      rows: set.files.map((file, position) => [
        set.load,
        position,
        file.name,
        file.bytes,
        file.sha256,
      ]),
    },
  ]
}

function putFile(file: SharedFile, content: Uint8Array): Batch {
  return [
    { sql: PUT_BLOB, rows: [[file.sha256, ownCopy(content)]] },
    { sql: PUT_FILE, rows: [[file.name, file.bytes, file.sha256, file.addedAtMs]] },
  ]
}

/**
 * On its way to the database thread a view takes all of its memory along (a whole
 * archive for one file of it), and SQLite takes no shared memory.
 */
function ownCopy(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes)
}

function mayFreeBlobs({ kind }: InventoryChange): boolean {
  return kind.endsWith('-firmware') || kind.endsWith('-file')
}
