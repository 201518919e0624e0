import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Database } from '../../../src/adapters/sqlite/database.ts'
import { openSqlite } from '../../../src/adapters/sqlite/driver.ts'
import { APPLICATION_ID, type Migration, migrate } from '../../../src/adapters/sqlite/migrate.ts'
import { MIGRATIONS } from '../../../src/adapters/sqlite/migrations/migrations.ts'

const FIRST: Migration = { version: 1, sql: 'CREATE TABLE things (name TEXT) STRICT' }
const SECOND: Migration = {
  version: 2,
  sql: "ALTER TABLE things ADD COLUMN size INTEGER; INSERT INTO things VALUES ('new', 2)",
}
const BROKEN: Migration = { version: 2, sql: "INSERT INTO things VALUES ('half'); NO SQL" }

function open(t: Test, folder: string) {
  const file = join(folder, 'switchhook.db')
  const connection = openSqlite(file)
  t.teardown(() => connection.close())
  return { file, connection, version: () => connection.pragma('user_version', { simple: true }) }
}

t.test('the versions are numbered without a gap', async (t) => {
  t.same(
    MIGRATIONS.map(({ version }) => version),
    MIGRATIONS.map((_, index) => index + 1),
  )
})

t.test('a new file gets the newest tables and no copy', async (t) => {
  const folder = t.testdir()
  const { file, connection, version } = open(t, folder)
  migrate(connection, file, [FIRST, SECOND])
  t.equal(version(), 2)
  t.equal(connection.pragma('application_id', { simple: true }), APPLICATION_ID)
  t.same(connection.prepare('SELECT * FROM things').all(), [{ name: 'new', size: 2 }])
  t.same(readdirSync(folder), ['switchhook.db'])
  migrate(connection, file, [FIRST, SECOND])
  t.same(connection.prepare('SELECT count(*) FROM things').pluck().get(), 1, 'not a second time')
})

t.test('an existing file is copied before its tables change', async (t) => {
  const folder = t.testdir({ 'switchhook.db.v1.bak': 'of an attempt before' })
  const { file, connection, version } = open(t, folder)
  migrate(connection, file, [FIRST])
  connection.exec("INSERT INTO things VALUES ('old')")
  migrate(connection, file, [FIRST, SECOND])
  t.equal(version(), 2)
  t.same(connection.prepare('SELECT name FROM things').pluck().all(), ['old', 'new'])
  t.same(readdirSync(folder).sort(), ['switchhook.db', 'switchhook.db.v1.bak'])
  const copy = openSqlite(`${file}.v1.bak`, { readonly: true })
  t.same(copy.prepare('SELECT name FROM things').pluck().all(), ['old'])
  t.equal(copy.pragma('user_version', { simple: true }), 1)
  copy.close()
  t.equal(statSync(`${file}.v1.bak`).mode & 0o777, 0o600)
})

t.test('a step that fails leaves everything as it was', async (t) => {
  const { file, connection, version } = open(t, t.testdir())
  migrate(connection, file, [FIRST])
  t.throws(() => migrate(connection, file, [FIRST, BROKEN]), { code: 'SQLITE_ERROR' })
  t.equal(version(), 1)
  t.same(connection.prepare('SELECT name FROM things').all(), [])
  migrate(connection, file, [FIRST, SECOND])
  t.equal(version(), 2, 'a repaired step works afterwards')
})

t.test('a newer database is refused, and both versions are said', async (t) => {
  const { file, connection } = open(t, t.testdir())
  migrate(connection, file, [FIRST, SECOND])
  t.throws(() => migrate(connection, file, [FIRST]), {
    name: 'DatabaseError',
    code: 'NEWER_VERSION',
    message: /switchhook\.db: its schema has version 2, this program supports versions up to 1;/,
  })
})

t.test('the refusal of a newer database reaches the main thread', async (t) => {
  const { file, connection } = open(t, t.testdir())
  connection.pragma(`application_id = ${APPLICATION_ID}`)
  connection.pragma('user_version = 4711')
  await t.rejects(Database.open(file), {
    code: 'NEWER_VERSION',
    file,
    message: /^cannot open .*switchhook\.db: its schema has version 4711, .* \(NEWER_VERSION\)$/,
  })
})
