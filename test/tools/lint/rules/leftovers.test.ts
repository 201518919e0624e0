import t from 'tap'
import { aTftpRoot, findingsIn } from '../../../support/a-tftp-root.ts'

const SIP = { 'SIP000E84C060A6.cnf': 'line1_name: "1201"\n' }
const sep = (load: string) => ({
  'SEP000E84C060A6.cnf.xml': `<device>\n<loadInformation model="IP Phone 7960">${load}</loadInformation></device>`,
})
const leftover = (files: Readonly<Record<string, string>>) =>
  findingsIn(aTftpRoot(files), 'other-protocol-first')

t.test("a phone's XML file comes before its SIP file, and decides", async (t) => {
  t.same(leftover({ ...SIP, ...sep('P00308000500') }), [
    'fails other-protocol-first SEP000E84C060A6.cnf.xml:2',
  ])
  t.same(leftover({ ...SIP, 'SEP000E84C060A6.cnf.xml': '<device></device>' }), [
    'fails other-protocol-first SEP000E84C060A6.cnf.xml',
  ])
})

t.test('an XML file that names the SIP load, or stands alone, is no leftover', async (t) => {
  t.same(leftover({ ...SIP, ...sep('P0S3-8-12-00') }), [])
  t.same(leftover({ ...SIP, ...sep('P003-8-12-00') }), [])
  t.same(leftover(sep('P00308000500')), [])
  t.same(leftover({ ...SIP, 'XMLDefault.cnf.xml': '<Default></Default>' }), [])
})

t.test('SIPDefault.cnf without a file of any phone leaves all unprovisioned', async (t) => {
  const byDefault = { 'SIPDefault.cnf': 'image_version: P0S30203\n' }
  t.same(findingsIn(aTftpRoot(byDefault), 'no-phone-file'), ['warns no-phone-file SIPDefault.cnf'])
  t.same(findingsIn(aTftpRoot({ ...byDefault, ...SIP }), 'no-phone-file'), [])
})
