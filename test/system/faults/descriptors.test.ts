import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import t from 'tap'
import { putSharedFile } from '../support/a-shared-file.ts'
import { LockstepClient } from '../support/lockstep-client.ts'
import { aLoopbackBench } from '../support/loopback-bench.ts'
import { LoopbackClients } from '../support/loopback-clients.ts'

t.setTimeout(300_000)

/** More transfers than a socket is used for, so that sockets would be replaced. */
const TRANSFERS = 80 * 16

t.test('no descriptor is left: phones are served, and the API comes back by itself', async (t) => {
  const bench = await aLoopbackBench(t, { loads: [], admit: 'anyone' })
  const { appliance, apiUrl, dhcpPort, tftpPort } = bench
  await putSharedFile(apiUrl, 'ringer.raw', 700)
  const clients = await LoopbackClients.behindRelay(t, dhcpPort)
  const reader = await LockstepClient.open(t, tftpPort)
  t.equal(await clients.lease('02000000aa01'), '127.84.0.50')

  limitDescriptors(appliance.pid, 3)
  await t.rejects(ask(apiUrl), 'there is no descriptor for a connection')
  t.equal(await clients.lease('02000000aa02'), '127.84.0.51')
  let whole = 0
  for (let transfer = 0; transfer < TRANSFERS; transfer++) {
    reader.ask('ringer.raw')
    if ((await reader.finish(await reader.next())) === 700) whole++
  }
  t.equal(whole, TRANSFERS)
  t.match(appliance.output, /EMFILE/, 'the log says what is missing')
  t.ok(appliance.output.split('EMFILE').length < 20, 'without filling the disk')

  limitDescriptors(appliance.pid, 1024)
  t.equal(await ask(apiUrl), 200)
  t.equal(await clients.lease('02000000aa03'), '127.84.0.52')
})

/** The status, by a connection of its own: those that are open already need no descriptor. */
async function ask(apiUrl: string): Promise<number | undefined> {
  const request = get(`${apiUrl}/healthz`, { agent: false, signal: AbortSignal.timeout(5000) })
  const [answer] = (await once(request, 'response')) as [IncomingMessage]
  answer.resume()
  return answer.statusCode
}

/** Those that are open stay open; none is opened with a number from `soft` on. */
function limitDescriptors(pid: number, soft: number): void {
  execFileSync('prlimit', ['--pid', `${pid}`, `--nofile=${soft}:`])
}
