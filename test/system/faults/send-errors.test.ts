import { type ChildProcess, spawn } from 'node:child_process'
import t, { type Test } from 'tap'
import { putSharedFile } from '../support/a-shared-file.ts'
import { endProcess } from '../support/end-process.ts'
import { LockstepClient } from '../support/lockstep-client.ts'
import { aLoopbackBench } from '../support/loopback-bench.ts'
import { LoopbackClients } from '../support/loopback-clients.ts'
import { testWith } from '../support/test-with.ts'

t.setTimeout(300_000)

const OCTETS = 20_000
/** All that our sockets and Node's send datagrams with. */
const SENDING = 'sendmmsg,sendmsg,sendto'

for (const reason of ['ENETUNREACH', 'EPERM', 'ENOBUFS']) {
  testWith(['strace'], `no packet leaves (${reason}): that is said, and it goes on`, async (t) => {
    const bench = await aLoopbackBench(t, { loads: [], admit: 'anyone' })
    const { appliance, apiUrl, dhcpPort, tftpPort } = bench
    await putSharedFile(apiUrl, 'ringer.raw', OCTETS)
    const clients = await LoopbackClients.behindRelay(t, dhcpPort)
    const reader = await LockstepClient.open(t, tftpPort)
    reader.ask('ringer.raw')
    const first = await reader.next()

    const fault = await sendingFails(t, appliance.pid, reason)
    t.equal((await clients.ask('02000000aa01', '350101', 1)).type, 0, 'no offer leaves')
    await reader.acknowledge(first)
    await t.rejects(reader.next(1000), 'no block leaves')
    t.ok(await appliance.printed(reason), 'the log says why')
    await fault.end()

    t.equal(await clients.lease('02000000aa01'), '127.84.0.50')
    const next = await reader.next()
    t.equal(next.block, first.block + 1, 'the transfer goes on where it was')
    t.equal(first.length + (await reader.finish(next)), OCTETS)
    t.ok(appliance.output.split(reason).length < 20, 'without filling the disk')
    t.equal((await fetch(`${apiUrl}/readyz`)).status, 200)
  })
}

/** From now on the system refuses what a process sends, until the end. */
async function sendingFails(t: Test, pid: number, reason: string) {
  const inject = `inject=${SENDING}:error=${reason}`
  const strace = spawn('strace', ['-f', '-p', `${pid}`, '-e', `trace=${SENDING}`, '-e', inject], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const end = () => endProcess(strace, 'SIGINT')
  t.teardown(end)
  await attached(strace)
  return { end }
}

/** Once it holds a thread it holds all of them. Its messages are read to the end: it writes on. */
function attached(strace: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    strace.stderr?.on('data', (text: Buffer) => {
      said = `${said}${text}`.slice(-1000)
      if (said.includes(' attached')) resolve()
    })
    strace.once('exit', () => reject(new Error(`strace ended: ${said}`)))
  })
}
