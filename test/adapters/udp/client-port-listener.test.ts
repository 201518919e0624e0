import t from 'tap'
import { ClientPortListener } from '../../../src/adapters/udp/client-port-listener.ts'
import type { Arrival } from '../../../src/dhcp/effect.ts'
import { type Ipv4, parseIpv4 } from '../../../src/net/ipv4.ts'
import type { DhcpMessage } from '../../../src/wire/dhcp/message.ts'
import { encodeUdpFrame } from '../../../src/wire/frame/udp-frame.ts'
import { dhcpBytes } from '../../support/dhcp-bytes.ts'
import { type ScriptedDescriptor, ScriptedLibc } from '../../support/scripted-libc.ts'
import { bytes, readVectors, type Vector } from '../../support/vector.ts'

const address = parseIpv4('192.0.2.7') as Ipv4
const lo = { interfaceName: 'lo', localAddress: address }
const [{ bytes: KEA_OFFER }] = readVectors('frame') as [Vector]

function aListener(interfaces = [lo]) {
  const libc = new ScriptedLibc()
  const heard: { readonly message: DhcpMessage; readonly arrival: Arrival }[] = []
  const faults: string[] = []
  const listener = new ClientPortListener(libc, interfaces, {
    onReply: (message, arrival) => heard.push({ message, arrival }),
    onFault: (error) => faults.push(String(error)),
  })
  const last = () => [...libc.descriptors.values()].at(-1) as ScriptedDescriptor
  return { libc, listener, heard, faults, last }
}

t.test('a reply of a server to a client is heard with its source', async (t) => {
  const { listener, heard, last } = aListener()
  listener.follow()
  last().receive(KEA_OFFER)
  t.match(heard, [
    {
      message: { op: 2, yiaddr: 0xc0000232 },
      arrival: { ...lo, sourceAddress: 0xc0000201, sourcePort: 67 },
    },
  ])
})

t.test('no port is bound: a DHCP client on this machine keeps it', async (t) => {
  const { libc, listener, last } = aListener()
  listener.follow()
  t.equal(libc.descriptors.size, 1)
  t.match(last(), { domain: 17, protocol: 0, isOpen: true }, 'AF_PACKET, deaf until it is bound')
  t.same(last().bound?.subarray(2, 4), bytes('0800'), 'IPv4 alone')
  t.equal(last().filter?.length, 11 * 8, 'and of that what the filter lets through')
})

t.test('requests, other datagrams and broken ones are not replies', async (t) => {
  const { listener, heard, last } = aListener()
  listener.follow()
  const end = { hardwareAddress: new Uint8Array(6), address, port: 68 }
  const request = encodeUdpFrame(end, end, dhcpBytes({ options: '350101 ff' }))
  last().receive(bytes('00'), KEA_OFFER.subarray(0, 200), encodeUdpFrame(end, end, bytes('2a')))
  last().receive(request)
  t.same(heard, [])
})

t.test('a fault of ours is not taken for a broken reply', async (t) => {
  const libc = new ScriptedLibc()
  const listener = new ClientPortListener(libc, [lo], {
    onReply: () => {
      throw new TypeError('ours')
    },
    onFault: () => {},
  })
  listener.follow()
  const [descriptor] = libc.descriptors.values()
  t.throws(() => descriptor?.receive(KEA_OFFER), { message: 'ours' })
})

t.test('an interface is listened on once, and again when it was created again', async (t) => {
  const { libc, listener, heard, last } = aListener([lo, lo])
  listener.follow()
  listener.follow()
  t.equal(libc.descriptors.size, 1)
  libc.interfaces.set('lo', 7)
  listener.follow()
  t.equal(libc.descriptors.size, 2)
  t.equal(libc.openCount, 1)
  last().receive(KEA_OFFER)
  t.equal(heard.length, 1)
  last().receive('ENETDOWN')
  t.equal(libc.openCount, 0)
  listener.follow()
  t.equal(libc.openCount, 1, 'it is back')
  listener.close()
  listener.close()
  t.equal(libc.openCount, 0)
})

t.test('what cannot be listened on is told once, and tried again', async (t) => {
  const { libc, listener, faults } = aListener()
  for (const call of ['socket', 'attachFilter', 'bind', 'watch'] as const) {
    libc.failures.set(call, 'EPERM')
    listener.follow()
    listener.follow()
    t.equal(faults.length, 1, call)
    t.equal(libc.openCount, 0, `${call}: nothing stays open`)
    faults.length = 0
    libc.failures.clear()
    listener.follow()
    t.equal(libc.openCount, 1)
    listener.close()
  }
  libc.interfaces.clear()
  listener.follow()
  t.match(faults, [/ENODEV/])
})
