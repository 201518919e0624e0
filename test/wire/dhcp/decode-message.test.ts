import t from 'tap'
import { decodeMessage } from '../../../src/wire/dhcp/decode-message.ts'
import { dhcpBytes } from '../../support/dhcp-bytes.ts'

const hex = (value: Uint8Array | undefined) => Buffer.from(value ?? []).toString('hex')

t.test('refuses what is no DHCP message, with a code for the counters', async (t) => {
  const malformed = [
    { why: 'empty datagram', bytes: new Uint8Array(0), code: 'TRUNCATED', offset: 0 },
    { why: 'one octet short', bytes: dhcpBytes().subarray(0, 239), code: 'TRUNCATED', offset: 239 },
    { why: 'no cookie', bytes: dhcpBytes({ cookie: '00000000' }), code: 'BAD_MAGIC', offset: 236 },
    { why: 'hlen 17', bytes: dhcpBytes({ hlen: '11' }), code: 'BAD_LENGTH', offset: 2 },
    { why: 'hlen 255', bytes: dhcpBytes({ hlen: 'ff' }), code: 'BAD_LENGTH', offset: 2 },
    { why: 'no length', bytes: dhcpBytes({ options: '35' }), code: 'TRUNCATED', offset: 240 },
    { why: 'no value', bytes: dhcpBytes({ options: '3501' }), code: 'BAD_LENGTH', offset: 240 },
    {
      why: 'second option passes the end',
      bytes: dhcpBytes({ options: '350101 3dff01' }),
      code: 'BAD_LENGTH',
      offset: 243,
    },
    {
      why: 'option in file reaches into the cookie',
      bytes: dhcpBytes({ file: '00*126 4301', options: '340101 ff' }),
      code: 'BAD_LENGTH',
      offset: 234,
    },
    {
      why: 'option in sname has no room for its length',
      bytes: dhcpBytes({ sname: '00*63 43', options: '340102 ff' }),
      code: 'TRUNCATED',
      offset: 107,
    },
  ]
  for (const { why, bytes, code, offset } of malformed) {
    t.throws(() => decodeMessage(bytes), { name: 'WireError', code, offset }, why)
  }
})

t.test('RFC 1542 section 2.1: takes any length from 240 octets up', async (t) => {
  for (const octets of [0, 1, 60, 308, 1232, 65267]) {
    const { options } = decodeMessage(dhcpBytes({ options: `00*${octets}` }))
    t.equal(options.size, 0, `${octets} octets of padding`)
  }
})

t.test('takes every op and hardware length that the header can carry', async (t) => {
  for (const hlen of [0, 1, 7, 16]) {
    const message = decodeMessage(dhcpBytes({ hlen: hlen.toString(16).padStart(2, '0') }))
    t.equal(message.hlen, hlen)
    t.equal(message.chaddr.length, 16)
  }
  const reply = dhcpBytes()
  reply[0] = 255
  t.equal(decodeMessage(reply).op, 255, 'op is for the server to judge')
})

t.test(
  'RFC 2132 sections 3.1 and 3.2: pads have no length, nothing counts after End',
  async (t) => {
    const { options } = decodeMessage(dhcpBytes({ options: '00 00 350101 00 0c0141 00 ff 3dff01' }))
    t.same([...options.keys()], [53, 12])
    t.equal(hex(options.get(12)), '41')
  },
)

t.test('forgives a missing End', async (t) => {
  t.equal(hex(decodeMessage(dhcpBytes({ options: '350101' })).options.get(53)), '01')
})

t.test('keeps an option without octets: option 80 and sub-option 82.19 are such', async (t) => {
  const { options } = decodeMessage(dhcpBytes({ options: '5000 ff' }))
  t.equal(options.get(80)?.length, 0)
})

t.test('RFC 2131 section 4.1: options, then file, then sname, as option 52 says', async (t) => {
  const sname = '0c0153 ff'
  const file = '0c0146 ff'
  const cases = [
    { overload: '', name: '4f', why: 'not overloaded' },
    { overload: '340101', name: '4f46', why: 'file' },
    { overload: '340102', name: '4f53', why: 'sname' },
    { overload: '340103', name: '4f4653', why: 'file before sname' },
    { overload: '340100', name: '4f', why: '0 is not in RFC 2132 section 9.3' },
    { overload: '340104', name: '4f', why: '4 is not in RFC 2132 section 9.3' },
    { overload: '3401ff', name: '4f', why: '255 is not in RFC 2132 section 9.3' },
    { overload: '3400', name: '4f', why: 'no value at all' },
    { overload: '340101 340102', name: '4f46', why: 'the first of two counts' },
  ]
  for (const { overload, name, why } of cases) {
    const options = `350101 0c014f ${overload} ff`
    t.equal(hex(decodeMessage(dhcpBytes({ sname, file, options })).options.get(12)), name, why)
  }
})

t.test('an overloaded field is no name any more', async (t) => {
  const parts = { sname: '0c0153 ff', file: '0c0146 ff' }
  const both = decodeMessage(dhcpBytes({ ...parts, options: '340103 ff' }))
  t.equal(both.sname.length, 0)
  t.equal(both.file.length, 0)
  const none = decodeMessage(dhcpBytes({ ...parts, options: 'ff' }))
  t.equal(none.sname.length, 64)
  t.equal(none.file.length, 128)
})

t.test('an overloaded field without End is read to its last octet', async (t) => {
  const message = decodeMessage(dhcpBytes({ sname: '0c 3e 41*62', options: '340102 ff' }))
  t.equal(message.options.get(12)?.length, 62)
})

t.test('RFC 3396 sections 5 and 7: parts are joined in the order of their coming', async (t) => {
  const message = decodeMessage(
    dhcpBytes({ file: '4301 43 ff', options: '430141 350101 430142 340101 3d0101 4300 ff' }),
  )
  t.equal(hex(message.options.get(67)), '414243')
  t.equal(hex(message.options.get(53)), '01')
})

t.test('joins the parts of a whole 64 KiB datagram in one go', async (t) => {
  const beganAtMs = performance.now()
  const { options } = decodeMessage(dhcpBytes({ options: '520141*21755' }))
  t.equal(options.get(82)?.length, 21755)
  t.ok(performance.now() - beganAtMs < 1000, 'copying all of it for each part takes far longer')
})

t.test('values are views on the datagram, joined values are not', async (t) => {
  const bytes = dhcpBytes({ options: '3d0101 0c0141 0c0142 ff' })
  const { options, chaddr } = decodeMessage(bytes)
  bytes.fill(0x99, 28)
  t.equal(hex(options.get(61)), '99')
  t.equal(hex(options.get(12)), '4142')
  t.equal(chaddr[0], 0x99)
})
