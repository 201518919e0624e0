import fc from 'fast-check'
import t from 'tap'
import type { Ipv4 } from '../../../src/net/ipv4.ts'
import { decodeMessage } from '../../../src/wire/dhcp/decode-message.ts'
import { type DhcpHeader, encodeMessage } from '../../../src/wire/dhcp/encode-message.ts'
import type { OutgoingOption } from '../../../src/wire/dhcp/message.ts'
import { WireError } from '../../../src/wire/wire-error.ts'
import { dhcpBytes } from '../../support/dhcp-bytes.ts'

const octet = fc.nat({ max: 0xff })
const short = fc.nat({ max: 0xffff })
const long = fc.nat({ max: 0xffffffff })
const address = long.map((value) => value as Ipv4)
const field = (octets: number) => fc.uint8Array({ minLength: octets, maxLength: octets })

const anyHeader: fc.Arbitrary<DhcpHeader> = fc.record({
  op: octet,
  htype: octet,
  hlen: fc.nat({ max: 16 }),
  hops: octet,
  xid: long,
  secs: short,
  flags: short,
  ciaddr: address,
  yiaddr: address,
  siaddr: address,
  giaddr: address,
  chaddr: field(16),
  sname: fc.oneof(field(64), fc.constant(new Uint8Array(64))),
  file: fc.oneof(field(128), fc.constant(new Uint8Array(128))),
})

const anyOption: fc.Arbitrary<OutgoingOption> = fc.tuple(
  // Neither pad nor end, and not the encoder's own option 52.
  fc.integer({ min: 1, max: 254 }).filter((code) => code !== 52),
  fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 200, maxLength: 600 })),
)

const anyOptions = fc.uniqueArray(anyOption, { selector: ([code]) => code, maxLength: 24 })

const same = (a: Uint8Array | undefined, b: Uint8Array) => a !== undefined && !Buffer.compare(a, b)

/** Whether all fields but the names are equal: names may have become option space. */
function sameHeader(a: DhcpHeader, b: DhcpHeader): boolean {
  const { chaddr, sname: _sname, file: _file, ...fields } = a
  const names = Object.keys(fields) as (keyof typeof fields)[]
  return same(chaddr, b.chaddr) && names.every((name) => fields[name] === b[name])
}

t.test('what is sent arrives: header, and every option that is not named as left', async (t) => {
  fc.assert(
    fc.property(anyHeader, anyOptions, fc.nat({ max: 1500 }), (header, options, maxBytes) => {
      const { bytes, left } = encodeMessage(header, options, maxBytes)
      const { options: arrived, ...decodedHeader } = decodeMessage(bytes)
      const sent = options.filter(([code]) => !left.includes(code))
      return (
        bytes.length >= 300 &&
        bytes.length <= Math.max(300, maxBytes) &&
        left.length + sent.length === options.length &&
        arrived.size - (arrived.has(52) ? 1 : 0) === sent.length &&
        sent.every(([code, value]) => same(arrived.get(code), value)) &&
        sameHeader(header, decodedHeader)
      )
    }),
    { numRuns: 1000, seed: 2131 },
  )
  t.pass('1000 messages')
})

t.test('option 82 is the last option, and never in file or sname', async (t) => {
  const relayAgent: OutgoingOption = [82, Uint8Array.of(1, 1, 7)]
  fc.assert(
    fc.property(anyHeader, anyOptions, (header, options) => {
      const others = options.filter(([code]) => code !== 82)
      const { bytes, left } = encodeMessage(header, [relayAgent, ...others])
      const end = bytes.lastIndexOf(0xff)
      return !left.includes(82) && same(bytes.subarray(end - 5, end), Uint8Array.of(82, 3, 1, 1, 7))
    }),
    { numRuns: 1000, seed: 3046 },
  )
  t.pass('1000 messages')
})

t.test('any bytes after a good header decode or throw WireError', async (t) => {
  const anyDatagram = fc.tuple(
    fc.uint8Array({ maxLength: 400 }),
    fc.uint8Array({ minLength: 128, maxLength: 128 }),
    fc.uint8Array({ minLength: 64, maxLength: 64 }),
    fc.nat({ max: 4 }),
  )
  fc.assert(
    fc.property(anyDatagram, ([options, file, sname, overload]) => {
      const bytes = Buffer.concat([
        dhcpBytes({ options: '' }),
        Uint8Array.of(52, 1, overload),
        options,
      ])
      bytes.set(sname, 44)
      bytes.set(file, 108)
      try {
        decodeMessage(bytes)
      } catch (error) {
        return error instanceof WireError
      }
      return true
    }),
    { numRuns: 5000, seed: 2132 },
  )
  t.pass('5000 datagrams')
})
