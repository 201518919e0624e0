import { createHash } from 'node:crypto'
import { readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openSqlite } from '../../src/adapters/sqlite/driver.ts'
import { MIGRATIONS } from '../../src/adapters/sqlite/migrations/migrations.ts'
import { switchhook } from './support/appliance-process.ts'
import { aLoopbackBench } from './support/loopback-bench.ts'
import { LoopbackClients } from './support/loopback-clients.ts'

t.setTimeout(300_000)

const CLIENT = '02000000aa01'
const PHONE = '000E84C060A6'
const LOAD = 'P00305000300'

/** An appliance with a phone, a firmware set and a lease, and its database's file; it has stopped. */
async function aUsedAppliance(t: Test) {
  const bench = await aLoopbackBench(t, { loads: [LOAD], admit: 'anyone' })
  const { appliance, dhcpPort } = bench
  const clients = await LoopbackClients.behindRelay(t, dhcpPort)
  await appliance.api.put(`/v1/phones/${PHONE}`, { model: '7960', network: 'bench', label: 'a' })
  t.equal(await clients.lease(CLIENT), '127.84.0.50')
  const hasAll = async () => {
    t.match(await appliance.api.get(`/v1/phones/${PHONE}`), { label: 'a' })
    t.match(await appliance.api.get('/v1/firmware'), [{ load: LOAD }])
    t.match(await appliance.api.get('/v1/leases'), [{ address: '127.84.0.50', state: 'bound' }])
    t.equal(await clients.lease(CLIENT), '127.84.0.50', 'and it serves')
  }
  return { appliance, hasAll, file: join(appliance.dir, 'data', 'switchhook.db') }
}

/** What somebody else does to a database that nobody has open. */
function edit(file: string, sql: string): void {
  const database = openSqlite(file)
  database.exec(sql)
  database.close()
}

const digestOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')

t.test('a database of a newer program is refused, and not an octet of it is changed', async (t) => {
  const { appliance, hasAll, file } = await aUsedAppliance(t)
  await appliance.stop()
  edit(file, 'PRAGMA user_version = 99')
  const before = digestOf(file)
  const { code, output } = await appliance.startInVain()
  t.equal(code, 69)
  t.match(output, 'its schema has version 99')
  t.match(output, 'use a newer program or the copy from before the upgrade')
  t.equal(digestOf(file), before)
  edit(file, `PRAGMA user_version = ${MIGRATIONS.length}`)
  await appliance.start()
  await hasAll()
})

t.test('a database of the first version is taken over, and a copy of it is kept', async (t) => {
  const { appliance, hasAll, file } = await aUsedAppliance(t)
  await appliance.stop()
  edit(
    file,
    `DROP TABLE rollouts; DROP TABLE registrations; DROP TABLE seen; DROP TABLE tokens;
     DROP TABLE webhooks; DROP TABLE shared_marks; DROP TABLE shared_documents; ALTER TABLE events DROP COLUMN appliance;
     DROP INDEX events_by_name;
     PRAGMA user_version = 1`,
  )
  await appliance.start()
  await hasAll()
  t.same(await appliance.api.get('/v1/rollouts'), [], 'what is new is there')
  const copy = `${file}.v1.bak`
  t.equal(statSync(copy).mode & 0o777, 0o600, 'it holds passwords')
  const kept = openSqlite(copy, { readonly: true })
  t.equal(kept.pragma('user_version', { simple: true }), 1)
  t.match(kept.prepare('SELECT count(*) AS n FROM leases').get(), { n: 1 })
  kept.close()
})

t.test('a backup of the running appliance, put in an empty folder, is all of it', async (t) => {
  const { appliance, hasAll } = await aUsedAppliance(t)
  const [data, copy] = [join(appliance.dir, 'data'), join(appliance.dir, 'copy.db')]
  const backup = await switchhook('backup', copy, '--data-dir', data)
  t.equal(backup.code, 0, backup.output)
  await appliance.kill()
  const full = await switchhook('restore', copy, '--data-dir', data)
  t.not(full.code, 0, 'nothing is written over')
  rmSync(data, { recursive: true })
  const restored = await switchhook('restore', copy, '--data-dir', data)
  t.equal(restored.code, 0, restored.output)
  await appliance.start()
  await hasAll()
})
