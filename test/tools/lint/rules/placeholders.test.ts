import t from 'tap'
import { aTftpRoot, findingsIn, findingsOf } from '../../../support/a-tftp-root.ts'

const inSip = (value: string, name = 'proxy1_address') =>
  findingsIn(aTftpRoot({ 'SIPDefault.cnf': `${name}: "${value}"\n` }), 'placeholder')

t.test('a value that a sample or a template left is told', async (t) => {
  const values = [
    ...['xxx.xxx.xxx.xxx', '192.168.x.x', '10.0.0.yyy', 'a.b.c.d', 'XXXX'],
    ...[
      '<proxy>',
      '[server]',
      '{proxy}',
      '{{ proxy }}',
      '$' + '{proxy}',
      '$proxy',
      '%proxy%',
      '%%proxy%%',
    ],
    ...['__proxy__', '@@proxy@@', 'your_proxy', 'your-asterisk-ip', 'YourServer', 'insert ip here'],
    ...['changeme', 'TODO', 'SERVER_IP'],
  ]
  for (const value of values) t.same(inSip(value), ['warns placeholder SIPDefault.cnf:1'], value)
})

t.test('values that people mean are none', async (t) => {
  const values = [
    ...[
      '192.0.2.9',
      '10.1.1.1',
      'pbx.office.lan',
      'sip.example.com',
      'USECALLMANAGER',
      'UNPROVISIONED',
    ],
    ...['', '1201', 'Xavier', 'x', 'yourself', 'a', 'proxy', 'password1', '5%'],
  ]
  for (const value of values) t.same(inSip(value), [], value)
})

t.test('a password is not shown, in XML neither', async (t) => {
  const text =
    '<device>\n<processNodeName>{$server}</processNodeName>\n<adminPassword>__x__</adminPassword></device>'
  const findings = findingsOf(
    aTftpRoot({
      'SIP000E84C060A6.cnf': 'line1_password: "$secret"\n',
      'SEP000E84C060A6.cnf.xml': text,
    }),
  ).filter(({ rule }) => rule === 'placeholder')
  t.match(findings, [
    { file: 'SEP000E84C060A6.cnf.xml', line: 2, found: /"\{\$server\}"/ },
    { file: 'SEP000E84C060A6.cnf.xml', line: 3, found: /<adminPassword> is a placeholder/ },
    { file: 'SIP000E84C060A6.cnf', line: 1, found: /line1_password is a placeholder/ },
  ])
})
