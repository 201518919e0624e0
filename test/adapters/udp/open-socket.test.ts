import { once } from 'node:events'
import t from 'tap'
import type { LoadedLibc } from '../../../src/adapters/udp/native/libc.ts'
import { openUdpSocket, type UdpSocketSettings } from '../../../src/adapters/udp/open-socket.ts'
import { SocketError } from '../../../src/adapters/udp/socket-error.ts'
import { type Ipv4, parseIpv4, UNSPECIFIED } from '../../../src/net/ipv4.ts'
import { ScriptedLibc } from '../../support/scripted-libc.ts'

const loopback = parseIpv4('127.0.0.1') as Ipv4
const elsewhere = parseIpv4('192.0.2.99') as Ipv4
const settings: UdpSocketSettings = {
  address: loopback,
  port: 0,
  interfaceName: null,
  broadcast: false,
  bufferBytes: 65536,
  sharesPort: false,
}
const missing: LoadedLibc = { kind: 'missing', reason: 'another system is not Linux' }
const ways = [
  { way: 'through the C library', loaded: undefined },
  { way: 'by Node alone', loaded: missing },
]

for (const { way, loaded } of ways) {
  t.test(`${way}: receives and sends`, async (t) => {
    const receiver = await openUdpSocket(settings, loaded)
    const sender = await openUdpSocket({ ...settings, broadcast: true }, loaded)
    t.ok(receiver.getRecvBufferSize() >= 65536)
    const heard = once(receiver, 'message')
    sender.send('hello', receiver.address().port, '127.0.0.1')
    const [bytes, from] = await heard
    t.equal(String(bytes), 'hello')
    t.equal(from.port, sender.address().port)
    receiver.close()
    sender.close()
  })

  t.test(`${way}: a port that is taken is said, with the way to find who has it`, async (t) => {
    const first = await openUdpSocket(settings, loaded)
    const { port } = first.address()
    await t.rejects(openUdpSocket({ ...settings, port }, loaded), {
      name: 'SocketError',
      code: 'EADDRINUSE',
      message: new RegExp(`^UDP 127.0.0.1 port ${port}: .*ss -lunp`),
    })
    first.close()
  })

  t.test(`${way}: two of ours may share a port`, async (t) => {
    const first = await openUdpSocket({ ...settings, sharesPort: true }, loaded)
    const { port } = first.address()
    const wide = { ...settings, address: UNSPECIFIED, port, sharesPort: true }
    const second = await openUdpSocket(wide, loaded)
    t.equal(second.address().port, port)
    first.close()
    second.close()
  })

  t.test(`${way}: an address that is not ours is said`, async (t) => {
    await t.rejects(openUdpSocket({ ...settings, address: elsewhere }, loaded), {
      code: 'EADDRNOTAVAIL',
      message: /192\.0\.2\.99 is not assigned to this host/,
    })
  })
}

t.test('an interface that is not there is said', async (t) => {
  await t.rejects(openUdpSocket({ ...settings, interfaceName: 'gone0' }), {
    code: 'ENODEV',
    message: /no interface gone0/,
  })
})

t.test('hears on one interface alone', async (t) => {
  const receiver = await openUdpSocket({ ...settings, interfaceName: 'lo' })
  const heard = once(receiver, 'message')
  receiver.send('self', receiver.address().port, '127.0.0.1')
  t.equal(String((await heard)[0]), 'self')
  receiver.close()
})

t.test(
  'without the C library an interface alone cannot be had, and what works is said',
  async (t) => {
    await t.rejects(openUdpSocket({ ...settings, interfaceName: 'lo' }, missing), {
      code: 'NO_NATIVE',
      message: /another system is not Linux.*relayed: true/,
    })
  },
)

t.test('every other refusal is said, and nothing stays open', async (t) => {
  const cases = [
    { call: 'bind', code: 'EACCES', port: 67, message: /port below 1024.*CAP_NET_BIND_SERVICE/ },
    { call: 'bind', code: 'EPERM', port: 6700, message: /permission denied for this socket/ },
    { call: 'bind', code: 'ENOBUFS', port: 67, message: /bind failed: ENOBUFS/ },
    { call: 'setsockopt', code: 'ENOMEM', port: 67, message: /setsockopt failed: ENOMEM/ },
    { call: 'socket', code: 'EMFILE', port: 67, message: /socket failed: EMFILE/ },
  ] as const
  for (const { call, code, port, message } of cases) {
    const libc = new ScriptedLibc()
    libc.failures.set(call, code)
    await t.rejects(openUdpSocket({ ...settings, port }, { kind: 'ok', libc }), { code, message })
    t.equal(libc.openCount, 0, code)
  }
})

t.test('an error that is none of the system keeps its words', async (t) => {
  const error = SocketError.ofBind(settings, 'UNKNOWN', 'a text')
  t.match(error, { code: 'UNKNOWN', message: /a text$/, cause: 'a text' })
})
