import t from 'tap'
import { blindProber, WireProber } from '../../../src/adapters/udp/address-prober.ts'
import { type Ipv4, parseIpv4 } from '../../../src/net/ipv4.ts'
import { encodeArpProbe } from '../../../src/wire/frame/arp-frame.ts'
import { type ScriptedDescriptor, ScriptedLibc } from '../../support/scripted-libc.ts'
import { bytes } from '../../support/vector.ts'

const ip = (text: string) => parseIpv4(text) as Ipv4
const asked = ip('192.0.2.1')
const other = ip('192.0.2.9')

// Sent by Linux 6.18, captured with tcpdump.
const arpReply = bytes(
  '00005e0053076ae82fef592108060001080006040002 6ae82fef5921c000020100005e00530700000000',
)
const echoReply = bytes('4500001c9b4a000040015b8ec0000201c0000207 00001588ea770000')

/** Longer than any of these tests: they end by an answer, not by the wait. */
const LONG_MS = 60_000

const onlyDescriptor = (libc: ScriptedLibc) => {
  const [descriptor, ...rest] = [...libc.descriptors.values()]
  if (descriptor === undefined || rest.length > 0) throw new Error(`${rest.length + 1} descriptors`)
  return descriptor as ScriptedDescriptor
}

t.test(
  'RFC 5227 section 2.1.1: an ARP packet from the address shows that it is in use',
  async (t) => {
    const libc = new ScriptedLibc()
    const prober = new WireProber(libc)
    const result = prober.probe(asked, 'lo', LONG_MS)
    const { sent, domain, receive } = onlyDescriptor(libc)
    t.equal(domain, 17, 'AF_PACKET')
    t.same(sent[0]?.bytes, encodeArpProbe(new Uint8Array(6), asked))
    receive(bytes('00'), bytes('00*60'), encodeArpProbe(new Uint8Array(6), asked), arpReply)
    t.equal(await result, true)
    prober.close()
    t.equal(libc.openCount, 0)
  },
)

t.test('an answer for another address, or on another way, is none', async (t) => {
  const libc = new ScriptedLibc()
  const prober = new WireProber(libc)
  const result = prober.probe(other, 'lo', 20)
  const { sent, receive } = onlyDescriptor(libc)
  receive(arpReply)
  t.equal(await result, false)
  t.equal(sent.length, 2, 'asked twice: one lost packet must not make an address look free')
  prober.close()
})

t.test('behind a relay agent an address is asked for by ICMP echo', async (t) => {
  const libc = new ScriptedLibc()
  const prober = new WireProber(libc)
  const result = prober.probe(asked, null, LONG_MS)
  const { sent, domain, protocol, receive } = onlyDescriptor(libc)
  t.match({ domain, protocol }, { domain: 2, protocol: 1 })
  t.equal(sent[0]?.bytes[0], 8, 'echo request')
  t.same(sent[0]?.address.subarray(2, 8), bytes('0000 c0000201'))
  receive(
    bytes('45'),
    bytes('4500001c9b4a000040015b8ec0000201c0000207 0800 1588ea770000'),
    echoReply,
  )
  t.equal(await result, true)
  prober.close()
})

t.test('one socket serves all probes on an interface, at the same time', async (t) => {
  const libc = new ScriptedLibc()
  const prober = new WireProber(libc)
  const first = prober.probe(asked, 'lo', LONG_MS)
  const same = prober.probe(asked, 'lo', LONG_MS)
  const second = prober.probe(other, 'lo', 20)
  const { sent, receive } = onlyDescriptor(libc)
  t.equal(sent.length, 2, 'the same question is not asked twice')
  receive(arpReply)
  t.same(await Promise.all([first, same, second]), [true, true, false])
  prober.close()
})

t.test('what cannot be asked is unknown, at once', async (t) => {
  const libc = new ScriptedLibc()
  const prober = new WireProber(libc)
  t.equal(await prober.probe(asked, 'gone0', LONG_MS), null, 'no such interface')
  for (const call of ['socket', 'bind', 'watch', 'sendto'] as const) {
    libc.failures.set(call, 'EPERM')
    t.equal(await prober.probe(asked, 'lo', LONG_MS), null, call)
    libc.failures.clear()
    t.equal(libc.openCount, 0, `${call}: nothing stays open`)
  }
  t.equal(await blindProber.probe(asked, 'lo', LONG_MS), null)
  blindProber.close()
})

t.test('an interface that goes away in the middle leaves the address unknown', async (t) => {
  const libc = new ScriptedLibc()
  const prober = new WireProber(libc)
  const result = prober.probe(asked, 'lo', 20)
  const { receive } = onlyDescriptor(libc)
  libc.interfaces.clear()
  receive('ENETDOWN')
  t.equal(libc.openCount, 0)
  t.equal(await result, null)
})

t.test('the number of probes under way is bounded', async (t) => {
  const libc = new ScriptedLibc()
  const prober = new WireProber(libc)
  const results = Array.from({ length: 1024 }, (_, n) =>
    prober.probe((asked + n) as Ipv4, 'lo', LONG_MS),
  )
  t.equal(await prober.probe(ip('198.51.100.1'), 'lo', LONG_MS), null)
  prober.close()
  t.same(new Set(await Promise.all(results)), new Set([null]), 'closing answers all of them')
})

t.test('a flood is taken in portions', async (t) => {
  const libc = new ScriptedLibc()
  const prober = new WireProber(libc)
  const result = prober.probe(asked, 'lo', LONG_MS)
  const { receive } = onlyDescriptor(libc)
  const flood = Array.from({ length: 64 }, () => bytes('00'))
  const datagrams = [...flood, arpReply]
  receive(...datagrams)
  receive(arpReply)
  t.equal(await result, true)
  prober.close()
})
