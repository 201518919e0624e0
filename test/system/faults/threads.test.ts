import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { putSharedFile } from '../support/a-shared-file.ts'
import { LockstepClient } from '../support/lockstep-client.ts'
import { aLoopbackBench } from '../support/loopback-bench.ts'
import { LoopbackClients } from '../support/loopback-clients.ts'

t.setTimeout(300_000)

const END_THREADS = new URL('../support/end-threads.mjs', import.meta.url).href

/** Small enough for the main thread, and so large that a thread sends it. */
const [SMALL, LARGE] = [4000, 300_000]

/** An appliance with one thread for transfers, whose threads can be ended by their names. */
async function aBenchWithThreads(t: Test) {
  const dir = mkdtempSync(join(tmpdir(), 'switchhook-threads-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const file = join(dir, 'end')
  const before = [
    'env',
    `NODE_OPTIONS=--import=${END_THREADS}`,
    `SWITCHHOOK_TEST_END_THREADS=${file}`,
  ]
  const bench = await aLoopbackBench(t, { loads: [], admit: 'anyone', before })
  const { appliance } = bench
  await appliance.stop()
  appliance.yaml = appliance.yaml.replace(/^tftp: \{ (.*) \}$/m, 'tftp: { $1, workers: 1 }')
  await appliance.start()
  const endThread = (name: string) => writeFileSync(file, name)
  return { ...bench, endThread }
}

t.test('a thread that sends files ends: others go on, and another takes its place', async (t) => {
  const bench = await aBenchWithThreads(t)
  const { appliance, apiUrl, dhcpPort, tftpPort, endThread } = bench
  await putSharedFile(apiUrl, 'small.raw', SMALL)
  await putSharedFile(apiUrl, 'large.raw', LARGE)
  const clients = await LoopbackClients.behindRelay(t, dhcpPort)
  const [reader, other] = await Promise.all([
    LockstepClient.open(t, tftpPort),
    LockstepClient.open(t, tftpPort),
  ])
  reader.ask('large.raw')
  const lost = await reader.next()
  other.ask('small.raw')
  const kept = await other.next()
  endThread('tftp 1')
  t.ok(await appliance.printed('a thread that sends TFTP files ended'), 'it is said')
  t.equal(await other.finish(kept), SMALL, 'what another thread sends goes on')
  t.equal(await clients.lease('02000000aa01'), '127.84.0.50')
  await reader.acknowledge(lost)
  await pause(300)
  t.equal(reader.waiting, 0, 'what it sent has ended')
  reader.ask('large.raw')
  t.equal(await reader.finish(await reader.next()), LARGE, 'who asks again is served')
})

t.test('the database thread ends: so does the process, with one line that says why', async (t) => {
  const { appliance, dhcpPort, endThread } = await aBenchWithThreads(t)
  const clients = await LoopbackClients.behindRelay(t, dhcpPort)
  t.equal(await clients.lease('02000000aa01'), '127.84.0.50')
  endThread('database')
  t.ok(await appliance.printed('"appliance.fault"'))
  t.match(appliance.output, /the database thread has ended/)
  t.equal(await appliance.stop(), 70, 'as a fault of ours, so that it is started again')
  await appliance.start()
  t.match(await appliance.api.get('/v1/leases'), [{ address: '127.84.0.50', state: 'bound' }])
})
