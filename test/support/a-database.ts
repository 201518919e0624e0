import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import type { Test } from 'tap'
import { Database, type DatabaseOptions } from '../../src/adapters/sqlite/database.ts'

/** A database in the test's own folder, closed when the test ends. */
export async function aDatabase(t: Test, options: DatabaseOptions = {}): Promise<Database> {
  const database = await Database.open(join(t.testdir(), 'switchhook.db'), options)
  t.teardown(() => database.close())
  return database
}

/** Changes rows behind the program's back, as a damaged disk or a curious operator does. */
export function tamper(database: Database, sql: string): void {
  const other = new BetterSqlite3(database.file)
  other.exec(sql)
  other.close()
}
