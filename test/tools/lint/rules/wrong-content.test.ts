import t from 'tap'
import { aTftpRoot, findingsIn } from '../../../support/a-tftp-root.ts'

const SIP = 'image_version: P0S3-8-12-00\nline1_name: 1\n'
const found = (files: Readonly<Record<string, string>>) =>
  findingsIn(aTftpRoot(files)).filter((text) => /(?:sip-in-sep|xml-in-sip|sip-syntax)/.test(text))

t.test('settings of SIP under the name of an SCCP phone reach no phone', async (t) => {
  t.same(found({ 'SEP000E84C060A6.cnf': SIP }), ['fails sip-in-sep SEP000E84C060A6.cnf'])
  t.same(found({ 'SEP000E84C060A6.cnf': SIP, 'SIP000E84C060A6.cnf': SIP }), [
    'note sip-in-sep SEP000E84C060A6.cnf',
  ])
  t.same(found({ 'SEP000E84C060A6.cnf': '\x01\x02 binary' }), [])
  t.same(found({ 'old/SEP000E84C060A6.cnf': SIP }), [])
})

t.test('XML in a file of SIP settings is said once, not line by line', async (t) => {
  const xml = '<?xml version="1.0"?>\n<device>\n</device>\n'
  t.same(found({ 'SIP000E84C060A6.cnf': xml }), ['fails xml-in-sip SIP000E84C060A6.cnf:1'])
  t.same(found({ 'SIPDefault.cnf': xml }), ['fails xml-in-sip SIPDefault.cnf:1'])
})
