import fc from 'fast-check'
import t from 'tap'
import {
  knownOptions,
  type OptionRow,
  optionByNameOrCode,
} from '../../../src/wire/dhcp/option-table.ts'
import {
  type DisplayedValue,
  decodeOptionValue,
  encodeOptionValue,
} from '../../../src/wire/dhcp/option-value.ts'
import { bytes } from '../../support/vector.ts'

const row = (key: string | number) => optionByNameOrCode(key) as OptionRow
const hex = (value: Uint8Array) => Buffer.from(value).toString('hex')
const encoded = (key: string | number, value: unknown) => {
  const result = encodeOptionValue(row(key), value)
  return result.kind === 'ok' ? hex(result.bytes) : result
}

const bothWays: { option: string | number; value: DisplayedValue; hex: string; why: string }[] = [
  { option: 1, value: '255.255.255.0', hex: 'ffffff00', why: 'RFC 2132 section 3.3' },
  { option: 2, value: -18000, hex: 'ffffb9b0', why: 'RFC 2132 section 3.4: seconds, with sign' },
  { option: 3, value: ['192.0.2.1', '192.0.2.2'], hex: 'c0000201c0000202', why: 'in order' },
  { option: 12, value: 'desk12', hex: '6465736b3132', why: 'RFC 2132 section 3.14' },
  { option: 13, value: 1478, hex: '05c6', why: 'RFC 2132 section 3.15: 16 bits' },
  { option: 19, value: true, hex: '01', why: 'RFC 2132 section 4.1' },
  { option: 20, value: false, hex: '00', why: 'RFC 2132 section 4.2' },
  { option: 23, value: 64, hex: '40', why: 'RFC 2132 section 4.5: 8 bits' },
  { option: 25, value: [68, 1500], hex: '004405dc', why: 'RFC 2132 section 4.7' },
  { option: 33, value: ['10.0.0.0', '192.0.2.1'], hex: '0a000000c0000201', why: 'a pair' },
  { option: 43, value: [1, 4, 192, 0, 2, 1], hex: '0104c0000201', why: 'RFC 2132 section 8.4' },
  { option: 51, value: 0xffffffff, hex: 'ffffffff', why: 'RFC 2131 section 3.3: infinity' },
  { option: 66, value: '192.0.2.1', hex: '3139322e302e322e31', why: 'text, no NUL at the end' },
  { option: 80, value: true, hex: '', why: 'RFC 4039 section 4: no octets' },
  { option: 150, value: ['192.0.2.1'], hex: 'c0000201', why: 'RFC 5859 section 3: not text' },
  { option: 150, value: ['192.0.2.9', '192.0.2.1'], hex: 'c0000209c0000201', why: 'as preferred' },
  { option: 6, value: ['192.0.2.9', '192.0.2.1'], hex: 'c0000209c0000201', why: 'as preferred' },
  { option: 15, value: 'lab.example', hex: '6c61622e6578616d706c65', why: 'RFC 2132 section 3.17' },
  { option: 82, value: { hex: '010200FF' }, hex: '010200ff', why: 'opaque' },
  { option: 200, value: { hex: '00' }, hex: '00', why: 'a code without a row' },
  { option: 121, value: ['0.0.0.0/0 via 192.0.2.1'], hex: '00c0000201', why: 'RFC 3442' },
  { option: 121, value: ['10.0.0.0/8 via 192.0.2.1'], hex: '080ac0000201', why: 'RFC 3442' },
  { option: 121, value: ['10.0.0.0/24 via 192.0.2.1'], hex: '180a0000c0000201', why: 'RFC 3442' },
  { option: 121, value: ['10.17.0.0/16 via 192.0.2.1'], hex: '100a11c0000201', why: 'RFC 3442' },
  {
    option: 121,
    value: ['10.27.129.0/24 via 192.0.2.1', '10.229.0.128/25 via 192.0.2.2'],
    hex: '180a1b81c0000201190ae50080c0000202',
    why: 'RFC 3442, two in a row',
  },
  {
    option: 249,
    value: ['10.198.122.47/32 via 192.0.2.1'],
    hex: '200ac67a2fc0000201',
    why: 'the same form under the number of another vendor',
  },
  {
    option: 119,
    value: ['lab.example', 'voice_1.lab.example'],
    hex: '036c6162076578616d706c6500 07766f6963655f31036c6162076578616d706c6500'.replace(' ', ''),
    why: 'RFC 1035 section 3.1, not compressed',
  },
]

t.test('a value and its octets are the same thing', async (t) => {
  for (const { option, value, hex: octets, why } of bothWays) {
    t.equal(encoded(option, value), octets, `${option} encoded: ${why}`)
    t.same(decodeOptionValue(row(option), bytes(octets)), value, `${option} decoded: ${why}`)
  }
})

t.test('a configuration may write what is meant more shortly', async (t) => {
  const cases = [
    { option: 3, value: '192.0.2.1', hex: 'c0000201', why: 'a list of one' },
    { option: 25, value: 1500, hex: '05dc', why: 'a list of one' },
    { option: 121, value: '10.0.0.0/8 via 192.0.2.1', hex: '080ac0000201', why: 'a list of one' },
    { option: 119, value: 'lab.', hex: '036c616200', why: 'a list of one, final dot' },
    { option: 19, value: 1, hex: '01', why: '1 is true' },
    { option: 20, value: 0, hex: '00', why: '0 is false' },
    { option: 1, value: { hex: 'FFffFF00' }, hex: 'ffffff00', why: 'hex for anything' },
    { option: 66, value: { hex: '4100' }, hex: '4100', why: 'hex even where it is out of form' },
  ]
  for (const { option, value, hex: octets, why } of cases) {
    t.equal(encoded(option, value), octets, `${option}: ${why}`)
  }
})

t.test('a value out of form is refused in words', async (t) => {
  const wrong: { option: string | number; values: unknown[]; wanted: RegExp }[] = [
    { option: 1, values: ['255.255.255', 24, ['1.2.3.4'], null], wanted: /^an IPv4 address/ },
    { option: 3, values: [[], ['x'], ['1.2.3.4', 5], {}], wanted: /list of IPv4/ },
    { option: 6, values: [[], ['1.2.3']], wanted: /list of IPv4/ },
    { option: 150, values: [[], 'tftp.example', ['1.2.3.4', '']], wanted: /list of IPv4/ },
    { option: 66, values: ['', '192.0.2.1\0', ['192.0.2.1']], wanted: /without NUL/ },
    { option: 15, values: ['', 'lab\0'], wanted: /without NUL/ },
    { option: 33, values: [[], ['1.2.3.4']], wanted: /even number of IPv4/ },
    { option: 12, values: ['', 'a\0', 12, ['a'], undefined], wanted: /without NUL/ },
    { option: 19, values: [2, 'true', -1], wanted: /true or false/ },
    { option: 80, values: [false, 1], wanted: /^true/ },
    { option: 23, values: [-1, 256, 1.5, '1', Number.NaN], wanted: /from 0 to 255/ },
    { option: 13, values: [65536, -1], wanted: /from 0 to 65535/ },
    { option: 51, values: [2 ** 32, -1], wanted: /from 0 to 4294967295/ },
    { option: 2, values: [2 ** 31, -(2 ** 31) - 1], wanted: /from -2147483648 to 2147483647/ },
    { option: 25, values: [[], [1, -1], ['1']], wanted: /whole numbers from 0 to 65535/ },
    { option: 43, values: ['0104', [256]], wanted: /whole numbers from 0 to 255/ },
    { option: 61, values: ['phone', 1, { hex: 1 }, { hex: '00', text: '' }], wanted: /hex/ },
    { option: 200, values: [{ hex: '' }, { hex: '0' }, { hex: 'xy' }], wanted: /hexadecimal/ },
    { option: 200, values: [{ hex: '00'.repeat(1025) }], wanted: /1024 octets at most/ },
    { option: 12, values: ['a'.repeat(1025)], wanted: /1024 octets at most/ },
    { option: 121, values: [[], ['10.0.0.0/8'], ['10.0.0.1/8 via 1.2.3.4'], [1]], wanted: /via/ },
    { option: 121, values: ['10.0.0.0/8 via 1.2.3.4 via 1.2.3.4', '1/8 via x'], wanted: /via/ },
    { option: 119, values: [[], [''], ['a..b'], ['-a'], [1], ['a b']], wanted: /domain names/ },
    { option: 119, values: [`${'a'.repeat(64)}.b`, 'a.'.repeat(128)], wanted: /domain names/ },
  ]
  for (const { option, values, wanted } of wrong) {
    for (const value of values) {
      t.match(
        encoded(option, value),
        { kind: 'bad', wanted, found: String },
        `${option}: ${JSON.stringify(value)}`,
      )
    }
  }
  t.match(encoded(1, 'x'), { found: '"x"' })
  t.match(encoded(1, undefined), { found: 'undefined' })
  t.match(encoded(1, 'x'.repeat(100)), { found: `"${'x'.repeat(78)}…` }, 'cut when long')
})

t.test('RFC 3397 section 2: a compressed search list is read', async (t) => {
  const list = '03656e67056170706c6503636f6d00 096d61726b6574696e67c004'
  t.same(decodeOptionValue(row(119), bytes(list)), ['eng.apple.com', 'marketing.apple.com'])
})

t.test('what is out of form is shown in hex', async (t) => {
  const cases = [
    { option: 1, hex: 'FFFFFF', why: 'three octets are no address' },
    { option: 3, hex: '', why: 'no router at all' },
    { option: 3, hex: 'C00002', why: 'not a multiple of 4' },
    { option: 33, hex: 'C0000201', why: 'not a pair' },
    { option: 12, hex: '410A42', why: 'line feed in a host name' },
    { option: 12, hex: '1B5B', why: 'terminal escape' },
    { option: 12, hex: '41FF', why: 'no UTF-8' },
    { option: 12, hex: 'E280AE41', why: 'changes the direction of writing' },
    { option: 19, hex: '02', why: 'neither 0 nor 1' },
    { option: 19, hex: '0101', why: 'two octets' },
    { option: 23, hex: '0001', why: 'two octets for one' },
    { option: 25, hex: '00', why: 'half a number' },
    { option: 25, hex: '', why: 'no number' },
    { option: 80, hex: '00', why: 'RFC 4039: no octets' },
    { option: 121, hex: '', why: 'no route' },
    { option: 121, hex: '2100000000C0000201', why: 'prefix of 33' },
    { option: 121, hex: '080A', why: 'no router' },
    { option: 119, hex: '', why: 'no name' },
    { option: 119, hex: '00', why: 'the root' },
    { option: 119, hex: '0361', why: 'label cut off' },
    { option: 119, hex: '0161', why: 'no end' },
    { option: 119, hex: '0120 00'.replace(' ', ''), why: 'a blank in a label' },
    { option: 119, hex: '8000', why: 'a length that is neither label nor pointer' },
    { option: 119, hex: 'C000', why: 'a pointer to itself' },
    { option: 119, hex: '0161C000', why: 'a loop' },
    { option: 119, hex: '01610001 62C0'.replace(' ', ''), why: 'a pointer cut off' },
    { option: 119, hex: `${'0161'.repeat(128)}00`, why: 'RFC 1035 section 2.3.4: 255 octets' },
    { option: 3, hex: 'C0000201'.repeat(257), why: 'longer than any value of ours' },
  ]
  for (const { option, hex: octets, why } of cases) {
    t.same(decodeOptionValue(row(option), bytes(octets)), { hex: octets }, `${option}: ${why}`)
  }
})

t.test('RFC 2132 section 2: NULs behind a text are not shown', async (t) => {
  t.equal(decodeOptionValue(row(60), bytes('436973636f0000')), 'Cisco')
  t.equal(decodeOptionValue(row(12), bytes('00')), '')
})

t.test('RFC 3442: bits behind the prefix are read as zero', async (t) => {
  t.same(decodeOptionValue(row(121), bytes('090affc0000201')), ['10.128.0.0/9 via 192.0.2.1'])
})

t.test('any octets of any option can be shown, and what is shown can be configured', async (t) => {
  const anyOption = fc.constantFrom(...knownOptions())
  const anyValue = fc.uint8Array({ maxLength: 80 })
  fc.assert(
    fc.property(anyOption, anyValue, (option, value) => {
      const shown = decodeOptionValue(option, value)
      // Nothing to write: an empty text or empty opaque value is no configuration.
      if (value.length === 0 || shown === '') return true
      return encodeOptionValue(option, shown).kind === 'ok'
    }),
    { numRuns: 3000, seed: 2132 },
  )
  t.pass('3000 values')
})
