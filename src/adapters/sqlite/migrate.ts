import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import type BetterSqlite3 from 'better-sqlite3'
import { DatabaseError } from './database-error.ts'

/** One step forward of the tables. There is no way back: the copy made before it is that. */
export type Migration = {
  /** 1 for the first, each one more than the one before. */
  readonly version: number
  readonly sql: string
}

/** Marks a file as Switchhook's (SQLite file format, section 1.3.14): the letters `SWHK`. */
export const APPLICATION_ID = 0x5357484b

/**
 * Brings the tables to the newest version, in one transaction. A file that held something
 * before is copied to `<file>.v<version>.bak` first.
 *
 * Opens a write transaction even if there is nothing to do: a locked or read-only file is found
 * out at the start and not at the first lease.
 *
 * @param connection - On `file`, outside a transaction.
 * @throws {@link DatabaseError} `NEWER_VERSION`, `NOT_OURS`; SQLite's own error otherwise. The file
 *   is unchanged then.
 */
export function migrate(
  connection: BetterSqlite3.Database,
  file: string,
  migrations: readonly Migration[],
): void {
  const found = findVersion(connection, file)
  const supported = migrations.length
  if (found > supported) {
    const reason = `its schema has version ${found}, this program supports versions up to ${supported}; use a newer program or the copy from before the upgrade`
    throw new DatabaseError(file, 'NEWER_VERSION', 'open', reason)
  }
  if (found > 0 && found < supported) keepCopy(connection, `${file}.v${found}.bak`)
  const runAll = connection.transaction(() => {
    for (const { version, sql } of migrations.slice(found)) {
      connection.exec(sql)
      connection.pragma(`user_version = ${version}`)
    }
    if (found === 0) connection.pragma(`application_id = ${APPLICATION_ID}`)
  })
  runAll.immediate()
}

/**
 * The version of the tables; 0 for an empty file.
 *
 * @throws {@link DatabaseError} `NOT_OURS`.
 */
export function findVersion(connection: BetterSqlite3.Database, file: string): number {
  const isOurs = connection.pragma('application_id', { simple: true }) === APPLICATION_ID
  if (isOurs) return Number(connection.pragma('user_version', { simple: true }))
  const tables = connection.prepare('SELECT count(*) FROM sqlite_schema').pluck().get()
  if (tables === 0) return 0
  throw new DatabaseError(file, 'NOT_OURS', 'open', 'it is the database of another program')
}

function keepCopy(connection: BetterSqlite3.Database, copy: string): void {
  const partial = `${copy}.partial`
  rmSync(partial, { force: true })
  // Made before SQLite writes to it, because it holds passwords and must never be readable.
  const descriptor = openSync(partial, 'wx', 0o600)
  try {
    connection.prepare('VACUUM INTO ?').run(partial)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(partial, copy)
}
