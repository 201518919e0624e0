import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { aLoopbackBench } from '../support/loopback-bench.ts'
import { LoopbackClients } from '../support/loopback-clients.ts'

t.setTimeout(300_000)

const END_THREADS = new URL('../support/end-threads.mjs', import.meta.url).href

t.test('the database thread ends: so does the process, with one line that says why', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'switchhook-threads-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const file = join(dir, 'end')
  const before = [
    'env',
    `NODE_OPTIONS=--import=${END_THREADS}`,
    `SWITCHHOOK_TEST_END_THREADS=${file}`,
  ]
  const { appliance, dhcpPort } = await aLoopbackBench(t, { loads: [], admit: 'anyone', before })
  const clients = await LoopbackClients.behindRelay(t, dhcpPort)
  t.equal(await clients.lease('02000000aa01'), '127.84.0.50')
  writeFileSync(file, 'database')
  t.ok(await appliance.printed('"appliance.fault"'))
  t.match(appliance.output, /the database thread has ended/)
  t.equal(await appliance.stop(), 70, 'as a fault of ours, so that it is started again')
  await appliance.start()
  t.match(await appliance.api.get('/v1/leases'), [{ address: '127.84.0.50', state: 'bound' }])
})
