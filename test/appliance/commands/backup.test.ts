import { chownSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { lockDataFolder } from '../../../appliance/start/data-lock.ts'
import { openData } from '../../../appliance/start/open-data.ts'
import { switchhook } from '../../support/command-line.ts'

t.test('a running database is backed up, and restored into an empty folder', async (t) => {
  const dir = t.testdir()
  const [live, copy, empty] = ['data', 'copy.db', 'empty'].map((name) => join(dir, name))
  const { database } = await openData(live ?? '', () => undefined)
  t.teardown(() => database.close())
  const insert = 'INSERT INTO phones (mac, document) VALUES (?, ?)'
  await database.write([{ sql: insert, rows: [['000E84C060A6', '{}']] }])
  const backup = await switchhook('backup', copy ?? '', '--data-dir', live ?? '')
  t.equal(backup.code, 0, backup.stderr)
  t.match(backup.stdout, 'It contains the passwords of lines')
  t.equal(statSync(copy ?? '').mode & 0o777, 0o600)
  const restored = await switchhook('restore', copy ?? '', '--data-dir', empty ?? '')
  t.equal(restored.code, 0, restored.stderr)
  const again = await openData(empty ?? '', () => undefined)
  t.same(await again.database.read('SELECT mac FROM phones'), [{ mac: '000E84C060A6' }])
  await again.database.close()
  const twice = await switchhook('restore', copy ?? '', '--data-dir', empty ?? '')
  t.equal(twice.code, 1)
  t.match(twice.stderr, /holds switchhook\.db.*; restore into an empty folder \(NOT_EMPTY\)/)
})

t.test('a database is restored over one that is there, which is kept', async (t) => {
  const dir = t.testdir({ new: {} })
  const [live, copy, fresh] = ['data', 'copy.db', 'new'].map((name) => join(dir, name)) as [
    string,
    string,
    string,
  ]
  const { database } = await openData(live, () => undefined)
  await database.close()
  t.equal((await switchhook('backup', copy, '--data-dir', live)).code, 0)
  writeFileSync(join(live, 'switchhook.db-wal'), 'not written back')
  writeFileSync(join(live, 'other'), 'stays')
  const restored = await switchhook('restore', copy, '--data-dir', live, '--replace')
  t.equal(restored.code, 0, restored.stderr)
  t.match(restored.stdout, /is kept as \S+\/switchhook\.db\.before-restore-\d{8}T\d{6}Z\n/)
  const names = readdirSync(live).map((name) => name.replace(/\d{8}T\d{6}Z/, 'T'))
  const kept = ['switchhook.db.before-restore-T', 'switchhook.db.before-restore-T-wal']
  const there = names.filter((name) => !name.endsWith('-shm')).sort()
  t.same(there, ['other', 'switchhook.db', ...kept, 'switchhook.lock'])
  const first = await switchhook('restore', copy, '--data-dir', fresh, '--replace')
  t.notMatch(first.stdout, 'is kept as', 'nothing was there')
  writeFileSync(copy, 'no database')
  const before = readdirSync(live)
  t.equal((await switchhook('restore', copy, '--data-dir', live, '--replace')).code, 1)
  t.same(readdirSync(live), before, 'a damaged backup changes nothing')
  t.equal((await switchhook('restore', `${copy}.x`, '--data-dir', live, '--replace')).code, 69)
})

const ROOT_ONLY = process.getuid?.() === 0 ? {} : { skip: 'only root gives files away' }

t.test('what root restores belongs to the owner of the folder', ROOT_ONLY, async (t) => {
  const dir = t.testdir({ service: {} })
  const [live, copy, service] = ['data', 'copy.db', 'service'].map((name) => join(dir, name)) as [
    string,
    string,
    string,
  ]
  const { database } = await openData(live, () => undefined)
  await database.close()
  await switchhook('backup', copy, '--data-dir', live)
  chownSync(service, 4_711, 4_712)
  t.equal((await switchhook('restore', copy, '--data-dir', service)).code, 0)
  for (const name of ['switchhook.db', 'switchhook.lock']) {
    t.match(statSync(join(service, name)), { uid: 4_711, gid: 4_712 }, name)
  }
  t.equal(statSync(join(service, 'switchhook.db')).mode & 0o777, 0o600)
})

t.test('the data folder is that of the configuration', async (t) => {
  const dir = t.testdir()
  const config = join(dir, 'bench.yaml')
  const network = 'name: bench, interface: eth0, address: 10.20.0.2, subnet: 10.20.0.0/24'
  writeFileSync(config, `dataDir: ${join(dir, 'none')}\nnetworks: [{ ${network} }]\n`)
  const absent = await switchhook('backup', join(dir, 'x.db'), '--config', config)
  t.equal(absent.code, 69)
  t.match(absent.stderr, 'no such file')
  t.same(readdirSync(dir), ['bench.yaml'], 'nothing is left behind')
  writeFileSync(config, 'networks: 3')
  t.equal((await switchhook('backup', join(dir, 'x.db'), '--config', config)).code, 78)
  const unnamed = await switchhook('backup', join(dir, 'x.db'))
  t.equal(unnamed.code, 64)
  t.match(unnamed.stderr, 'name the data folder')
})

t.test('a folder in use is backed up, and nothing is restored into it', async (t) => {
  const dir = t.testdir({ used: {} })
  const [live, copy, used, empty] = ['live', 'copy.db', 'used', 'empty'].map((name) =>
    join(dir, name),
  ) as [string, string, string, string]
  const { database } = await openData(live, () => undefined)
  t.teardown(() => database.close())
  const lockOfLive = await lockDataFolder(live, 'a test')
  t.teardown(() => lockOfLive.release())
  t.equal((await switchhook('backup', copy, '--data-dir', live)).code, 0)
  const lock = await lockDataFolder(used, 'a test')
  const refused = await switchhook('restore', copy, '--data-dir', used)
  t.equal(refused.code, 69)
  t.match(refused.stderr, /in use by process \d+ on host .* \(a test\)/)
  t.same(readdirSync(used), ['switchhook.lock'])
  lock.release()
  t.equal((await switchhook('restore', copy, '--data-dir', used)).code, 0, 'a lock of the past')
  t.equal((await switchhook('restore', join(dir, 'none.db'), '--data-dir', empty)).code, 69)
  t.notOk(readdirSync(dir).includes('empty'), 'nothing is left behind')
})
