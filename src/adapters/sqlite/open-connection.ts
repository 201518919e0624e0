import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import type BetterSqlite3 from 'better-sqlite3'
import { openSqlite } from './driver.ts'
import { migrate } from './migrate.ts'
import { MIGRATIONS } from './migrations/migrations.ts'

/** The write-ahead log is cut back to this after a checkpoint. */
const WAL_LIMIT_BYTES = 64 * 1024 * 1024

/**
 * Opens the database file for its one thread, makes it where it is missing (mode 0600, a new
 * directory 0700: it holds passwords) and brings its tables to the newest version.
 *
 * @param busyTimeoutMs - How long a statement waits for another program that holds the file.
 * @throws What SQLite or the file system threw; the connection is closed then.
 */
export function openConnection(file: string, busyTimeoutMs: number): BetterSqlite3.Database {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  // SQLite gives the write-ahead log the mode of the file, so the mode must be right first.
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
  const connection = openSqlite(file, { timeout: busyTimeoutMs })
  try {
    connection.pragma('journal_mode = WAL')
    // FULL: the log is synced at every commit. NORMAL would lose the last leases at a power cut.
    connection.pragma('synchronous = FULL')
    connection.pragma('foreign_keys = ON')
    connection.pragma('trusted_schema = OFF')
    connection.pragma(`journal_size_limit = ${WAL_LIMIT_BYTES}`)
    migrate(connection, file, MIGRATIONS)
    return connection
  } catch (thrown) {
    connection.close()
    throw thrown
  }
}
