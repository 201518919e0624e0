import t from 'tap'
import { readAsked } from '../../src/clients/asked.ts'

t.test('a name tells what it says about who asks', async (t) => {
  const own = { kind: 'named', mac: '000E84C060A6', isPhoneForm: true }
  for (const [name, wanted] of [
    ['SIP000E84C060A6.cnf', own],
    ['./sep000E84C060A6.cnf', own],
    ['CTLSEP000E84C060A6.tlv', own],
    ['MGC000E84C060A6.cnf', own],
    ['SEP000E84C060A6.cnf.xml', own],
    ['sep000e84c060a6.cnf.xml', own],
    ['SEP000e84c060a6.cnf.xml', { ...own, isPhoneForm: false }],
    ['ld000e84c060a6', { ...own, isPhoneForm: false }],
    ['OS79XX.TXT', { kind: 'os79xx' }],
    ['/os79xx.txt', { kind: 'os79xx' }],
    ['SIPDefault.cnf', { kind: 'unnamed' }],
    ['P0S3-8-12-00.loads', { kind: 'unnamed' }],
  ] as const) {
    t.same(readAsked(name), wanted, name)
  }
})
