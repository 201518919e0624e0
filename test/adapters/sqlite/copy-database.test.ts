import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type BetterSqlite3 from 'better-sqlite3'
import t, { type Test } from 'tap'
import { backUpDatabase, restoreDatabase } from '../../../src/adapters/sqlite/copy-database.ts'
import { Database } from '../../../src/adapters/sqlite/database.ts'
import { openSqlite } from '../../../src/adapters/sqlite/driver.ts'
import { MIGRATIONS } from '../../../src/adapters/sqlite/migrations/migrations.ts'

const INSERT = "INSERT INTO phones (mac, document) VALUES (?, '{}')"

async function aLiveDatabase(t: Test) {
  const dir = t.testdir()
  const file = join(dir, 'live.db')
  const database = await Database.open(file)
  t.teardown(() => database.close())
  return { dir, file, database, copy: join(dir, 'copy.db') }
}

const countIn = (file: string) => {
  const connection = openSqlite(file, { readonly: true })
  try {
    return connection.prepare('SELECT count(*) FROM phones').pluck().get()
  } finally {
    connection.close()
  }
}

t.test('a copy has all that was committed, while commits go on', async (t) => {
  const { file, database, copy } = await aLiveDatabase(t)
  const put = (number: number) =>
    database.write([{ sql: INSERT, rows: [[`0200000000${number + 10}`]] }])
  await put(1)
  const later = [put(2), put(3)]
  const { bytes, version } = backUpDatabase(file, copy)
  await Promise.all(later)
  t.ok(Number(countIn(copy)) >= 1)
  t.equal(statSync(copy).size, bytes)
  t.equal(statSync(copy).mode & 0o777, 0o600)
  t.equal(version, MIGRATIONS.length)
  backUpDatabase(file, copy)
  t.equal(countIn(copy), 3, 'a copy of that name is replaced')
})

t.test('a database is not copied over itself, and what is none is not copied', async (t) => {
  const { dir, file, copy } = await aLiveDatabase(t)
  t.throws(() => backUpDatabase(file, file), { code: 'SAME_FILE' })
  t.throws(() => backUpDatabase(join(dir, 'none.db'), copy), { code: 'ENOENT' })
  const other = join(dir, 'other.db')
  const connection = openSqlite(other)
  connection.exec('CREATE TABLE things (name TEXT)')
  connection.close()
  t.throws(() => backUpDatabase(other, copy), { code: 'NOT_OURS' })
  t.throws(() => backUpDatabase(file, join(dir, 'no', 'copy.db')), { code: 'ENOENT' })
  t.notOk(
    readdirSync(dir).some((name) => name.includes('copy')),
    'nothing is left behind',
  )
})

t.test('only a whole backup that this program understands is restored', async (t) => {
  const { dir, file, copy } = await aLiveDatabase(t)
  backUpDatabase(file, copy)
  const target = join(dir, 'new', 'switchhook.db')
  const bad = join(dir, 'bad.db')
  const changed = (change: (connection: BetterSqlite3.Database) => void) => {
    copyFileSync(copy, bad)
    const connection = openSqlite(bad)
    change(connection)
    connection.close()
  }
  const cases = [
    { code: 'ENOENT', make: () => undefined, from: join(dir, 'none.db') },
    {
      code: 'NEWER_VERSION',
      make: () => changed((connection) => void connection.pragma('user_version = 99')),
    },
    { code: 'NOT_OURS', make: () => changed((c) => void c.pragma('application_id = 7')) },
    { code: 'DAMAGED', make: () => writeFileSync(bad, 'this is no database, but long enough') },
    { code: 'DAMAGED', make: () => writeFileSync(bad, '') },
    {
      code: 'DAMAGED',
      make: () => writeFileSync(bad, readFileSync(copy).subarray(0, 9_000)),
    },
    { code: 'DAMAGED', make: () => writeFileSync(bad, readFileSync(copy).fill(0x5a, 8_192)) },
  ]
  for (const { code, make, from = bad } of cases) {
    make()
    t.throws(() => restoreDatabase(from, target), { code }, code)
    t.notOk(readdirSync(dir).includes('new'), `${code}: nothing was written`)
  }
  t.match(restoreDatabase(copy, target), { version: MIGRATIONS.length })
  t.equal(statSync(target).mode & 0o777, 0o600)
  t.throws(() => restoreDatabase(copy, target), { code: 'NOT_EMPTY' })
})
