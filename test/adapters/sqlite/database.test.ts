import { once } from 'node:events'
import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import BetterSqlite3 from 'better-sqlite3'
import t from 'tap'
import { Database } from '../../../src/adapters/sqlite/database.ts'
import type { DatabaseError } from '../../../src/adapters/sqlite/database-error.ts'
import type { Batch } from '../../../src/adapters/sqlite/worker-message.ts'

const put = (mac: string, document = '{}'): Batch => [
  { sql: 'INSERT INTO phones (mac, document) VALUES (?, ?)', rows: [[mac, document]] },
]
const macs = async (database: Database) =>
  (await database.read('SELECT mac FROM phones ORDER BY mac')).map(({ mac }) => mac)
const modeOf = (file: string) => statSync(file).mode & 0o777

t.test('stores a batch and reads it back after a restart', async (t) => {
  const file = join(t.testdir(), 'switchhook.db')
  const first = await Database.open(file)
  await first.write(put('000E84C060A6'))
  await first.close()
  const second = await Database.open(file)
  t.same(await macs(second), ['000E84C060A6'])
  t.equal(second.file, file)
  await second.close()
})

t.test('the file is for its owner only, and so is a folder that it makes', async (t) => {
  const folder = join(t.testdir(), 'deep', 'data')
  const file = join(folder, 'switchhook.db')
  const database = await Database.open(file)
  await database.write(put('000E84C060A6'))
  t.equal(modeOf(folder), 0o700)
  for (const name of readdirSync(folder)) t.equal(modeOf(join(folder, name)), 0o600, name)
  t.ok(readdirSync(folder).includes('switchhook.db-wal'), 'with a write-ahead log')
  await database.close()
})

t.test('a file that others may read is closed to them', async (t) => {
  const file = join(t.testdir(), 'switchhook.db')
  writeFileSync(file, '', { mode: 0o644 })
  const database = await Database.open(file)
  t.equal(modeOf(file), 0o600)
  await database.close()
})

t.test('every commit is synced, and foreign keys hold', async (t) => {
  const database = await Database.open(join(t.testdir(), 'switchhook.db'))
  const pragma = async (name: string) =>
    Object.values((await database.read(`PRAGMA ${name}`))[0] ?? {})
  t.same(await pragma('journal_mode'), ['wal'])
  t.same(await pragma('synchronous'), [2], 'FULL')
  t.same(await pragma('foreign_keys'), [1])
  await database.close()
})

t.test('a batch is stored whole or not at all, and fails alone', async (t) => {
  const database = await Database.open(join(t.testdir(), 'switchhook.db'))
  const outcomes = await Promise.allSettled([
    database.write(put('000000000001')),
    database.write([...put('000000000002'), ...put('000000000002')]),
    database.write([{ sql: 'NO SUCH STATEMENT', rows: [[]] }]),
    database.write(put('000000000003')),
  ])
  t.same(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'rejected', 'fulfilled'],
  )
  t.same(await macs(database), ['000000000001', '000000000003'])
  const [, twice] = outcomes
  t.match(twice, { reason: { name: 'DatabaseError', code: /SQLITE_CONSTRAINT/ } })
  t.match(twice, { reason: { message: /cannot write to .*switchhook\.db: UNIQUE/ } })
  await database.close()
})

t.test('what waits while one transaction is under way forms the next one', async (t) => {
  const database = await Database.open(join(t.testdir(), 'switchhook.db'))
  await database.write(put('first'))
  const walBytes = () => statSync(`${database.file}-wal`).size
  const before = walBytes()
  const underWay = database.write(put('under way'))
  // Two turns later the transaction before is certainly sent, and not answered yet.
  await undefined
  await undefined
  const waiting = Array.from({ length: 50 }, (_, index) => database.write(put(`waiting ${index}`)))
  await Promise.all([underWay, ...waiting])
  t.equal((await macs(database)).length, 52)
  // Each transaction appends each page that it changed, a table's and its index's, to the log.
  const frames = (walBytes() - before) / (4096 + 24)
  t.ok(frames <= 8, `${frames} pages for two transactions; one for each write would need 100`)
  await database.close()
})

t.test('close stores what still waits and refuses what comes later', async (t) => {
  const file = join(t.testdir(), 'switchhook.db')
  const database = await Database.open(file)
  const written = database.write(put('000000000001'))
  await database.close()
  await written
  await t.rejects(database.write(put('000000000002')), { code: 'CLOSED' })
  await t.rejects(database.read('SELECT 1'), { code: 'CLOSED' })
  await t.rejects(database.backup(`${file}.copy`), { code: 'CLOSED' })
  await t.resolves(database.close(), 'a second time does nothing')
  t.same(readdirSync(t.testdirName), ['switchhook.db'], 'the log is folded in')
})

t.test('a query that is wrong rejects, and the next one works', async (t) => {
  const database = await Database.open(join(t.testdir(), 'switchhook.db'))
  await t.rejects(database.read('SELECT mac FROM nowhere'), {
    code: 'SQLITE_ERROR',
    message: /cannot read .*switchhook\.db: no such table/,
  })
  t.same(await database.read('SELECT ? AS one', [1]), [{ one: 1 }])
  await database.close()
})

t.test(
  'a file locked by another program: the write fails with the cause, later ones work',
  async (t) => {
    const file = join(t.testdir(), 'switchhook.db')
    const database = await Database.open(file, { busyTimeoutMs: 20 })
    const other = new BetterSqlite3(file)
    other.exec('BEGIN IMMEDIATE')
    await t.rejects(database.write(put('000000000001')), {
      code: 'SQLITE_BUSY',
      message: /cannot write to .*switchhook\.db: database is locked/,
    })
    other.exec('ROLLBACK')
    await database.write(put('000000000002'))
    t.same(await macs(database), ['000000000002'])
    other.close()
    await database.close()
  },
)

t.test('a file that cannot be opened is named with the reason', async (t) => {
  const folder = t.testdir({
    'text.db': 'this is certainly not a database, it is a text'.repeat(40),
  })
  mkdirSync(join(folder, 'folder.db'))
  const foreign = new BetterSqlite3(join(folder, 'foreign.db'))
  foreign.exec('CREATE TABLE theirs (x)')
  foreign.close()
  const cases = [
    { name: 'text.db', code: 'SQLITE_NOTADB', message: /text\.db: file is not a database/ },
    { name: 'folder.db', code: 'EISDIR', message: /folder\.db/ },
    {
      name: 'foreign.db',
      code: 'NOT_OURS',
      message: /foreign\.db: it is a database of some other/,
    },
  ]
  for (const { name, code, message } of cases) {
    await t.rejects(Database.open(join(folder, name)), { code, message }, name)
  }
})

t.test('the end of the database thread is reported and fails what waits', async (t) => {
  const told: DatabaseError[] = []
  const started = once(process, 'worker')
  const opening = Database.open(join(t.testdir(), 'switchhook.db'), {
    onFailure: (error) => told.push(error),
  })
  const [worker] = (await started) as [Worker]
  const database = await opening
  const waiting = database.write(put('000000000001'))
  const later = database.read('SELECT 1')
  await worker.terminate()
  await Promise.allSettled([waiting, later])
  await t.rejects(database.write(put('000000000002')), { code: 'WORKER_GONE' })
  await t.rejects(database.read('SELECT 1'), { code: 'WORKER_GONE' })
  t.match(told, [{ message: /the database thread has ended: exit code 1 \(WORKER_GONE\)/ }])
  t.equal(told.length, 1)
  await database.close()
})

t.test('a backup holds what was committed before it and can be opened', async (t) => {
  const folder = t.testdir()
  const database = await Database.open(join(folder, 'switchhook.db'))
  await database.write(put('000000000001'))
  const copy = join(folder, 'copy.db')
  writeFileSync(copy, 'an older copy')
  await Promise.all([database.backup(copy), database.write(put('000000000002'))])
  t.equal(modeOf(copy), 0o600)
  t.notOk(readdirSync(folder).includes('copy.db.partial'))
  await database.close()
  const restored = await Database.open(copy)
  t.ok((await macs(restored)).includes('000000000001'))
  await restored.close()
})

t.test(
  'a backup never replaces the database and leaves nothing behind when it fails',
  async (t) => {
    const folder = t.testdir()
    const database = await Database.open(join(folder, 'switchhook.db'))
    await t.rejects(database.backup(database.file), { code: 'SAME_FILE' })
    symlinkSync(database.file, join(folder, 'link.db'))
    await t.rejects(database.backup(join(folder, 'link.db')), { code: 'SAME_FILE' })
    await t.rejects(database.backup(join(folder, 'no', 'such', 'folder.db')), {
      code: 'ENOENT',
      message: /cannot make .*folder\.db from .*switchhook\.db/,
    })
    await database.write(put('000000000001'))
    t.same(await macs(database), ['000000000001'])
    await database.close()
  },
)
