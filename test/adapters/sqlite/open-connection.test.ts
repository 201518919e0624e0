import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openSqlite } from '../../../src/adapters/sqlite/driver.ts'
import { openConnection } from '../../../src/adapters/sqlite/open-connection.ts'

const modeOf = (file: string) => statSync(file).mode & 0o777

function open(t: Test, file: string) {
  const connection = openConnection(file, 20)
  t.teardown(() => connection.close())
  return connection
}

t.test('the file is for its owner only, and so is a folder that it makes', async (t) => {
  const folder = join(t.testdir(), 'deep', 'data')
  open(t, join(folder, 'switchhook.db'))
  t.equal(modeOf(folder), 0o700)
  t.same(readdirSync(folder), ['switchhook.db', 'switchhook.db-shm', 'switchhook.db-wal'])
  for (const name of readdirSync(folder)) t.equal(modeOf(join(folder, name)), 0o600, name)
})

t.test('a file that others may read is closed to them', async (t) => {
  const file = join(t.testdir(), 'switchhook.db')
  writeFileSync(file, '', { mode: 0o644 })
  open(t, file)
  t.equal(modeOf(file), 0o600)
})

t.test('every commit is synced, and foreign keys hold', async (t) => {
  const connection = open(t, join(t.testdir(), 'switchhook.db'))
  const pragma = (name: string) => connection.pragma(name, { simple: true })
  t.equal(pragma('journal_mode'), 'wal')
  t.equal(pragma('synchronous'), 2, 'FULL')
  t.equal(pragma('foreign_keys'), 1)
  t.equal(pragma('trusted_schema'), 0)
  t.equal(pragma('busy_timeout'), 20)
})

t.test('a file that is locked by another program is found out at the start', async (t) => {
  const file = join(t.testdir(), 'switchhook.db')
  openConnection(file, 20).close()
  const other = openSqlite(file)
  other.exec('BEGIN IMMEDIATE')
  t.throws(() => openConnection(file, 20), { code: 'SQLITE_BUSY' })
  other.close()
  open(t, file)
})

t.test('what is no database of ours cannot be opened, and is left as it is', async (t) => {
  const text = 'this is certainly no database, it is a text'.repeat(40)
  const folder = t.testdir({ 'text.db': text })
  mkdirSync(join(folder, 'folder.db'))
  const foreign = openSqlite(join(folder, 'foreign.db'))
  foreign.exec('CREATE TABLE theirs (x)')
  const cases = [
    { name: 'text.db', code: 'SQLITE_NOTADB' },
    { name: 'folder.db', code: 'EISDIR' },
    { name: 'foreign.db', code: 'NOT_OURS' },
  ]
  for (const { name, code } of cases) {
    t.throws(() => openConnection(join(folder, name), 20), { code }, name)
  }
  t.same(foreign.prepare('SELECT name FROM sqlite_schema').pluck().all(), ['theirs'])
  foreign.close()
})
