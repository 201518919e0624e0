import t from 'tap'
import { type Ipv4, parseIpv4 } from '../../../src/net/ipv4.ts'
import { internetChecksum } from '../../../src/wire/frame/checksum.ts'
import { decodeUdpFrame, encodeUdpFrame, type FrameEnd } from '../../../src/wire/frame/udp-frame.ts'
import { bytes, readVectors, type Vector } from '../../support/vector.ts'

const hex = (value: Uint8Array) => Buffer.from(value).toString('hex')
const end = (hardware: string, address: string, port: number): FrameEnd => ({
  hardwareAddress: bytes(hardware),
  address: parseIpv4(address) as Ipv4,
  port,
})
const server = end('6ae82fef5921', '192.0.2.1', 67)
const client = end('00005e005307', '192.0.2.50', 68)

t.test("RFC 1071 section 3: the RFC's own example", async (t) => {
  const words = bytes('0001 f203 f4f5 f6f7')
  t.equal(internetChecksum(words, 0, 8), ~0xddf2 & 0xffff)
  t.equal(internetChecksum(words, 0, 7), ~0xdcfb & 0xffff, 'an odd octet')
  t.equal(internetChecksum(words, 2, 4, 1), ~0xf204 & 0xffff)
})

t.test('a frame is the one that Kea sends for the same payload', async (t) => {
  const [vector] = readVectors('frame') as [Vector]
  t.equal(vector.name, 'kea-offer-frame.txt')
  const payload = vector.bytes.subarray(42)
  const frame = encodeUdpFrame(server, client, payload)
  t.equal(frame.length, vector.bytes.length)
  t.equal(hex(frame.subarray(0, 15)), hex(vector.bytes.subarray(0, 15)), 'addresses and type')
  t.equal(hex(frame.subarray(16, 22)), hex(vector.bytes.subarray(16, 22)), 'lengths and flags')
  t.equal(
    hex(frame.subarray(26)),
    hex(vector.bytes.subarray(26)),
    'addresses, UDP and its checksum',
  )
})

t.test('RFC 791 section 3.1: the header of a known worked example', async (t) => {
  const from = end('000000000001', '192.168.0.1', 67)
  const to = end('000000000002', '192.168.0.199', 68)
  const frame = encodeUdpFrame(from, to, new Uint8Array(115 - 28))
  t.equal(hex(frame.subarray(14, 34)), '450000730000400040 11b861c0a80001c0a800c7'.replace(' ', ''))
})

t.test('RFC 768: a checksum that comes out as zero is sent as all ones', async (t) => {
  const zeros = encodeUdpFrame(server, client, new Uint8Array(2))
  const sum = Buffer.from(zeros).readUInt16BE(40)
  // A payload that is the checksum of the rest makes the whole add up to zero.
  const payload = Uint8Array.of(sum >>> 8, sum & 255)
  t.equal(Buffer.from(encodeUdpFrame(server, client, payload)).readUInt16BE(40), 0xffff)
})

t.test('a payload of odd length is summed as if a zero followed', async (t) => {
  const odd = Buffer.from(encodeUdpFrame(server, client, bytes('010203')))
  const even = Buffer.from(encodeUdpFrame(server, client, bytes('01020300')))
  // One octet less in the length, which the sum counts twice: in the header and before it.
  t.equal(odd.length, 45)
  t.equal((odd.readUInt16BE(40) - even.readUInt16BE(40)) & 0xffff, 2)
})

t.test('a frame that Kea sent is read back, whatever pads it', async (t) => {
  const [{ bytes: frame }] = readVectors('frame') as [Vector]
  const expected = { from: server, to: client, payload: frame.subarray(42) }
  t.same(decodeUdpFrame(frame), expected)
  t.same(decodeUdpFrame(bytes(`${hex(frame)} 00*18`)), expected, 'Ethernet pads short frames')
})

t.test('RFC 791 section 3.1: the datagram follows the options of its header', async (t) => {
  const head = '00005e005307 6ae82fef5921 0800 46 00 0021 0000 0000 40 11 0000 c0000201 c0000232'
  const read = decodeUdpFrame(bytes(`${head} 01010101 0043 0044 0009 0000 2a`))
  t.same(read, { from: server, to: client, payload: bytes('2a') })
})

t.test('refuses what carries no whole datagram', async (t) => {
  const head = '00005e005307 6ae82fef5921'
  const addresses = 'c0000201 c0000232'
  const udp = '0043 0044 0009 0000 2a'
  const whole = `${head} 0800 45 00 001d 0000 0000 40 11 0000 ${addresses} ${udp}`
  t.same(decodeUdpFrame(bytes(whole)).payload, bytes('2a'), 'what the others differ from')
  const malformed = [
    { why: 'empty', hex: '', code: 'TRUNCATED' },
    { why: 'half a UDP header', hex: whole.slice(0, -5), code: 'TRUNCATED' },
    { why: 'cut off', hex: whole.slice(0, -3), code: 'TRUNCATED' },
    { why: 'ARP', hex: whole.replace('0800', '0806'), code: 'BAD_VALUE' },
    { why: 'version 6', hex: whole.replace('0800 45', '0800 65'), code: 'BAD_VALUE' },
    { why: 'TCP', hex: whole.replace('40 11', '40 06'), code: 'BAD_VALUE' },
    { why: 'first fragment', hex: whole.replace('0000 40', '2000 40'), code: 'BAD_VALUE' },
    { why: 'last fragment', hex: whole.replace('0000 40', '0001 40'), code: 'BAD_VALUE' },
    { why: 'header of 4 words', hex: whole.replace('0800 45', '0800 44'), code: 'BAD_LENGTH' },
    { why: 'header of 15 words', hex: whole.replace('0800 45', '0800 4f'), code: 'BAD_LENGTH' },
    { why: 'UDP longer than IP', hex: whole.replace('0009 0000', '000a 0000'), code: 'BAD_LENGTH' },
    { why: 'UDP of 7 octets', hex: whole.replace('0009 0000', '0007 0000'), code: 'BAD_LENGTH' },
  ]
  for (const { why, hex, code } of malformed) {
    t.throws(() => decodeUdpFrame(bytes(hex)), { name: 'WireError', code }, why)
  }
})
