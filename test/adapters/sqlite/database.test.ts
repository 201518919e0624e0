import { once } from 'node:events'
import { readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import t from 'tap'
import { Database } from '../../../src/adapters/sqlite/database.ts'
import type { DatabaseError } from '../../../src/adapters/sqlite/database-error.ts'
import { openSqlite } from '../../../src/adapters/sqlite/driver.ts'
import type { Batch } from '../../../src/adapters/sqlite/worker-message.ts'
import { aDatabase } from '../../support/a-database.ts'

const put = (mac: string, document = '{}'): Batch => [
  { sql: 'INSERT INTO phones (mac, document) VALUES (?, ?)', rows: [[mac, document]] },
]
const macs = async (database: Database) =>
  (await database.read('SELECT mac FROM phones ORDER BY mac')).map(({ mac }) => mac)
/** Without a second database thread, which would take seconds to start. */
const macsIn = (file: string) => {
  const connection = openSqlite(file, { readonly: true })
  const found = connection.prepare('SELECT mac FROM phones ORDER BY mac').pluck().all()
  connection.close()
  return found
}
const modeOf = (file: string) => statSync(file).mode & 0o777

const database = await aDatabase({ busyTimeoutMs: 20 })

t.test('a batch is stored whole or not at all, and fails alone', async (t) => {
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
  t.same(macsIn(database.file), ['000000000001', '000000000003'], 'and on disk')
  const [, twice] = outcomes
  t.match(twice, { reason: { name: 'DatabaseError', code: /SQLITE_CONSTRAINT/ } })
  t.match(twice, { reason: { message: /cannot write to .*switchhook\.db: UNIQUE/ } })
})

t.test('what waits while one transaction is under way forms the next one', async (t) => {
  await database.write(put('first'))
  const walBytes = () => statSync(`${database.file}-wal`).size
  const before = walBytes()
  const underWay = database.write(put('in progress'))
  // Two turns later the transaction before is certainly sent, and not answered yet.
  await undefined
  await undefined
  const waiting = Array.from({ length: 50 }, (_, index) => database.write(put(`waiting ${index}`)))
  await Promise.all([underWay, ...waiting])
  t.equal((await macs(database)).length, 52)
  // Each transaction appends each page that it changed, a table's and its index's, to the log.
  const frames = (walBytes() - before) / (4096 + 24)
  t.ok(frames <= 8, `${frames} pages for two transactions; one for each write would need 100`)
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
  t.same(macsIn(file), ['000000000001'])
})

t.test('a query that is wrong rejects, and the next one works', async (t) => {
  await t.rejects(database.read('SELECT mac FROM nowhere'), {
    code: 'SQLITE_ERROR',
    message: /cannot read .*switchhook\.db: no such table/,
  })
  t.same(await database.read('SELECT ? AS one', [1]), [{ one: 1 }])
})

t.test(
  'a file locked by another program: the write fails with the cause, later ones work',
  async (t) => {
    const other = openSqlite(database.file)
    other.exec('BEGIN IMMEDIATE')
    await t.rejects(database.write(put('000000000001')), {
      code: 'SQLITE_BUSY',
      message: /cannot write to .*switchhook\.db: database is locked/,
    })
    other.exec('ROLLBACK')
    await database.write(put('000000000002'))
    t.same(await macs(database), ['000000000002'])
    other.close()
  },
)

t.test('the end of the database thread is reported and fails what waits', async (t) => {
  const reported: DatabaseError[] = []
  const started = once(process, 'worker')
  const opening = Database.open(join(t.testdir(), 'switchhook.db'), {
    onFailure: (error) => reported.push(error),
  })
  const [worker] = (await started) as [Worker]
  const database = await opening
  const waiting = database.write(put('000000000001'))
  const later = database.read('SELECT 1')
  await worker.terminate()
  await Promise.allSettled([waiting, later])
  await t.rejects(database.write(put('000000000002')), { code: 'WORKER_GONE' })
  await t.rejects(database.read('SELECT 1'), { code: 'WORKER_GONE' })
  t.match(reported, [{ message: /the database thread has ended: exit code 1 \(WORKER_GONE\)/ }])
  t.equal(reported.length, 1)
  await database.close()
})

t.test('a backup holds what was committed before it and can be opened', async (t) => {
  const folder = t.testdir()
  await database.write(put('000000000001'))
  const copy = join(folder, 'copy.db')
  writeFileSync(copy, 'an older copy')
  await Promise.all([database.backup(copy), database.write(put('000000000002'))])
  t.equal(modeOf(copy), 0o600)
  t.notOk(readdirSync(folder).includes('copy.db.partial'))
  t.ok(macsIn(copy).includes('000000000001'))
})

t.test(
  'a backup never replaces the database and leaves nothing behind when it fails',
  async (t) => {
    const folder = t.testdir()
    await t.rejects(database.backup(database.file), { code: 'SAME_FILE' })
    symlinkSync(database.file, join(folder, 'link.db'))
    await t.rejects(database.backup(join(folder, 'link.db')), { code: 'SAME_FILE' })
    await t.rejects(database.backup(join(folder, 'no', 'such', 'folder.db')), {
      code: 'ENOENT',
      message: /cannot make .*folder\.db from .*switchhook\.db/,
    })
    await database.write(put('000000000001'))
    t.same(await macs(database), ['000000000001'])
  },
)
