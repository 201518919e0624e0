import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { dhcpBytes } from '../support/dhcp-bytes.ts'
import { aLoopbackBench } from './support/loopback-bench.ts'
import { ASK_FOR_PORT, LoopbackClients } from './support/loopback-clients.ts'
import { residentKib } from './support/resident-memory.ts'

/** Of each kind; three kinds make 300,000 datagrams. */
const DATAGRAMS = 100_000
const REQUESTS = 5_000
/** What goes out before the server is given a moment: less than its socket buffers hold. */
const BURST = 250

/** In whose name it is flooded, and from where. */
const MAC = '000E84C060A6'
const FLOODER = '127.84.0.210'

t.setTimeout(600_000)

/** What a flood has cost so far. */
type Cost = {
  readonly log: number
  readonly events: number
  readonly disk: number
  readonly kib: number
}

async function aFloodedBench(t: Test) {
  const { appliance, apiUrl, dhcpPort, tftpPort } = await aLoopbackBench(t, {
    loads: [],
    admit: 'anyone',
  })
  await appliance.api.put(`/v1/phones/${MAC}`, {})
  const clients = await LoopbackClients.behindRelay(t, dhcpPort)
  const database = join(appliance.dir, 'data', 'switchhook.db')
  const cost = async (): Promise<Cost> => {
    // What was recorded is on its way to the disk for a moment.
    await pause(1500)
    const { next } = await appliance.api.get<{ next: number }>('/v1/events?limit=1')
    const disk = statSync(database).size + statSync(`${database}-wal`).size
    return { log: appliance.output.length, events: next, disk, kib: residentKib(appliance.pid) }
  }
  /** Says what each of so many has cost, and that others are served meanwhile. */
  const measured = async (what: string, count: number, flood: () => Promise<void>) => {
    const before = await cost()
    const beganAt = performance.now()
    await flood()
    const seconds = (performance.now() - beganAt) / 1000
    const after = await cost()
    const log = (after.log - before.log) / count
    const events = after.events - before.events
    const grown = Math.round((after.kib - before.kib) / 1024)
    t.comment(
      `${what}: ${count} in ${seconds.toFixed(1)} s; ${log.toFixed(2)} octets of log for each, ` +
        `${events} events, ${Math.round((after.disk - before.disk) / 1024)} KiB of database, ` +
        `${Math.round(after.kib / 1024)} MiB resident (${grown} more)`,
    )
    return { log, events }
  }
  return { apiUrl, tftpPort, clients, measured }
}

/** Sends datagrams from the flooder's address. */
async function flooder(t: Test, port: number) {
  const socket = createSocket('udp4')
  socket.on('error', () => {})
  socket.bind(0, FLOODER)
  await once(socket, 'listening')
  t.teardown(() => socket.close())
  const send = (bytes: Uint8Array) => socket.send(bytes, port, '127.0.0.1')
  const flood = async (make: (index: number) => Uint8Array) => {
    for (let sent = 0; sent < DATAGRAMS; sent += BURST) {
      for (let index = sent; index < sent + BURST; index++) send(make(index))
      await pause(2)
    }
  }
  return { send, flood }
}

const request = (opcode: number, name: string) =>
  Buffer.from(`\0${String.fromCharCode(opcode)}${name}\0octet\0`, 'latin1')

t.test('300,000 hostile datagrams: log, journal and memory stay within bounds', async (t) => {
  const { tftpPort, clients, measured } = await aFloodedBench(t)
  const { send, flood } = await flooder(t, tftpPort)
  // The phone is off: who names it is taken for it.
  send(request(1, `SEP${MAC}.cnf.xml`))
  await pause(500)
  const dhcp = await measured('DISCOVERs of made-up clients', DATAGRAMS, async () => {
    for (let sent = 0; sent < DATAGRAMS; sent += BURST) {
      const burst = Array.from({ length: BURST }, (_, index) => {
        const datagram = dhcpBytes({ options: `350101 ${ASK_FOR_PORT} ff` })
        datagram.set([127, 84, 0, 1], 24)
        new DataView(datagram.buffer, datagram.byteOffset).setUint32(30, sent + index)
        return clients.relay.send(datagram)
      })
      await Promise.all(burst)
      await pause(2)
    }
  })
  t.ok(dhcp.events < 500, `${dhcp.events} events`)
  t.ok(dhcp.log < 1, `${dhcp.log} octets of log for each`)
  const reads = await measured('RRQs of absent names', DATAGRAMS, () =>
    flood((index) => request(1, `x${index}`)),
  )
  t.ok(reads.events < 500, `${reads.events} events`)
  t.ok(reads.log < 1, `${reads.log} octets of log for each`)
  const writes = await measured('WRQs', DATAGRAMS, () => flood((index) => request(2, `x${index}`)))
  t.ok(writes.events < 500, `${writes.events} events`)
  t.ok(writes.log < 1, `${writes.log} octets of log for each`)
  const lease = await clients.ask('02000000aa01', '350101')
  t.ok(lease.type === 2 || lease.type === 0, 'the pool may be full, the server is not gone')
})

t.test('refusals of the API: a flood of them is a few lines', async (t) => {
  const { apiUrl, measured } = await aFloodedBench(t)
  const url = new URL(apiUrl)
  const flood = async (head: string) => {
    const socket = connect(Number(url.port), '127.0.0.1')
    let answers = 0
    socket.on('data', (text) => (answers += text.toString('latin1').split('HTTP/1.1 ').length - 1))
    socket.on('error', () => {})
    for (let sent = 0; sent < REQUESTS; sent += 50) {
      socket.write(head.repeat(50))
      while (answers < sent - 200 && socket.writable) await pause(1)
    }
    while (answers < REQUESTS && socket.writable) await pause(5)
    socket.destroy()
  }
  const kinds = {
    'unknown paths of 3,000 characters': `GET /v1/${'A'.repeat(3000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    'Host headers of others': `GET /v1/phones HTTP/1.1\r\nHost: ${'e'.repeat(250)}\r\n\r\n`,
    'paths that cannot be read': 'GET /v1/phones/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'changes of another site':
      'POST /v1/reload HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\nContent-Length: 0\r\n\r\n',
  }
  for (const [what, head] of Object.entries(kinds)) {
    const { log } = await measured(what, REQUESTS, () => flood(head))
    t.ok(log < 10, `${what}: ${log} octets of log for each`)
  }
})
