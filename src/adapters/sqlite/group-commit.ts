import type BetterSqlite3 from 'better-sqlite3'
import { failureOf } from './database-error.ts'
import type { Batch, BatchFailure } from './worker-message.ts'

/** All SQL texts of the stores fit; the bound is for what was not foreseen. */
const MAX_PREPARED = 200

/** Prepared statements by their text, so that a lease costs no parsing. */
export class PreparedStatements {
  readonly #connection: BetterSqlite3.Database
  readonly #bySql = new Map<string, BetterSqlite3.Statement<unknown[]>>()

  constructor(connection: BetterSqlite3.Database) {
    this.#connection = connection
  }

  /** @throws SQLite's error where the text is not SQL. */
  get(sql: string): BetterSqlite3.Statement<unknown[]> {
    const known = this.#bySql.get(sql)
    if (known !== undefined) return known
    if (this.#bySql.size >= MAX_PREPARED) this.#bySql.clear()
    const prepared = this.#connection.prepare<unknown[]>(sql)
    this.#bySql.set(sql, prepared)
    return prepared
  }
}

/**
 * Stores batches in one transaction, and so with one sync of the disk. A batch that fails is
 * taken back alone; where the transaction itself fails (full disk, locked file), all of them are.
 *
 * @returns The batches that are not stored; everything else is on disk.
 */
export function commitGroup(
  connection: BetterSqlite3.Database,
  prepared: PreparedStatements,
  batches: readonly Batch[],
): readonly BatchFailure[] {
  try {
    prepared.get('BEGIN IMMEDIATE').run()
    const failures = runBatches(connection, prepared, batches)
    prepared.get('COMMIT').run()
    return failures
  } catch (thrown) {
    if (connection.inTransaction) connection.exec('ROLLBACK')
    const failure = failureOf(thrown)
    return batches.map((_, index) => ({ index, ...failure }))
  }
}

/**
 * Commits a transaction that changes nothing and is written all the same: the page with the version
 * of the tables, as it is.
 *
 * @param busyTimeoutMs - How long this one waits for another program that holds the file.
 * @throws SQLite's error where it does not get to the disk.
 */
export function tryCommit(connection: BetterSqlite3.Database, busyTimeoutMs: number): void {
  const usualMs = connection.pragma('busy_timeout', { simple: true })
  connection.pragma(`busy_timeout = ${busyTimeoutMs}`)
  try {
    connection.exec('BEGIN IMMEDIATE')
    const version = connection.pragma('user_version', { simple: true })
    connection.pragma(`user_version = ${version}`)
    connection.exec('COMMIT')
  } catch (thrown) {
    if (connection.inTransaction) connection.exec('ROLLBACK')
    throw thrown
  } finally {
    connection.pragma(`busy_timeout = ${usualMs}`)
  }
}

function runBatches(
  connection: BetterSqlite3.Database,
  prepared: PreparedStatements,
  batches: readonly Batch[],
): BatchFailure[] {
  const failures: BatchFailure[] = []
  for (const [index, batch] of batches.entries()) {
    prepared.get('SAVEPOINT batch').run()
    try {
      runBatch(prepared, batch)
    } catch (thrown) {
      // SQLite has ended the whole transaction by itself: nothing of the group can be saved.
      if (!connection.inTransaction) throw thrown
      prepared.get('ROLLBACK TO batch').run()
      failures.push({ index, ...failureOf(thrown) })
    }
    prepared.get('RELEASE batch').run()
  }
  return failures
}

function runBatch(prepared: PreparedStatements, batch: Batch): void {
  for (const { sql, rows } of batch) {
    const statement = prepared.get(sql)
    for (const row of rows) statement.run(...row)
  }
}
