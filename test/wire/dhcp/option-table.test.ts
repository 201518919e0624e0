import catalogue from 'dhcp/lib/options.js'
import t from 'tap'
import {
  buildOptionTable,
  knownOptions,
  optionByNameOrCode,
} from '../../../src/wire/dhcp/option-table.ts'

t.test('every option of the catalogue has a row with its name and its document', async (t) => {
  const codes = Object.keys(catalogue.opts).map(Number)
  // 1001 and 1002 are settings of that package: an option code is one octet.
  const options = codes.filter((code) => code < 255)
  t.ok(options.length > 80, 'the catalogue is there')
  for (const code of options) {
    const entry = catalogue.opts[String(code)]
    const row = optionByNameOrCode(code)
    t.equal(row?.title, entry?.name, `title of ${code}`)
    t.match(row?.rfc, /^(?:RFC \d+|MS-DHCPE$|draft-)/, `document of ${code}`)
    const name = entry?.config ?? entry?.attr
    if (name !== undefined) t.equal(optionByNameOrCode(name), row, `name of ${code}`)
  }
})

t.test('finds an option by name, number, number as text, and plural', async (t) => {
  const cases = [
    { key: 'router', code: 3, type: 'ips' },
    { key: 'routers', code: 3, type: 'ips' },
    { key: 'dns', code: 6, type: 'ips' },
    { key: 'hostname', code: 12, type: 'text' },
    { key: 'ntpServer', code: 42, type: 'ips' },
    { key: 'ntpServers', code: 42, type: 'ips' },
    { key: 'tftpServer', code: 66, type: 'text' },
    { key: 'tftpServerName', code: 66, type: 'text' },
    { key: 'tftpServers', code: 150, type: 'ips' },
    { key: 'relayAgentInformation', code: 82, type: 'octets' },
    { key: 'messageType', code: 53, type: 'uint8' },
    { key: '43', code: 43, type: 'uint8s' },
    { key: 43, code: 43, type: 'uint8s' },
    { key: 200, code: 200, type: 'octets' },
    { key: '254', code: 254, type: 'octets' },
  ]
  for (const { key, code, type } of cases)
    t.match(optionByNameOrCode(key), { code, type }, `${key}`)
})

t.test('a code without a row has a name to be shown by', async (t) => {
  const row = { code: 200, name: 'option200', title: 'Option 200', type: 'octets', rfc: null }
  t.same(optionByNameOrCode(200), row)
})

t.test('knows no other words and no codes outside an octet', async (t) => {
  const wrong = ['', 'nothing', 'Router', 'constructor', '0', '255', '1001', '-1', '1.5', ' 3']
  for (const key of [...wrong, 0, 255, 256, -1, 1.5, Number.NaN]) {
    t.equal(optionByNameOrCode(key), undefined, `${key}`)
  }
})

t.test('types follow the defining document where the catalogue does not', async (t) => {
  const cases = [
    { code: 19, type: 'bool', why: 'RFC 2132 section 4.1: 0 or 1' },
    { code: 33, type: 'ip-pairs', why: 'RFC 2132 section 5.8: destination and router' },
    { code: 61, type: 'octets', why: 'RFC 2132 section 9.14: opaque' },
    { code: 68, type: 'ips', why: 'RFC 2132 section 8.13: addresses' },
    { code: 80, type: 'flag', why: 'RFC 4039 section 4: no octets' },
    { code: 119, type: 'domains', why: 'RFC 3397 section 2' },
    { code: 121, type: 'routes', why: 'RFC 3442' },
  ]
  for (const { code, type, why } of cases) t.equal(optionByNameOrCode(code)?.type, type, why)
})

t.test('lists its rows by code, each name once', async (t) => {
  const rows = knownOptions()
  const codes = rows.map(({ code }) => code)
  t.same(
    codes,
    [...codes].sort((a, b) => a - b),
  )
  t.equal(new Set(rows.map(({ name }) => name)).size, rows.length)
})

t.test('refuses a catalogue that lacks what the rows rely on', async (t) => {
  t.throws(() => buildOptionTable({}), { message: /option 1$/ })
})
