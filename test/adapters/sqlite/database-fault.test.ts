import { execFileSync } from 'node:child_process'
import { mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Database } from '../../../src/adapters/sqlite/database.ts'
import { openSqlite } from '../../../src/adapters/sqlite/driver.ts'
import type { Batch } from '../../../src/adapters/sqlite/worker-message.ts'

const put = (mac: string): Batch => [
  { sql: 'INSERT INTO phones (mac, document) VALUES (?, ?)', rows: [[mac, '{}']] },
]

async function aDatabaseIn(t: Test, folder: string) {
  const database = await Database.open(join(folder, 'switchhook.db'), { busyTimeoutMs: 20 })
  t.teardown(() => database.close())
  return database
}

/** Long enough ago that no commit proves anything, without the wait. */
const later = (t: Test, ms: number) => {
  const real = performance.now.bind(performance)
  let ahead = 0
  performance.now = () => real() + ahead
  t.teardown(() => {
    performance.now = real
  })
  return () => {
    ahead += ms
  }
}

t.test('idle, and another program holds the file: a trial finds it out, and its end', async (t) => {
  const pass = later(t, 3000)
  const database = await aDatabaseIn(t, t.testdir())
  t.equal(await database.fault(), null)
  const other = openSqlite(database.file)
  other.exec('BEGIN IMMEDIATE')
  pass()
  const faults = await Promise.all([database.fault(), database.fault(), database.fault()])
  for (const fault of faults) t.match(fault, /switchhook\.db: database is locked \(SQLITE_BUSY\)/)
  other.exec('COMMIT')
  other.close()
  t.equal(await database.fault(), null)
})

t.test('a trial is written to the disk and changes nothing', async (t) => {
  const pass = later(t, 3000)
  const database = await aDatabaseIn(t, t.testdir())
  const versionOf = async () => (await database.read('PRAGMA user_version'))[0]
  const before = await versionOf()
  const bytes = statSync(`${database.file}-wal`).size
  t.equal(await database.fault(), null)
  t.equal(statSync(`${database.file}-wal`).size, bytes, 'a commit of late is proof enough')
  pass()
  t.equal(await database.fault(), null)
  t.ok(statSync(`${database.file}-wal`).size > bytes)
  t.same(await versionOf(), before)
})

t.test('a commit that failed is told; a row that was refused is no fault', async (t) => {
  const database = await aDatabaseIn(t, t.testdir())
  const other = openSqlite(database.file)
  other.exec('BEGIN IMMEDIATE')
  await t.rejects(database.write(put('000000000001')))
  t.match(await database.fault(), 'SQLITE_BUSY')
  other.exec('COMMIT')
  other.close()
  await database.write(put('000000000001'))
  await t.rejects(database.write(put('000000000001')), { code: /CONSTRAINT/ })
  t.equal(await database.fault(), null)
})

t.test('files that are not the ones that were opened', async (t) => {
  for (const suffix of ['', '-wal']) {
    const folder = t.testdir()
    const database = await aDatabaseIn(t, folder)
    await database.write(put('000000000001'))
    const file = `${database.file}${suffix}`
    renameSync(file, `${file}.away`)
    t.match(await database.fault(), `${file} no longer exists: changes stored from now on are lost`)
    writeFileSync(file, 'somebody else')
    t.match(await database.fault(), `${file} has been replaced by another file`)
    renameSync(`${file}.away`, file)
    t.equal(await database.fault(), null, 'back in its place')
  }
})

t.test('a full disk is found out without anything to store', async (t) => {
  const pass = later(t, 3000)
  const folder = mkdtempSync(join(tmpdir(), 'small-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder], { stdio: 'pipe' })
  } catch {
    rmSync(folder, { recursive: true })
    return t.comment('left out: a small disk needs root and the right to mount a tmpfs')
  }
  const database = await Database.open(join(folder, 'switchhook.db'))
  t.teardown(async () => {
    await database.close()
    execFileSync('umount', [folder])
    rmSync(folder, { recursive: true })
  })
  const filler = join(folder, 'filler')
  t.throws(() => writeFileSync(filler, Buffer.alloc(4_000_000)), { code: 'ENOSPC' })
  // A small write may still find room in the last page of the log.
  let fault: string | null = null
  for (let trial = 0; trial < 5 && fault === null; trial++) {
    pass()
    fault = await database.fault()
  }
  t.match(fault, /SQLITE_(FULL|IOERR)/)
  rmSync(filler)
  t.equal(await database.fault(), null)
})

t.test('a database that was closed says so', async (t) => {
  const database = await Database.open(join(t.testdir(), 'switchhook.db'))
  await database.close()
  t.match(await database.fault(), 'it is closed')
})
