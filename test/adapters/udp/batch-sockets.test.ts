import t, { type Test } from 'tap'
import { loadBatchCalls } from '../../../src/adapters/udp/batch-calls.ts'
import { BatchSockets } from '../../../src/adapters/udp/batch-sockets.ts'
import { loadLibc } from '../../../src/adapters/udp/native/libc.ts'
import type { SocketOptions } from '../../../src/adapters/udp/udp-socket.ts'
import { formatIpv4 } from '../../../src/net/ipv4.ts'
import { LOOPBACK } from '../../support/a-tftp-endpoint.ts'
import { LISTENER, numbered } from '../../support/tftp-lab.ts'

/** What a socket heard, the datagram copied out of the memory that is used again. */
type Heard = {
  readonly bytes: Buffer
  readonly from: string
  readonly port: number
  readonly channel: number
}

t.test('datagrams arrive with their bytes, their length and their source', async (t) => {
  const { sockets, open } = await someSockets(t)
  const [a, b] = [await open(1), await open(2)]
  const sizes = [0, 1, 4, 600, 1024]
  for (const size of sizes) a.sendPacket(numbered(size), b.port)
  sockets.flush()
  t.same(
    await b.hear(sizes.length),
    sizes.map((size) => ({
      bytes: Buffer.from(numbered(size)),
      from: '127.0.0.1',
      port: a.port,
      channel: 2,
    })),
  )
})

t.test('what is longer than any request arrives cut off, and is still too long', async (t) => {
  const { sockets, open } = await someSockets(t)
  const [a, b] = [await open(1), await open(2)]
  a.sendPacket(numbered(1025), b.port)
  sockets.flush()
  t.equal((await b.hear(1))[0]?.bytes.length, 1024)
})

t.test('more than one call can take are sent and received in order', async (t) => {
  const { sockets, open } = await someSockets(t)
  const [a, b] = [await open(1), await open(2)]
  const file = numbered(300 * 512 + 7)
  a.sendWindow(file, 300 + 1, b.port)
  sockets.flush()
  const heard = await b.hear(301)
  t.same(
    heard.map(({ bytes }) => bytes.readUInt16BE(2)),
    Array.from({ length: 301 }, (_, at) => at + 1),
  )
  const payloads = Buffer.concat(heard.map(({ bytes }) => bytes.subarray(4)))
  t.ok(payloads.equals(Buffer.from(file)))
})

t.test('the number of a block wraps on the wire', async (t) => {
  const { sockets, open } = await someSockets(t)
  const [a, b] = [await open(1), await open(2)]
  const file = new Uint8Array(8 * 65_537)
  a.sendWindow(file, 3, b.port, 65_535)
  sockets.flush()
  const numbers = (await b.hear(3)).map(({ bytes }) => bytes.subarray(0, 4).toString('hex'))
  t.same(numbers, ['0003ffff', '00030000', '00030001'])
})

t.test('a datagram that cannot be sent is told of, and the others go', async (t) => {
  const { sockets, open, faults } = await someSockets(t)
  const [a, b] = [await open(1), await open(2)]
  a.sendPacket(Buffer.from('one'), b.port)
  a.sendPacket(Buffer.from('to nobody'), 0)
  a.sendPacket(Buffer.from('two'), b.port)
  sockets.flush()
  t.same(
    (await b.hear(2)).map(({ bytes }) => `${bytes}`),
    ['one', 'two'],
  )
  t.same(faults, ['EINVAL'])
})

t.test('what came to other sockets is handed over before the requests', async (t) => {
  const { sockets, open } = await someSockets(t)
  const [listener, a, b] = [await open(LISTENER), await open(1), await open(2)]
  const order: string[] = []
  listener.onHeard = (text) => order.push(text)
  b.onHeard = (text) => order.push(text)
  a.sendPacket(Buffer.from('first request'), listener.port)
  a.sendPacket(Buffer.from('acknowledgement'), b.port)
  a.sendPacket(Buffer.from('second request'), listener.port)
  sockets.flush()
  await listener.hear(2)
  t.same(order, ['acknowledgement', 'first request', 'second request'])
})

t.test('a crowd that never pauses leaves the others their turn', async (t) => {
  const { sockets, open } = await someSockets(t)
  const crowd = await Promise.all(Array.from({ length: 8 }, (_, index) => open(index + 1)))
  const ping = Buffer.from('ping')
  const passOn = (index: number) => {
    crowd[index]?.sendPacket(ping, crowd[(index + 1) % crowd.length]?.port as number)
  }
  let count = 0
  const heardBeforeTurn = new Promise<number>((resolve) => {
    for (const [index, one] of crowd.entries()) {
      one.onHeard = () => {
        if (count++ === 0) setImmediate(() => resolve(count))
        if (count < 1_000) passOn(index)
      }
    }
  })
  // The watch does not keep us alive.
  const alive = setTimeout(() => {}, 10_000)
  for (const index of crowd.keys()) passOn(index)
  sockets.flush()
  const heard = await heardBeforeTurn
  clearTimeout(alive)
  t.ok(heard <= 2 * crowd.length, `${heard} datagrams of eight sockets`)
})

t.test('closing sends what waits, and a closed socket hears nothing', async (t) => {
  const { open } = await someSockets(t)
  const [a, b, c] = [await open(1), await open(2), await open(3)]
  a.sendPacket(Buffer.from('first'), c.port)
  a.sendPacket(Buffer.from('first'), b.port)
  a.socket.close()
  t.same(
    (await b.hear(1)).map(({ bytes }) => `${bytes}`),
    ['first'],
  )
  t.equal((await c.hear(1)).length, 1)
})

async function someSockets(t: Test) {
  const loaded = await loadBatchCalls(await loadLibc())
  if (loaded.kind === 'missing') throw new Error(loaded.reason)
  const faults: unknown[] = []
  const sockets = new BatchSockets(loaded, 1024, (fault) => faults.push(fault))
  t.teardown(() => sockets.close())
  const open = (channel: number) => aSocket(t, sockets, channel, faults)
  return { sockets, open, faults }
}

async function aSocket(t: Test, sockets: BatchSockets, channel: number, faults: unknown[]) {
  const isListener = channel === LISTENER
  const heard: Heard[] = []
  let wanted = Number.POSITIVE_INFINITY
  let enough = () => {}
  const onDatagram: SocketOptions['onDatagram'] = ({
    bytes,
    length,
    client,
    clientPort,
    channel,
  }) => {
    const copy = Buffer.from(bytes.subarray(0, length))
    made.onHeard(`${copy}`)
    heard.push({ bytes: copy, from: formatIpv4(client), port: clientPort, channel })
    if (heard.length >= wanted) enough()
  }
  const socket = await sockets.open({
    address: LOOPBACK,
    port: 0,
    interfaceName: null,
    broadcast: false,
    sharesPort: false,
    bufferBytes: 1 << 20,
    isListener,
    channel,
    onDatagram,
    onSendFailed: (code) => faults.push(code),
    onFault: (fault) => faults.push(fault),
  })
  t.teardown(() => socket.close())
  const to = (clientPort: number) => ({ client: LOOPBACK, clientPort, channel })
  const made = {
    socket,
    port: socket.port,
    onHeard: (_text: string): void => {},
    sendPacket: (bytes: Uint8Array, port: number) => socket.sendPacket({ bytes, ...to(port) }),
    sendWindow(bytes: Uint8Array, count: number, port: number, firstBlock = 1) {
      const blockSize = firstBlock > 1 ? 8 : 512
      socket.sendBlocks({ kind: 'send-blocks', bytes, blockSize, firstBlock, count, ...to(port) })
    },
    /** The first so many datagrams, however long they take; the watch does not keep us alive. */
    async hear(count: number): Promise<Heard[]> {
      const alive = setTimeout(() => enough(), 10_000)
      if (heard.length < count) {
        wanted = count
        await new Promise<void>((resolve) => {
          enough = resolve
        })
      }
      clearTimeout(alive)
      return heard.splice(0, count)
    },
  }
  return made
}
