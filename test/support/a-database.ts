import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Database, type DatabaseOptions } from '../../src/adapters/sqlite/database.ts'
import { openSqlite } from '../../src/adapters/sqlite/driver.ts'

/**
 * The database of a test file, in its own folder, emptied before each test and closed behind the
 * last: a thread of its own for each test would take most of their time.
 */
export async function aDatabase(options: DatabaseOptions = {}): Promise<Database> {
  const database = await Database.open(join(t.testdir(), 'switchhook.db'), options)
  t.beforeEach(() =>
    database.write(TABLES.map((table) => ({ sql: `DELETE FROM ${table}`, rows: [[]] }))),
  )
  t.teardown(() => database.close())
  return database
}

/** A database in a folder of its own: that of one of several machines. */
export async function aFreshDatabase(t: Pick<Test, 'teardown'>): Promise<Database> {
  const dir = mkdtempSync(join(tmpdir(), 'switchhook-db-'))
  const database = await Database.open(join(dir, 'switchhook.db'))
  t.teardown(async () => {
    await database.close()
    rmSync(dir, { recursive: true, force: true })
  })
  return database
}

/** Changes rows behind the program's back, as a damaged disk or a curious operator does. */
export function tamper(database: Database, sql: string): void {
  const other = openSqlite(database.file)
  other.exec(sql)
  other.close()
}

/** In an order that foreign keys allow. */
const TABLES = [
  'shared_marks',
  'shared_documents',
  'registrations',
  'seen',
  'leases',
  'phones',
  'profiles',
  'firmware',
  'shared_files',
  'blobs',
  'conversions',
  'rollouts',
  'events',
]
