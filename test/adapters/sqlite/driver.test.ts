import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { driverFor, openSqlite } from '../../../src/adapters/sqlite/driver.ts'
import { ROOT } from '../../support/source-files.ts'

t.test('each Node has a package that bears it, and the preparation builds the same', async (t) => {
  t.equal(driverFor('20.19.0'), 'better-sqlite3')
  t.equal(driverFor('22.0.0'), 'better-sqlite3-13')
  t.equal(driverFor('24.21.0'), 'better-sqlite3-13')
  const packageFile = join(ROOT, 'node_modules', driverFor(process.versions.node), 'package.json')
  const { engines } = JSON.parse(readFileSync(packageFile, 'utf8')) as { engines: { node: string } }
  const major = Number(process.versions.node.split('.', 1)[0])
  t.match(engines.node, major >= 22 ? '>=22' : '20.x')
  t.match(
    readFileSync(join(ROOT, 'appliance/prepare.mjs'), 'utf8'),
    driverFor(process.versions.node),
  )
})

t.test('a statement that is collected does no harm', async (t) => {
  const database = openSqlite(':memory:')
  for (let count = 0; count < 2000; count++) database.prepare('SELECT 1').all()
  // Rubbish enough that V8 collects by itself, from wherever it likes.
  let rubbish: unknown[] = []
  for (let turn = 0; turn < 200; turn++) {
    rubbish = Array.from({ length: 10_000 }, (_, index) => ({ index, turn }))
    await new Promise((resolve) => setImmediate(resolve))
  }
  t.equal(rubbish.length, 10_000)
  t.same(database.prepare('SELECT 2 AS two').all(), [{ two: 2 }])
  database.close()
})
