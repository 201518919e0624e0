import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import type { Test } from 'tap'
import t from 'tap'
import { fetchPhonePage } from '../../../src/adapters/tcp/phone-page-client.ts'
import { ipv4 } from '../../support/values.ts'

const HERE = ipv4('127.0.0.1')

/** A server that does with each connection what it is told to; what it was sent is kept. */
async function aServer(t: Test, onConnect: (socket: Socket, sent: () => string) => void) {
  const open = new Set<Socket>()
  const requests: string[] = []
  let connections = 0
  const server: Server = createServer((socket) => {
    connections++
    open.add(socket)
    socket.on('error', () => {})
    let sent = ''
    socket.on('data', (bytes) => {
      sent += bytes
      if (sent.endsWith('\r\n\r\n')) requests.push(sent)
    })
    onConnect(socket, () => sent)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const ask = (timeoutMs = 400) =>
    fetchPhonePage(
      { address: HERE, port, path: '/DeviceInformationX', localAddress: HERE },
      timeoutMs,
    )
  return { ask, requests, connections: () => connections }
}

/** Answers as soon as a request has come. */
const answering = (text: string) => (socket: Socket) => {
  socket.once('data', () => socket.end(text, 'latin1'))
}

t.test('a page is asked for once, by HTTP/1.1, and the connection is closed', async (t) => {
  const page = '<DeviceInformation></DeviceInformation>'
  const head = 'HTTP/1.1 200\r\nServer: Allegro-Software-RomPager/4.34\r\n'
  const { ask, requests, connections } = await aServer(t, answering(`${head}\r\n${page}`))
  const answer = await ask()
  t.equal(answer.kind === 'page' && Buffer.from(answer.bytes).toString(), page)
  t.equal(connections(), 1)
  const [request = ''] = requests
  t.match(request, /^GET \/DeviceInformationX HTTP\/1\.1\r\n/)
  t.match(request, /\r\nhost: 127\.0\.0\.1(?::\d+)?\r\n/i)
  t.match(request, /\r\nconnection: close\r\n/i)
})

t.test('the body of another status is not read, and no redirect is followed', async (t) => {
  for (const status of [302, 401, 404, 500]) {
    const text = `HTTP/1.1 ${status} x\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 5\r\n\r\nhello`
    const { ask, connections } = await aServer(t, answering(text))
    t.same(await ask(), { kind: 'status', status })
    t.equal(connections(), 1)
  }
})

t.test('a server that means no good costs neither time nor memory', async (t) => {
  const ok = 'HTTP/1.1 200 OK\r\n'
  const flood = (socket: Socket, part: string) => {
    const more = () => {
      while (!socket.destroyed && socket.write(part)) {
        // Until the other end takes no more.
      }
    }
    socket.on('drain', more)
    socket.once('data', more)
  }
  const cases = [
    { why: 'no answer', act: () => {}, is: { reason: 'timed-out' } },
    {
      why: 'a slow drip of header fields',
      act: (socket: Socket) => {
        socket.write(ok)
        const drip = setInterval(() => socket.write('X: y\r\n'), 20)
        socket.on('close', () => clearInterval(drip))
      },
      is: { reason: 'timed-out' },
    },
    {
      why: 'a slow drip of a page',
      act: (socket: Socket) => {
        socket.write(`${ok}Content-Length: 5000\r\n\r\n`)
        const drip = setInterval(() => socket.write('x'), 20)
        socket.on('close', () => clearInterval(drip))
      },
      is: { reason: 'timed-out' },
    },
    {
      why: 'endless header fields',
      act: (socket: Socket) => {
        socket.write(ok)
        flood(socket, `X: ${'y'.repeat(1000)}\r\n`)
      },
      is: { reason: 'unreadable' },
    },
    {
      why: 'an endless header field',
      act: (socket: Socket) => {
        socket.write(`${ok}X: `)
        flood(socket, 'y'.repeat(1000))
      },
      is: { reason: 'unreadable' },
    },
    {
      why: 'endless interim responses',
      act: (socket: Socket) => flood(socket, 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(50)),
      is: { reason: 'unreadable' },
    },
    {
      why: '100 MB',
      act: (socket: Socket) => {
        socket.write(`${ok}Content-Length: 104857600\r\n\r\n`)
        flood(socket, 'z'.repeat(65_536))
      },
      is: { reason: 'too-large' },
    },
    {
      why: 'endless chunks',
      act: (socket: Socket) => {
        socket.write(`${ok}Transfer-Encoding: chunked\r\n\r\n`)
        flood(socket, '1\r\nx\r\n'.repeat(500))
      },
      is: { reason: 'too-large' },
    },
    {
      why: 'no HTTP',
      act: (socket: Socket) => answering('220 ftp ready\r\n')(socket),
      is: { reason: 'unreadable' },
    },
    {
      why: 'a page that breaks off',
      act: (socket: Socket) => answering(`${ok}Content-Length: 50\r\n\r\nx`)(socket),
      is: { reason: 'unreadable' },
    },
    {
      why: 'an upgrade that nobody asked for',
      act: (socket: Socket) =>
        answering('HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n')(socket),
      is: { kind: 'closed' },
    },
  ]
  for (const { why, act, is } of cases) {
    const { ask } = await aServer(t, act)
    const before = process.memoryUsage().rss
    t.match(await ask(), { kind: 'closed', ...is }, why)
    t.ok(process.memoryUsage().rss - before < 64 * 1024 * 1024, `${why}: memory`)
  }
})

t.test('without a listener there is no page', async (t) => {
  const closed = { address: HERE, port: 1, path: '/', localAddress: null }
  t.same(await fetchPhonePage(closed), { kind: 'closed', reason: 'refused' })
  const nowhere = { ...closed, localAddress: ipv4('192.0.2.1') }
  t.same(await fetchPhonePage(nowhere), { kind: 'closed', reason: 'unreachable' })
})
