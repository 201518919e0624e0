import t from 'tap'
import { type Ipv4, parseIpv4 } from '../../../src/net/ipv4.ts'
import { decodeMessage } from '../../../src/wire/dhcp/decode-message.ts'
import {
  DEFAULT_MAX_OCTETS,
  type DhcpHeader,
  encodeMessage,
} from '../../../src/wire/dhcp/encode-message.ts'
import type { OutgoingOption } from '../../../src/wire/dhcp/message.ts'
import { bytes } from '../../support/vector.ts'

const ip = (text: string) => parseIpv4(text) as Ipv4
const hex = (value: Uint8Array | undefined) => Buffer.from(value ?? []).toString('hex')
const octets = (length: number, octet = 0x41) => new Uint8Array(length).fill(octet)

const header: DhcpHeader = {
  op: 2,
  htype: 1,
  hlen: 6,
  hops: 0,
  xid: 0xf4c060a6,
  secs: 0x0102,
  flags: 0x8000,
  ciaddr: ip('192.0.2.1'),
  yiaddr: ip('192.0.2.2'),
  siaddr: ip('192.0.2.3'),
  giaddr: ip('255.255.255.255'),
  chaddr: bytes('000e84c060a6'),
  sname: new Uint8Array(0),
  file: new Uint8Array(0),
}
const offer: OutgoingOption = [53, Uint8Array.of(2)]
const codesIn = (message: Uint8Array) => [...decodeMessage(message).options.keys()]

t.test('RFC 2131 section 2: every field is at its place', async (t) => {
  const message = encodeMessage(header, [offer]).bytes
  const expected =
    '02010600f4c060a601028000c0000201c0000202c0000203ffffffff000e84c060a600000000000000000000'
  t.equal(hex(message.subarray(0, 44)), expected)
  t.equal(hex(message.subarray(236, 244)), '63825363350102ff')
})

t.test('writes names and all of a long hardware address', async (t) => {
  const named = { ...header, chaddr: octets(16), sname: bytes('414243'), file: octets(128, 0x44) }
  const message = encodeMessage(named, [offer]).bytes
  t.equal(hex(message.subarray(28, 48)), `${'41'.repeat(16)}41424300`)
  t.equal(hex(message.subarray(108, 237)), `${'44'.repeat(128)}63`)
})

t.test('RFC 1542 section 2.1: a short message is padded to 300 octets of zero', async (t) => {
  const message = encodeMessage(header, [offer]).bytes
  t.equal(message.length, 300)
  t.ok(message.subarray(244).every((octet) => octet === 0))
  t.equal(encodeMessage(header, [offer, [43, octets(60)]]).bytes.length, 240 + 3 + 62 + 1)
})

t.test('options go out in the order given, option 82 last (RFC 3046 section 2.2)', async (t) => {
  const message = encodeMessage(header, [
    offer,
    [82, bytes('0101 07')],
    [1, bytes('ffffff00')],
    [3, bytes('c0000201')],
    [80, new Uint8Array(0)],
  ]).bytes
  const options = '350102 0104ffffff00 0304c0000201 5000 5203010107 ff'
  t.equal(hex(message.subarray(240, 263)), options.replaceAll(' ', ''))
})

t.test(
  'RFC 3396 section 6: a long value goes out in parts of 255 octets, side by side',
  async (t) => {
    const cases = [
      { length: 255, parts: [255] },
      { length: 256, parts: [255, 1] },
      { length: 510, parts: [255, 255] },
      { length: 511, parts: [255, 255, 1] },
    ]
    for (const { length, parts } of cases) {
      const { bytes: message, left } = encodeMessage(header, [[43, octets(length)]], 1472)
      t.same(left, [])
      let at = 240
      for (const part of parts) {
        t.equal(message[at], 43, `${length}: code`)
        t.equal(message[at + 1], part, `${length}: length of a part`)
        at += 2 + part
      }
      t.equal(message[at], 255, `${length}: End`)
      t.equal(decodeMessage(message).options.get(43)?.length, length)
    }
  },
)

t.test('RFC 2131 section 2: 548 octets of payload unless the client takes more', async (t) => {
  const full: OutgoingOption[] = [offer, [43, octets(255)], [12, octets(45)]]
  const { bytes: message, left } = encodeMessage(header, full)
  t.equal(message.length, DEFAULT_MAX_OCTETS, 'filled to the last octet without overload')
  t.same(left, [])
  t.equal(message.indexOf(52, 240), -1)
})

t.test('RFC 2131 section 4.1: what does not fit goes to file, then to sname', async (t) => {
  const options: OutgoingOption[] = [
    offer,
    [43, octets(200)],
    [17, octets(120)],
    [14, octets(60)],
    [15, octets(30)],
    [12, octets(50)],
  ]
  const { bytes: message, left } = encodeMessage(header, options)
  t.same(left, [])
  t.equal(message[108], 17, 'file begins with an option at its first octet')
  t.equal(message[108 + 122], 255, 'and ends in End')
  t.equal(message[44], 12, 'sname begins with an option at its first octet')
  t.equal(message[44 + 52], 255, 'and ends in End')
  t.same(codesIn(message), [53, 43, 14, 15, 52, 17, 12], 'in the order in which they are read')
  t.equal(hex(decodeMessage(message).options.get(52)), '03')
  t.ok(message.length <= DEFAULT_MAX_OCTETS)
})

t.test('overloads one field alone where that is enough', async (t) => {
  const toFile = encodeMessage(header, [offer, [43, octets(250)], [17, octets(100)]])
  t.equal(hex(decodeMessage(toFile.bytes).options.get(52)), '01')
  const named = { ...header, file: bytes('41') }
  const toSname = encodeMessage(named, [offer, [43, octets(250)], [17, octets(60)]])
  t.equal(hex(decodeMessage(toSname.bytes).options.get(52)), '02')
  t.equal(toSname.bytes[108], 0x41, 'the file name is untouched')
})

t.test('says which options found no room', async (t) => {
  const named = { ...header, sname: bytes('41'), file: bytes('42') }
  const options: OutgoingOption[] = [offer, [43, octets(255)], [17, octets(100)], [15, octets(4)]]
  const { bytes: message, left } = encodeMessage(named, options)
  t.same(left, [17])
  t.same(codesIn(message), [53, 43, 15], 'what is small enough still goes out')
})

t.test('RFC 2132 section 3.3: the mask stays before the routers when space runs out', async (t) => {
  for (let filler = 230; filler < 310; filler++) {
    const options: OutgoingOption[] = [
      offer,
      [43, octets(filler)],
      [1, bytes('ffffff00')],
      [3, bytes('c0000201')],
      [12, octets(30)],
    ]
    const codes = codesIn(encodeMessage(header, options).bytes)
    t.ok(codes.indexOf(1) < codes.indexOf(3), `${filler} octets before them`)
  }
})

t.test('RFC 3046 section 2.2: option 82 is never overloaded and stays last', async (t) => {
  const options: OutgoingOption[] = [offer, [82, octets(100)], [43, octets(180)], [17, octets(40)]]
  const { bytes: message, left } = encodeMessage(header, options)
  t.same(left, [])
  t.same(codesIn(message), [53, 43, 52, 82, 17], 'option 17 moved to file, option 82 did not')
  t.equal(message[message.length - 1], 255)
  t.equal(message[message.length - 103], 82)
})

t.test('RFC 3046 section 2.2: an option 82 that does not fit is left out and named', async (t) => {
  const options: OutgoingOption[] = [
    offer,
    [54, bytes('c0000201')],
    [51, bytes('00000e10')],
    [82, octets(300)],
  ]
  const { bytes: message, left } = encodeMessage(header, options)
  t.same(left, [82])
  t.same(codesIn(message), [53, 54, 51])
})

t.test('an option 82 that leaves room for what is indispensable is kept', async (t) => {
  const options: OutgoingOption[] = [offer, [82, octets(255)], [43, octets(255)]]
  const { left } = encodeMessage(header, options)
  t.same(left, [43])
})

t.test('a limit below 300 octets is read as 300', async (t) => {
  const { bytes: message, left } = encodeMessage(header, [offer, [43, octets(100)]], 0)
  t.equal(message.length, 300)
  t.same(left, [])
  t.equal(hex(decodeMessage(message).options.get(52)), '01')
})
