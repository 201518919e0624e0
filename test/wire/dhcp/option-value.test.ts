import t from 'tap'
import { type OptionRow, optionByNameOrCode } from '../../../src/wire/dhcp/option-table.ts'
import { encodeOptionValue } from '../../../src/wire/dhcp/option-value.ts'

const row = (key: string | number) => optionByNameOrCode(key) as OptionRow
const hex = (value: Uint8Array) => Buffer.from(value).toString('hex')
const encoded = (key: string | number, value: unknown) => {
  const result = encodeOptionValue(row(key), value)
  return result.kind === 'ok' ? hex(result.bytes) : result
}

const bothWays: { option: string | number; value: unknown; hex: string; why: string }[] = [
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

t.test('a value becomes the octets of its option', async (t) => {
  for (const { option, value, hex: octets, why } of bothWays) {
    t.equal(encoded(option, value), octets, `${option} encoded: ${why}`)
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
    { option: 66, value: { hex: '4100' }, hex: '4100', why: 'hex even where it is malformed' },
  ]
  for (const { option, value, hex: octets, why } of cases) {
    t.equal(encoded(option, value), octets, `${option}: ${why}`)
  }
})

t.test('a malformed value is refused in words', async (t) => {
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
