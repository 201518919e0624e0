import t from 'tap'
import { renderBulkCsv } from '../../../src/tools/cucm/bulk-csv.ts'
import type { MigratingPhone } from '../../../src/tools/cucm/migrating-phone.ts'

const aPhone = (parts: Partial<MigratingPhone> = {}): MigratingPhone => ({
  mac: '000E84C060A6',
  model: '7960',
  description: 'Desk 12',
  directoryNumber: '1201',
  ...parts,
})
const rows = (...phones: readonly MigratingPhone[]) =>
  renderBulkCsv(phones).split('\r\n').slice(1, -1)

t.test('a heading and one device a line, ended by CR LF', async (t) => {
  t.equal(
    renderBulkCsv([aPhone()]),
    'Device Name,Description,Device Type,Device Protocol,Directory Number 1\r\n' +
      'SEP000E84C060A6,Desk 12,Cisco 7960,SIP,1201\r\n',
  )
})

t.test('what is not known stays empty', async (t) => {
  const row = rows(aPhone({ model: null, description: null, directoryNumber: null }))
  t.same(row, ['SEP000E84C060A6,,,SIP,'])
})

t.test('RFC 4180 section 2: a comma is quoted, a quote in a number is doubled', async (t) => {
  t.same(rows(aPhone({ description: 'Desk, left', directoryNumber: '1"2' })), [
    'SEP000E84C060A6,"Desk, left",Cisco 7960,SIP,"1""2"',
  ])
})

t.test(
  'a description cannot end its line, be a formula, or be longer than CallManager takes',
  async (t) => {
    const [row = ''] = rows(aPhone({ description: '=1+1\n"<b>" & 100% [x]\\' }))
    t.equal(row, 'SEP000E84C060A6,1+1   b     100   x,Cisco 7960,SIP,1201')
    t.equal(rows(aPhone({ description: 'x'.repeat(99) }))[0]?.split(',')[1], 'x'.repeat(50))
  },
)

t.test('no field of any column is a formula, in the tables of any country', async (t) => {
  const begins = ['=', '+', '-', '@', '\t=', '\r=', ' =', '\u00a0=', '＝', '＋', '－', '＠', '\n＝']
  const marks = ['', 'x;', 'x,', 'x|', 'x;  ']
  for (const text of marks.flatMap((mark) => begins.map((begin) => `${mark}${begin}1+1`))) {
    const [row = ''] = rows(aPhone({ description: text, directoryNumber: text }))
    t.notMatch(row, /(?:^|[;,|]|")[\s"]*[=+\-@\t\r＝＋－＠]/u, JSON.stringify(text))
  }
  const [hyperlink] = rows(aPhone({ directoryNumber: '=HYPERLINK(1)' }))
  t.equal(hyperlink, "SEP000E84C060A6,Desk 12,Cisco 7960,SIP,'=HYPERLINK(1)")
  t.match(rows(aPhone({ description: 'Room 3 - East', directoryNumber: '12-01' })), [
    'SEP000E84C060A6,Room 3 - East,Cisco 7960,SIP,12-01',
  ])
})

t.test('what is one row stays one, whatever its texts are', async (t) => {
  const text = 'a\r\nb\u2028c\u0085d\0e\u010af\ud800g'
  const written = renderBulkCsv([aPhone({ description: text, directoryNumber: text })])
  t.equal(written.split(/[\r\n\u2028\u0085\0\u010a\ud800]+/).length, 3)
})
