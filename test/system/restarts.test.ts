import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import t, { type Test } from 'tap'
import { dhcpBytes } from '../support/dhcp-bytes.ts'
import { aLoopbackBench } from './support/loopback-bench.ts'

t.setTimeout(300_000)

/** A relay agent that asks for a client; the address that the reply names, as text. */
async function aRelayAgent(t: Test, port: number) {
  const socket = createSocket('udp4')
  t.teardown(() => socket.close())
  socket.bind(0, '127.84.0.1')
  await once(socket, 'listening')
  // RFC 8357: sub-option 19 asks for the answer at the port that it came from.
  return async (
    mac: string,
    options: string,
    most = 10,
  ): Promise<{ type: number; yiaddr: string }> => {
    const xid = randomBytes(4)
    const datagram = dhcpBytes({ options: `${options} 5202 1300 ff` })
    datagram.set(xid, 4)
    datagram.set([127, 84, 0, 1], 24)
    datagram.set(Buffer.from(mac, 'hex'), 28)
    for (let tries = 0; tries < most; tries++) {
      socket.send(datagram, port, '127.0.0.1')
      const reply = await once(socket, 'message', { signal: AbortSignal.timeout(2000) }).then(
        ([bytes]: Buffer[]) => bytes,
        () => undefined,
      )
      if (reply === undefined || !xid.equals(reply.subarray(4, 8))) continue
      // The message type is the first option of every reply.
      return { type: reply[242] ?? 0, yiaddr: reply.subarray(16, 20).join('.') }
    }
    return { type: 0, yiaddr: 'no answer' }
  }
}

/** An address of the bench as hex. */
const hex = (address: string) => Buffer.from(address.split('.').map(Number)).toString('hex')

/** DISCOVER, then REQUEST of what was offered; the address of the ACK. */
async function lease(ask: Awaited<ReturnType<typeof aRelayAgent>>, mac: string): Promise<string> {
  const { yiaddr } = await ask(mac, '350101')
  const { type } = await ask(mac, `350103 3604 7f000001 3204 ${hex(yiaddr)}`)
  return type === 5 ? yiaddr : `type ${type}`
}

const FIRST = '02000000aa01'
const SECOND = '02000000aa02'

t.test('a pool edited between a kill and a start: who has a lease keeps it, alone', async (t) => {
  const { appliance, dhcpPort } = await aLoopbackBench(t, { loads: [], admit: 'anyone' })
  const ask = await aRelayAgent(t, dhcpPort)
  t.equal(await lease(ask, FIRST), '127.84.0.50')
  await appliance.kill()
  appliance.yaml = appliance.yaml.replace('127.84.0.50-127.84.0.99', '127.84.0.60-127.84.0.61')
  await appliance.start()
  t.match(await appliance.api.get('/v1/leases'), [{ address: '127.84.0.50', state: 'bound' }])
  t.equal(await lease(ask, SECOND), '127.84.0.60', 'the next one is of the new pool')
  await appliance.kill()
  appliance.yaml = appliance.yaml.replace('127.84.0.60-127.84.0.61', '127.84.0.50-127.84.0.99')
  await appliance.start()
  const third = await lease(ask, '02000000aa03')
  t.equal(third, '127.84.0.51', 'what is in use goes to nobody, though it is in the pool again')
})

t.test('a broken lease row: it starts all the same, and names the row', async (t) => {
  const { appliance, dhcpPort } = await aLoopbackBench(t, { loads: [], admit: 'anyone' })
  const ask = await aRelayAgent(t, dhcpPort)
  t.equal(await lease(ask, FIRST), '127.84.0.50')
  t.equal(await lease(ask, SECOND), '127.84.0.51')
  await appliance.kill()
  const database = new SqliteDatabase(join(appliance.dir, 'data', 'switchhook.db'))
  database.exec(`UPDATE leases SET state = 'sold' WHERE mac = '${FIRST.toUpperCase()}'`)
  const changed = database.prepare("SELECT COUNT(*) AS n FROM leases WHERE state = 'sold'").get()
  database.close()
  t.same(changed, { n: 1 })
  await appliance.start()
  t.match(appliance.output, /2136211506: state is \\"sold\\"/, 'the row of 127.84.0.50')
  t.match(await appliance.api.get('/v1/leases'), [{ address: '127.84.0.51', state: 'bound' }])
  t.match(await lease(ask, '02000000aa03'), /^127\.84\.0\./, 'and it serves')
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
  const ask = await aRelayAgent(t, dhcpPort)
  t.equal(await lease(ask, FIRST), '127.84.0.50')
  fill(join(disk, 'filler'))
  const { yiaddr } = await ask(SECOND, '350101')
  t.equal(yiaddr, '127.84.0.51', 'an offer promises nothing')
  const request = `350103 3604 7f000001 3204 ${hex(yiaddr)}`
  t.equal((await ask(SECOND, request, 2)).type, 0, 'silence')
  t.match(await appliance.api.get('/v1/leases'), { length: 2 }, 'remembered, in memory alone')
  rmSync(join(disk, 'filler'))
  t.match(await ask(SECOND, request), { type: 5, yiaddr: '127.84.0.51' })
  await appliance.kill()
  await appliance.start()
  t.match(await appliance.api.get('/v1/leases'), [
    { address: '127.84.0.50', state: 'bound' },
    { address: '127.84.0.51', state: 'bound' },
  ])
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
