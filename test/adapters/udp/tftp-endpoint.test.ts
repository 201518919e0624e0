import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type Ipv4, parseIpv4 } from '../../../src/net/ipv4.ts'
import { DEFAULT_RETRY_POLICY } from '../../../src/tftp/retransmission-timer.ts'
import { anOpenTftpEndpoint, aTftpEndpoint, LOOPBACK } from '../../support/a-tftp-endpoint.ts'
import { anRrq, numbered } from '../../support/tftp-lab.ts'
import { TftpReader } from '../../support/tftp-reader.ts'
import { bytes } from '../../support/vector.ts'
import { closeUdpSockets } from '../../system/support/close-sockets.mjs'

const SIZES = [0, 1, 511, 512, 513, 100_000]
const FILES = Object.fromEntries(SIZES.map((size) => [`of-${size}`, numbered(size)]))
/** Nothing is sent again by itself, however slow the machine. */
const PATIENT = { ...DEFAULT_RETRY_POLICY, baseMs: 60_000, minMs: 60_000, maxMs: 60_000 }
const CHOICES = ['auto', 'plain'] as const

for (const sockets of CHOICES) {
  t.test(`files arrive whole over real sockets (${sockets})`, async (t) => {
    const { listener, events, faults } = await anOpenTftpEndpoint(t, FILES, {
      sockets,
      retry: PATIENT,
    })
    const reader = await aReader(t, listener)
    for (const size of SIZES) {
      const { bytes: got, port } = await reader.read(anRrq(`of-${size}`))
      t.same(Buffer.from(got), Buffer.from(numbered(size)), `${size} octets`)
      t.not(port, listener.port, 'RFC 1350 section 4: from a port of its own')
    }
    await reader.settle()
    const ended = events.filter(({ event }) => event === 'tftp.transfer.ended')
    t.equal(ended.length, SIZES.length, 'one event for each')
    t.match(
      ended,
      SIZES.map((bytes) => ({ outcome: 'complete', bytes })),
    )
    t.same(faults, [])
  })

  t.test(`blocks of any size and windows arrive (${sockets})`, async (t) => {
    const { listener } = await anOpenTftpEndpoint(t, FILES, { sockets, retry: PATIENT })
    const reader = await aReader(t, listener)
    const cases = [
      { blksize: 8, file: 'of-513' },
      { blksize: 1428, file: 'of-100000' },
      { blksize: 65_464, file: 'of-100000' },
    ]
    for (const { blksize, file } of cases) {
      const { bytes: got } = await reader.read(anRrq(file, { blksize: `${blksize}` }), blksize)
      t.same(Buffer.from(got), Buffer.from(FILES[file] ?? []), `${blksize}`)
    }
    const windowed = anRrq('of-100000', { windowsize: '7', tsize: '0' })
    t.same(Buffer.from((await reader.read(windowed)).bytes), Buffer.from(numbered(100_000)))
  })

  t.test(`errors and refusals come back, and nonsense is survived (${sockets})`, async (t) => {
    const { listener } = await anOpenTftpEndpoint(t, FILES, { sockets, retry: PATIENT })
    const reader = await aReader(t, listener)
    reader.send(anRrq('absent'))
    t.match((await reader.next()).packet, { kind: 'error', code: 1 })
    reader.send({ kind: 'write', name: 'x', mode: 'octet', options: new Map() })
    t.match((await reader.next()).packet, { kind: 'error', code: 2 })
    reader.send(bytes(`0001${'00'.repeat(40_000)}`))
    t.match((await reader.next()).packet, { kind: 'error', code: 4 })
    for (const hex of ['', '00', '0005 0000 00', 'ffff']) reader.send(bytes(hex))
    const { bytes: got } = await reader.read(anRrq('of-513'))
    t.equal(got.length, 513, 'a phone is served')
  })

  t.test(
    `RFC 1350 section 4: a wrong TID gets ERROR 5, from the port it came to (${sockets})`,
    async (t) => {
      const { listener } = await anOpenTftpEndpoint(t, FILES, { sockets, retry: PATIENT })
      const [reader, other] = [await aReader(t, listener), await aReader(t, listener)]
      reader.send(anRrq('of-513'))
      const { from } = await reader.next()
      other.send({ kind: 'ack', block: 1 }, from.port)
      const answer = await other.next()
      t.match(answer, { packet: { kind: 'error', code: 5 }, from: { port: from.port } })
      reader.send({ kind: 'ack', block: 1 }, from.port)
      t.match((await reader.next()).packet, { kind: 'data', block: 2 })
    },
  )

  t.test(`what is not acknowledged is sent again by itself (${sockets})`, async (t) => {
    const retry = { baseMs: 20, minMs: 20, maxMs: 40, attemptsBeforeFirstAck: 500, attempts: 500 }
    const { listener, endpoint } = await anOpenTftpEndpoint(t, FILES, { sockets, retry })
    const reader = await aReader(t, listener)
    reader.send(anRrq('of-1'))
    const heard = [await reader.next(), await reader.next()]
    t.match(heard, [{ packet: { block: 1 } }, { packet: { block: 1 } }])
    t.equal(heard[0]?.from.port, heard[1]?.from.port)
    reader.send({ kind: 'ack', block: 1 }, heard[0]?.from.port)
    await reader.read(anRrq('of-1'))
    await reader.settle()
    t.equal(endpoint.server.counters().outcomes.complete, 2)
  })

  t.test(
    `transfers at once each have a port, and ports change over time (${sockets})`,
    async (t) => {
      const { listener } = await anOpenTftpEndpoint(t, FILES, { sockets, retry: PATIENT })
      const readers = await Promise.all(Array.from({ length: 4 }, () => aReader(t, listener)))
      for (const reader of readers) reader.send(anRrq('of-513'))
      const firsts = await Promise.all(readers.map((reader) => reader.next()))
      t.equal(new Set(firsts.map(({ from }) => from.port)).size, 4)
      const ports = new Set<number>()
      const reader = await aReader(t, listener)
      for (let transfer = 0; transfer < 600; transfer++) {
        ports.add((await reader.read(anRrq('of-1'))).port)
      }
      t.ok(ports.size > 4, `${ports.size} ports`)
      readers[0]?.send({ kind: 'ack', block: 1 }, firsts[0]?.from.port)
      t.match((await readers[0]?.next())?.packet, { block: 2 }, 'a transfer outlives the change')
    },
  )

  t.test(
    `RFC 1123 section 4.2.3.5: a request to a broadcast address is not heard (${sockets})`,
    async (t) => {
      const { listener, events } = await anOpenTftpEndpoint(t, FILES, { sockets, retry: PATIENT })
      const socket = createSocket('udp4')
      t.teardown(() => socket.close())
      const isBound = once(socket, 'listening')
      socket.bind(0, '127.0.0.1')
      await isBound
      socket.setBroadcast(true)
      socket.send(bytes('0001 6f662d31 00 6f6374657400'), listener.port, '127.255.255.255')
      const reader = await aReader(t, listener)
      await reader.read(anRrq('of-513'))
      t.equal(events.filter(({ event }) => event === 'tftp.transfer.started').length, 1)
    },
  )

  t.test(`replies leave from the address that was asked (${sockets})`, async (t) => {
    const second = parseIpv4('127.0.0.2') as Ipv4
    const { listeners } = await anOpenTftpEndpoint(t, FILES, {
      sockets,
      listeners: [LOOPBACK, second].map((address) => ({ address, port: 0 })),
    })
    for (const [index, address] of ['127.0.0.1', '127.0.0.2'].entries()) {
      const reader = await aReader(t, listeners[index] as (typeof listeners)[0])
      reader.send(anRrq('of-1'))
      t.equal((await reader.next()).from.address, address)
    }
  })

  t.test(`transfers keep to a range of ports (${sockets})`, async (t) => {
    const first = await aFreePort()
    const transferPorts = { first, last: first + 40 }
    const { listener } = await anOpenTftpEndpoint(t, FILES, { sockets, transferPorts })
    const reader = await aReader(t, listener)
    for (let transfer = 0; transfer < 10; transfer++) {
      const { port } = await reader.read(anRrq('of-1'))
      t.ok(port >= first && port <= first + 40, `${port}`)
    }
  })

  t.test(
    `what cannot be opened is said with its code, and nothing is left open (${sockets})`,
    async (t) => {
      const { listener } = await anOpenTftpEndpoint(t, FILES, { sockets, retry: PATIENT })
      const cases = [
        { listeners: [listener], code: 'EADDRINUSE' },
        {
          listeners: [{ address: parseIpv4('192.0.2.1') as Ipv4, port: 0 }],
          code: 'EADDRNOTAVAIL',
        },
        {
          listeners: [{ address: LOOPBACK, port: 0 }],
          transferPorts: { first: listener.port, last: listener.port },
          code: 'EADDRINUSE',
        },
      ]
      for (const { code, ...options } of cases) {
        const { endpoint } = aTftpEndpoint(FILES, { sockets, ...options })
        await t.rejects(endpoint.open(), { code }, code)
        endpoint.close()
      }
    },
  )

  t.test(
    `a client that asks for file after file from one port completes each (${sockets})`,
    async (t) => {
      const { endpoint, listener } = await anOpenTftpEndpoint(t, FILES, { sockets, retry: PATIENT })
      const reader = await aReader(t, listener)
      for (let file = 0; file < 300; file++) {
        await reader.read(anRrq(file % 2 === 0 ? 'of-1' : 'of-513'))
      }
      await reader.settle()
      const { outcomes } = endpoint.server.counters()
      t.match(outcomes, { complete: 300, restarted: 0 })
    },
  )

  t.test(`closing ends what runs and frees the port (${sockets})`, async (t) => {
    const { endpoint, events, listener } = await anOpenTftpEndpoint(t, FILES, {
      sockets,
      retry: PATIENT,
    })
    const reader = await aReader(t, listener)
    reader.send(anRrq('of-513'))
    await reader.next()
    endpoint.close()
    t.match(events.at(-1), { event: 'tftp.transfer.ended', outcome: 'stopped' })
    const again = await anOpenTftpEndpoint(t, FILES, { sockets, listeners: [listener] })
    t.equal(again.listener.port, listener.port)
  })
}

t.test(
  'datagrams go many at a time where the system allows, and the reason is known where not',
  async (t) => {
    const { endpoint } = await anOpenTftpEndpoint(t, FILES)
    const canBatch = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch)
    t.equal(endpoint.plainBecause === null, canBatch)
    const plain = await anOpenTftpEndpoint(t, FILES, { sockets: 'plain' })
    t.equal(plain.endpoint.plainBecause, 'it was asked for')
  },
)

async function aReader(
  t: Test,
  listener: Parameters<typeof TftpReader.open>[0],
): Promise<TftpReader> {
  const reader = await TftpReader.open(listener)
  t.teardown(() => reader.close())
  return reader
}

async function aFreePort(): Promise<number> {
  const socket = createSocket('udp4')
  const isBound = once(socket, 'listening')
  socket.bind(0, '127.0.0.1')
  await isBound
  const { port } = socket.address()
  socket.close()
  return Math.min(port, 65_000)
}

// Node's own sockets are not closed behind its back: that ends the process, which is seen as well.
t.test('a listener that the system has closed is noticed, and opened again', async (t) => {
  const { endpoint, listener } = await anOpenTftpEndpoint(t, FILES)
  t.same(endpoint.faults(), [])
  t.equal(closeUdpSockets(listener.port), 1)
  const message = 'the TFTP socket on 127.0.0.1 port 0 is gone: it is reopened within seconds'
  t.same(endpoint.faults(), [{ where: '127.0.0.1', message }])
  t.ok(await isWholeAgain(endpoint))
  const reader = await aReader(t, listener)
  t.equal((await reader.read(anRrq('of-513'))).bytes.length, 513, 'on the port that it had')
})

t.test('transfer sockets that are gone are missed, and others take their place', async (t) => {
  const first = 40_000 + Math.floor(Math.random() * 20_000)
  const transferPorts = { first, last: first + 20 }
  const { endpoint, listener } = await anOpenTftpEndpoint(t, FILES, {
    transferSockets: 2,
    transferPorts,
  })
  for (let port = first; port <= transferPorts.last; port++) closeUdpSockets(port)
  t.match(endpoint.faults(), [{ where: 'transfers', message: /^2 sockets of TFTP transfers/ }])
  t.ok(await isWholeAgain(endpoint))
  const reader = await aReader(t, listener)
  t.equal((await reader.read(anRrq('of-513'))).bytes.length, 513)
})

/** Whether within ten seconds nothing is missing any more. */
async function isWholeAgain(endpoint: { faults(): readonly unknown[] }): Promise<boolean> {
  for (const until = Date.now() + 10_000; Date.now() < until; await pause(50)) {
    if (endpoint.faults().length === 0) return true
  }
  return false
}
