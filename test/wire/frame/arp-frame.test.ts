import t from 'tap'
import { formatIpv4, type Ipv4, parseIpv4 } from '../../../src/net/ipv4.ts'
import { decodeArpFrame, encodeArpProbe } from '../../../src/wire/frame/arp-frame.ts'
import { bytes } from '../../support/vector.ts'

const hex = (value: Uint8Array) => Buffer.from(value).toString('hex')

// Sent by dhcpcd 9.4.1 and answered by Linux 6.18, captured with tcpdump.
const probe =
  'ffffffffffff00005e00530708060001080006040001 00005e00530700000000000000000000c000024d'
const reply =
  '00005e0053076ae82fef592108060001080006040002 6ae82fef5921c000020100005e00530700000000'

t.test('RFC 5227 section 2.1.1: a probe is the one that dhcpcd sends', async (t) => {
  const frame = encodeArpProbe(bytes('00005e005307'), parseIpv4('192.0.2.77') as Ipv4)
  t.equal(hex(frame), probe.replace(' ', ''))
})

t.test('RFC 826: a reply says who holds the address, padding or not', async (t) => {
  for (const padding of ['', '00*18']) {
    const { operation, senderAddress } = decodeArpFrame(bytes(`${reply} ${padding}`))
    t.equal(operation, 2)
    t.equal(formatIpv4(senderAddress), '192.0.2.1')
  }
})

t.test('RFC 5227 section 1.1: a probe comes from no address', async (t) => {
  t.match(decodeArpFrame(bytes(probe)), { operation: 1, senderAddress: 0 })
})

t.test('refuses what is not ARP for IPv4 on Ethernet', async (t) => {
  const changed = [
    { why: 'another frame type', at: 12, octet: 0x86 },
    { why: 'another hardware type', at: 15, octet: 6 },
    { why: 'another protocol', at: 16, octet: 0x86 },
    { why: 'hardware addresses of 8 octets', at: 18, octet: 8 },
    { why: 'addresses of 16 octets', at: 19, octet: 16 },
  ]
  for (const { why, at, octet } of changed) {
    const frame = bytes(reply)
    frame[at] = octet
    t.throws(() => decodeArpFrame(frame), { name: 'WireError', code: 'BAD_VALUE' }, why)
  }
  for (let length = 0; length < 42; length++) {
    const prefix = bytes(reply).subarray(0, length)
    t.throws(() => decodeArpFrame(prefix), { name: 'WireError', code: 'TRUNCATED', offset: length })
  }
})
