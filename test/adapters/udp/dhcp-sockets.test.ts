import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import t from 'tap'
import { chooseSockets } from '../../../src/adapters/udp/choose-sockets.ts'
import { DgramSockets } from '../../../src/adapters/udp/dgram-sockets.ts'
import { DhcpSockets } from '../../../src/adapters/udp/dhcp-sockets.ts'
import { type Libc, loadLibc } from '../../../src/adapters/udp/native/libc.ts'
import { SystemCallError } from '../../../src/adapters/udp/native/system-call-error.ts'
import type { UdpSockets } from '../../../src/adapters/udp/udp-socket.ts'
import { type Ipv4, parseIpv4 } from '../../../src/net/ipv4.ts'

const loopback = parseIpv4('127.0.0.1') as Ipv4
const second = parseIpv4('127.0.0.2') as Ipv4
const owner = { interfaceName: 'lo', localAddress: loopback }

/** The sockets on loopback, which the test may remove and make again as far as they can tell. */
async function aLab(
  relayedAddresses: Ipv4[] = [],
  kindOf: (libc: Libc) => UdpSockets | Promise<UdpSockets> = (libc) =>
    new DgramSockets({ kind: 'ok', libc }),
) {
  const loaded = await loadLibc()
  if (loaded.kind === 'missing') throw new Error(loaded.reason)
  const now = { index: 1, bind: '' }
  const descriptors: number[] = []
  const libc: Libc = {
    ...loaded.libc,
    socket: (...args) => {
      const descriptor = loaded.libc.socket(...args)
      descriptors.push(descriptor)
      return descriptor
    },
    bind: (descriptor, address) => {
      if (now.bind !== '') throw new SystemCallError('bind', now.bind)
      loaded.libc.bind(descriptor, address)
    },
    interfaceIndex: (name) => {
      if (now.index === 0) throw new SystemCallError('if_nametoindex', 'ENODEV')
      return name === 'lo' ? now.index : 0
    },
  }
  const faults: string[] = []
  let heard: (owner: unknown) => void = () => {}
  const sockets = await DhcpSockets.open(
    { interfaces: [owner, owner], relayedAddresses, port: 0 },
    { loaded: { kind: 'ok', libc }, sockets: await kindOf(libc) },
    {
      onDatagram: (_datagram, by) => heard(by),
      onSendFailed: (code) => faults.push(code),
      onFault: (error) => faults.push(String(error)),
    },
  )
  const client = createSocket('udp4').bind(0, '127.0.0.1')
  await once(client, 'listening')
  const heardBy = (address: string) => {
    client.send('x', sockets.port, address)
    return new Promise((resolve) => (heard = resolve))
  }
  const close = () => {
    sockets.close()
    client.close()
  }
  return { sockets, now, faults, heardBy, close, descriptors, libc }
}

t.test('an interface that was removed and made again is heard by new sockets', async (t) => {
  const { sockets, now, faults, heardBy, close } = await aLab()
  const before = sockets.of(owner)
  await sockets.followInterfaces()
  t.equal(sockets.of(owner), before, 'nothing has changed')
  now.index = 0
  await sockets.followInterfaces()
  t.equal(sockets.of(owner), before, 'gone, but it may come back')
  now.index = 2
  await sockets.followInterfaces()
  t.not(sockets.of(owner), before)
  t.same(await heardBy('127.0.0.1'), owner)
  t.same(faults, [])
  close()
})

t.test('a new interface without its address is tried again, and told once', async (t) => {
  const { sockets, now, faults, heardBy, close } = await aLab()
  now.index = 2
  now.bind = 'EADDRNOTAVAIL'
  await sockets.followInterfaces()
  await sockets.followInterfaces()
  t.equal(faults.length, 1)
  t.match(faults[0], /not assigned to this host/)
  t.equal(sockets.of(owner), undefined, 'no closed socket is given to send from')
  now.bind = ''
  await sockets.followInterfaces()
  t.same(await heardBy('127.0.0.1'), owner)
  close()
})

t.test('nothing is opened again once closed', async (t) => {
  const { sockets, now, faults, close } = await aLab()
  now.index = 2
  const following = sockets.followInterfaces()
  close()
  await following
  t.equal(sockets.of(owner), undefined)
  t.same(faults, [])
})

t.test('relay agents are heard on their own address, and on that of an interface', async (t) => {
  const { sockets, heardBy, close } = await aLab([loopback, second])
  t.equal(sockets.of({ interfaceName: null, localAddress: loopback }), sockets.of(owner))
  t.same(await heardBy('127.0.0.2'), { interfaceName: null, localAddress: second })
  t.same(await heardBy('127.0.0.3'), owner, 'any other address is the interface alone')
  close()
})

// Node's own sockets are not closed behind its back: that ends the process, which is seen as well.
async function batchSockets(libc: Libc): Promise<UdpSockets> {
  const onFault = () => {}
  const needs = { choice: 'auto', maxDatagramBytes: 4096, onFault } as const
  return (await chooseSockets(needs, { kind: 'ok', libc })).sockets
}

t.test('sockets that the system has closed are noticed, and opened again', async (t) => {
  const { sockets, now, heardBy, close, descriptors, libc } = await aLab([second], batchSockets)
  t.same(sockets.faults(), [])
  // The first was taken once to see whether the port is free.
  const [, broadcast, own, relayed] = descriptors as [number, number, number, number]
  libc.close(own)
  t.match(sockets.faults(), [{ where: 'lo', message: 'the DHCP sockets on lo are gone' }])
  libc.close(relayed)
  t.match(sockets.faults(), [{ where: 'lo' }, { where: '127.0.0.2', message: /relay agents/ }])
  libc.close(broadcast)
  await sockets.followInterfaces()
  t.same(sockets.faults(), [])
  t.same(await heardBy('127.0.0.1'), owner)
  t.same(await heardBy('127.0.0.2'), { interfaceName: null, localAddress: second })
  now.index = 2
  now.bind = 'EADDRNOTAVAIL'
  await sockets.followInterfaces()
  t.match(sockets.faults(), [{ where: 'lo', message: /gone: .*not assigned to this host/ }])
  now.index = 0
  t.same(sockets.faults(), [], 'without the interface it is the interface that is missed')
  close()
})
