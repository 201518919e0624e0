import t from 'tap'
import { aTftpRoot, findingsIn } from '../../../support/a-tftp-root.ts'

const SEP = 'SEP000E84C060A6.cnf.xml'
const xml = (files: Readonly<Record<string, string>>) =>
  findingsIn(aTftpRoot(files)).filter((found) => / xml-/.test(found))

t.test('a file that a loader takes and cannot use is worse than none', async (t) => {
  for (const text of ['', 'x', '<device>', '\xff\xfe<\0', '<!-- <device></device> -->']) {
    t.same(xml({ [SEP]: text }), [`fails xml-unusable ${SEP}`], JSON.stringify(text))
  }
  t.same(xml({ [SEP]: '<device></device>' }), [])
})

t.test('the default file wants a call manager with port and name in it', async (t) => {
  const port = '<ethernetPhonePort>2000</ethernetPhonePort>'
  const node = '<processNodeName>10.0.0.1</processNodeName>'
  const of = (inner: string) => xml({ 'XMLDefault.cnf.xml': `<Default>${inner}</Default>` })
  const lacking = ['warns xml-call-manager XMLDefault.cnf.xml']
  t.same(of(''), lacking)
  t.same(of(port), lacking)
  t.same(of(node), lacking)
  t.same(of(`${port}<processNodeName></processNodeName>`), lacking)
  t.same(of(port + node), [])
})

t.test('the spelling of some 7.x loads alone leaves all others without', async (t) => {
  const whole =
    '<Default><ethernetPhonePort>2000</ethernetPhonePort><processNodeName>x</processNodeName></Default>'
  t.same(xml({ 'xmlDefault.CNF.XML': whole }), ['warns xml-spelling xmlDefault.CNF.XML'])
  t.same(xml({ 'xmlDefault.CNF.XML': whole, 'XMLDefault.cnf.xml': whole }), [])
})

t.test(
  'XML that is not well-formed fails with its line, an element in another letter case warns',
  async (t) => {
    t.same(xml({ [SEP]: '<device>\n<name>R&D</name></device>' }), [`fails xml-syntax ${SEP}:2`])
    t.same(xml({ [SEP]: '<device>\n<LoadInformation7>P0S3-8-12-00</LoadInformation7></device>' }), [
      `warns xml-element ${SEP}:2`,
    ])
    t.same(xml({ [SEP]: '<Device></Device>' }), [`fails xml-unusable ${SEP}`])
  },
)
