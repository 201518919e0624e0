import t from 'tap'
import { aTftpRoot, findingsIn, findingsOf } from '../../support/a-tftp-root.ts'
import { aUalSet } from '../../support/synthetic-image.ts'

t.test(
  'a folder that converts phones as the document says has nothing that fails or warns',
  async (t) => {
    const load = 'P0S3-8-12-00'
    const information = `<loadInformation7 model="IP Phone 7960">P003-8-12-00</loadInformation7>`
    const manager =
      '<ethernetPhonePort>2000</ethernetPhonePort><processNodeName>10.0.0.1</processNodeName>'
    const root = aTftpRoot({
      ...Object.fromEntries(aUalSet(load, 'P003-8-12-00')),
      'OS79XX.TXT': 'P003-8-12-00\n',
      'XMLDefault.cnf.xml': `<Default>${manager}${information}</Default>`,
      'SIPDefault.cnf': `image_version: ${load}\nproxy1_address: "10.0.0.9"\n`,
      'SIP000E84C060A6.cnf': 'line1_name: "1201"\n',
      'RINGLIST.DAT': '',
      'dialplan.xml': '<DIALTEMPLATE></DIALTEMPLATE>',
    })
    t.same(findingsIn(root), ['note one-way OS79XX.TXT:1', 'note os79xx-everybody OS79XX.TXT:1'])
  },
)

t.test('an empty folder is clean', async (t) => {
  t.same(findingsOf(aTftpRoot({})), [])
})

t.test('findings come worst first, then by file and place', async (t) => {
  const found = findingsIn(
    aTftpRoot({
      'SIPDefault.cnf': 'nat_enable: no\nx\npreferred_codec: g722\n',
      'OS79XX.TXT': 'POS30203.bin\r\n',
      'P0S3-8-12-00.zip': {},
    }),
  )
  t.same(found, [
    'fails os79xx-letter-o OS79XX.TXT:1',
    'fails os79xx-extension OS79XX.TXT:8',
    'fails sip-syntax SIPDefault.cnf:2',
    'warns os79xx-line-end OS79XX.TXT:12',
    'warns archive P0S3-8-12-00.zip',
    'warns no-phone-file SIPDefault.cnf',
    'warns sip-value SIPDefault.cnf:1',
    'warns sip-value SIPDefault.cnf:3',
  ])
})

t.test('a text too large for any phone, and a file in a folder, are not looked into', async (t) => {
  const large = 'x\n'.repeat(200_000)
  t.same(findingsIn(aTftpRoot({ 'SIP000E84C060A6.cnf': large, 'a/dialplan.xml': 'x' })), [])
})

t.test('every finding says what the phone does, a remedy and a source', async (t) => {
  const root = aTftpRoot({
    'OS79XX.TXT': 'POS3-08-12-00 \r\nx',
    'SIPDefault.cnf': 'x\n',
    'os79xx.txt': {},
  })
  for (const { found, phone, remedy, source } of findingsOf(root)) {
    for (const text of [found, phone, remedy, source]) t.ok(text.length > 5, text)
  }
})
