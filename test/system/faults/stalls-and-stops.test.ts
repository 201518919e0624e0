import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { putSharedFile } from '../support/a-shared-file.ts'
import { LockstepClient } from '../support/lockstep-client.ts'
import { aLoopbackBench } from '../support/loopback-bench.ts'
import { LoopbackClients } from '../support/loopback-clients.ts'

t.setTimeout(300_000)

/** Longer than three retransmissions of a transfer, and than a client waits for an offer. */
const STALL_MS = 5000
/** A transfer never waits less before it sends again. */
const SHORTEST_WAIT_MS = 500
const OCTETS = 300_000

t.test(
  'the process stands still for seconds: it goes on where it was, without a storm',
  async (t) => {
    const { appliance, dhcpPort, tftpPort } = await aBenchWithFile(t)
    const clients = await LoopbackClients.behindRelay(t, dhcpPort)
    const reader = await LockstepClient.open(t, tftpPort)
    reader.ask('ringer.raw')
    const first = await reader.next()

    appliance.signal('SIGSTOP')
    const late = [clients.lease('02000000aa01'), clients.lease('02000000aa02')]
    await pause(STALL_MS)
    t.equal(reader.waiting, 0, 'it does stand still')
    appliance.signal('SIGCONT')
    const wokenAtMs = performance.now()

    const addresses = await Promise.all(late)
    t.same([...addresses].sort(), ['127.84.0.50', '127.84.0.51'], 'each client one of its own')
    const again = await reader.next()
    t.equal(again.block, first.block, 'the block that was not acknowledged comes again')
    const dueAgain = (performance.now() - wokenAtMs) / SHORTEST_WAIT_MS
    t.ok(reader.waiting <= dueAgain, 'once, not once for each time that it was due before')
    t.equal(await reader.finish(again), OCTETS, 'and the file arrives whole')
  },
)

t.test('a stop lets transfers come to their end, and is over within five seconds', async (t) => {
  const { appliance, tftpPort } = await aBenchWithFile(t)
  const reader = await LockstepClient.open(t, tftpPort)
  const silent = await LockstepClient.open(t, tftpPort)
  reader.ask('ringer.raw')
  const first = await reader.next()
  silent.ask('ringer.raw')
  await silent.next()
  const beganAtMs = performance.now()
  const stopped = appliance.stop()
  t.ok(await appliance.printed('"appliance.stopping"'))
  t.equal(await reader.finish(first), OCTETS, 'who reads on gets all of it')
  t.equal(await stopped, 0)
  t.ok(performance.now() - beganAtMs < 5000, 'who does not holds up nobody')
})

/** A bench whose clients get `ringer.raw`. */
async function aBenchWithFile(t: Test) {
  const bench = await aLoopbackBench(t, { loads: [], admit: 'anyone' })
  await putSharedFile(bench.apiUrl, 'ringer.raw', OCTETS)
  return bench
}
