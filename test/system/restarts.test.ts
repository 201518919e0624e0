import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openSqlite } from '../../src/adapters/sqlite/driver.ts'
import { aLoopbackBench } from './support/loopback-bench.ts'
import { LoopbackClients } from './support/loopback-clients.ts'

t.setTimeout(300_000)

const FIRST = '02000000aa01'
const SECOND = '02000000aa02'

t.test('a pool edited between a kill and a start: who has a lease keeps it, alone', async (t) => {
  const { appliance, dhcpPort } = await aLoopbackBench(t, { loads: [], admit: 'anyone' })
  const clients = await LoopbackClients.behindRelay(t, dhcpPort)
  t.equal(await clients.lease(FIRST), '127.84.0.50')
  await appliance.kill()
  appliance.yaml = appliance.yaml.replace('127.84.0.50-127.84.0.99', '127.84.0.60-127.84.0.61')
  await appliance.start()
  t.match(await appliance.api.get('/v1/leases'), [{ address: '127.84.0.50', state: 'bound' }])
  t.equal(await clients.lease(SECOND), '127.84.0.60', 'the next one is of the new pool')
  await appliance.kill()
  appliance.yaml = appliance.yaml.replace('127.84.0.60-127.84.0.61', '127.84.0.50-127.84.0.99')
  await appliance.start()
  const third = await clients.lease('02000000aa03')
  t.equal(third, '127.84.0.51', 'what is in use goes to nobody, though it is in the pool again')
})

t.test('a broken lease row: it starts all the same, and names the row', async (t) => {
  const { appliance, dhcpPort } = await aLoopbackBench(t, { loads: [], admit: 'anyone' })
  const clients = await LoopbackClients.behindRelay(t, dhcpPort)
  t.equal(await clients.lease(FIRST), '127.84.0.50')
  t.equal(await clients.lease(SECOND), '127.84.0.51')
  await appliance.kill()
  const database = openSqlite(join(appliance.dir, 'data', 'switchhook.db'))
  database.exec(`UPDATE leases SET state = 'sold' WHERE mac = '${FIRST.toUpperCase()}'`)
  const changed = database.prepare("SELECT COUNT(*) AS n FROM leases WHERE state = 'sold'").get()
  database.close()
  t.same(changed, { n: 1 })
  await appliance.start()
  t.match(appliance.output, /lease of 127\.84\.0\.50: state is \\"sold\\"/)
  t.match(await appliance.api.get('/v1/leases'), [{ address: '127.84.0.51', state: 'bound' }])
  t.match(await clients.lease('02000000aa03'), /^127\.84\.0\./, 'and it serves')
})

t.test('a full disk: nothing is acknowledged, and once there is room all is well', async (t) => {
  if (process.getuid?.() !== 0) return t.comment('left out: mounting a small disk needs root')
  const { appliance, dhcpPort } = await aLoopbackBench(t, { loads: [], admit: 'anyone' })
  await appliance.kill()
  const disk = join(appliance.dir, 'small')
  mkdirSync(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk])
  t.teardown(() => execFileSync('umount', ['--lazy', disk]))
  appliance.yaml = appliance.yaml.replace(/^dataDir: .*$/m, `dataDir: ${disk}/data`)
  await appliance.start()
  const clients = await LoopbackClients.behindRelay(t, dhcpPort)
  t.equal(await clients.lease(FIRST), '127.84.0.50')
  fill(join(disk, 'filler'))
  const { yiaddr } = await clients.ask(SECOND, '350101')
  t.equal(yiaddr, '127.84.0.51', 'an offer promises nothing')
  t.equal((await clients.request(SECOND, yiaddr, 2)).type, 0, 'silence')
  t.match(
    await appliance.api.get('/v1/leases'),
    [
      { address: '127.84.0.50', stored: true },
      { address: '127.84.0.51', stored: false },
    ],
    'remembered, in memory alone, and the API says so',
  )
  rmSync(join(disk, 'filler'))
  t.match(await clients.request(SECOND, yiaddr), { type: 5, yiaddr: '127.84.0.51' })
  await appliance.kill()
  await appliance.start()
  t.match(await appliance.api.get('/v1/leases'), [
    { address: '127.84.0.50', state: 'bound' },
    { address: '127.84.0.51', state: 'bound' },
  ])
})

t.test('a database that another process has locked: no ACK, and one once it is free', async (t) => {
  const { appliance, dhcpPort } = await aLoopbackBench(t, { loads: [], admit: 'anyone' })
  const clients = await LoopbackClients.behindRelay(t, dhcpPort)
  const { yiaddr } = await clients.ask(FIRST, '350101')
  const other = openSqlite(join(appliance.dir, 'data', 'switchhook.db'))
  other.exec('BEGIN IMMEDIATE')
  t.equal((await clients.request(FIRST, yiaddr, 1)).type, 0, 'silence')
  other.exec('COMMIT')
  other.close()
  t.match(await clients.request(FIRST, yiaddr), { type: 5, yiaddr: '127.84.0.50' })
  await appliance.kill()
  await appliance.start()
  t.match(await appliance.api.get('/v1/leases'), [{ address: '127.84.0.50', state: 'bound' }])
})

/** Writes until nothing fits any more; a small disk, so it soon ends. */
function fill(file: string): void {
  for (const octets of [65_536, 4096, 1]) {
    try {
      for (let written = 0; written < 1000; written++) {
        writeFileSync(file, new Uint8Array(octets), { flag: 'a' })
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    }
  }
}
