import t from 'tap'
import { linkFacts, openFrameSender } from '../../../src/adapters/udp/frame-sender.ts'
import { type Ipv4, parseIpv4 } from '../../../src/net/ipv4.ts'
import { encodeUdpFrame } from '../../../src/wire/frame/udp-frame.ts'
import { ScriptedLibc } from '../../support/scripted-libc.ts'
import { bytes } from '../../support/vector.ts'

const from = { address: parseIpv4('192.0.2.1') as Ipv4, port: 67 }
const to = {
  hardwareAddress: bytes('000e84c060a6'),
  address: parseIpv4('192.0.2.50') as Ipv4,
  port: 68,
}

t.test('a frame leaves by the interface, from its hardware address', async (t) => {
  const libc = new ScriptedLibc()
  const frames = openFrameSender(libc)
  frames.send('lo', from, to, bytes('0102'))
  const [descriptor] = [...libc.descriptors.values()]
  const source = { ...from, hardwareAddress: new Uint8Array(6) }
  t.same(descriptor?.sent[0]?.bytes, encodeUdpFrame(source, to, bytes('0102')))
  t.same(descriptor?.sent[0]?.address.subarray(12, 18), to.hardwareAddress)
  frames.close()
  t.equal(libc.openCount, 0)
})

t.test('an interface made again under another number is found again', async (t) => {
  const libc = new ScriptedLibc()
  const frames = openFrameSender(libc)
  frames.send('lo', from, to, bytes('01'))
  libc.failures.set('sendto', 'ENXIO')
  t.throws(() => frames.send('lo', from, to, bytes('02')), { code: 'ENXIO' })
  libc.failures.clear()
  libc.interfaces.set('lo', 7)
  frames.send('lo', from, to, bytes('03'))
  const [descriptor] = [...libc.descriptors.values()]
  t.not(descriptor?.sent[1]?.address[4], descriptor?.sent[0]?.address[4])
})

t.test('says what is missing by a code', async (t) => {
  const libc = new ScriptedLibc()
  t.throws(() => linkFacts(libc, 'gone0'), { name: 'SystemCallError', code: 'ENODEV' })
  libc.interfaces.set('bare0', 9)
  t.throws(() => linkFacts(libc, 'bare0'), { code: 'ENODEV' }, 'an interface without addresses')
  libc.failures.set('socket', 'EPERM')
  t.throws(() => openFrameSender(libc), { code: 'EPERM' })
})
