import t from 'tap'
import { aTftpRoot, findingsIn, findingsOf } from '../../../support/a-tftp-root.ts'

const MAC = '000E84C060A6'

t.test('a name that is nearly right is told with the one that phones ask for', async (t) => {
  const cases = [
    ['os79xx.txt', 'OS79XX.TXT'],
    ['OS79xx.TXT', 'OS79XX.TXT'],
    ['0S79XX.TXT', 'OS79XX.TXT'],
    ['OS7960.TXT', 'OS79XX.TXT'],
    ['OS79XX.TXT.txt', 'OS79XX.TXT'],
    ['sipdefault.cnf', 'SIPDefault.cnf'],
    ['SIPDefault.CNF', 'SIPDefault.cnf'],
    ['SIPDefault.cnf.txt', 'SIPDefault.cnf'],
    ['SIP000e84c060a6.cnf', `SIP${MAC}.cnf`],
    [`SIP${MAC}.CNF`, `SIP${MAC}.cnf`],
    ['SIP00:0e:84:c0:60:a6.cnf', `SIP${MAC}.cnf`],
    ['SEP00-0E-84-C0-60-A6.cnf.xml', `SEP${MAC}.cnf.xml`],
    ['SIP000E84C060A.cnf', 'SIP<MAC>.cnf'],
    ['SIPOOOE84CO6OA6.cnf', 'SIP<MAC>.cnf'],
    [`sep${MAC}.cnf.xml`, `SEP${MAC}.cnf.xml`],
    [`sep${MAC}.cnf`, `SEP${MAC}.cnf`],
    [`ctlsep${MAC}.tlv`, `CTLSEP${MAC}.tlv`],
    ['xmldefault.cnf.xml', 'XMLDefault.cnf.xml'],
    ['XMLDefault.xml', 'XMLDefault.cnf.xml'],
    ['sepdefault.cnf', 'SEPDefault.cnf'],
    ['ringlist.dat', 'RINGLIST.DAT'],
    ['DIALPLAN.XML', 'dialplan.xml'],
    ['POS3-8-12-00.sb2', 'P0S3-8-12-00.sb2'],
    ['P0S3-08-12-00.loads', 'P0S3-8-12-00.loads'],
    ['p0s3-07-5-00.SB2', 'P0S3-07-5-00.sb2'],
    ['P0S3-07-5-00.SBN', 'P0S3-07-5-00.sbn'],
    ['P0S3-8~1.SB2', 'as its archive names it'],
  ] as const
  for (const [file, name] of cases) {
    const root = aTftpRoot({ [file]: {} })
    // A server that does not look at letter case serves it.
    const severity = file.toLowerCase() === name.toLowerCase() ? 'warns' : 'fails'
    t.same(findingsIn(root, 'file-name'), [`${severity} file-name ${file}`], file)
    const [found] = findingsOf(root).filter(({ rule }) => rule === 'file-name')
    t.equal(found?.remedy, `Rename it to ${name}.`, file)
  }
})

t.test(
  'names that phones ask for, and names that mean nothing to them, are left alone',
  async (t) => {
    const names = [
      ...[
        'OS79XX.TXT',
        'SIPDefault.cnf',
        `SIP${MAC}.cnf`,
        `SEP${MAC}.cnf.xml`,
        'xmlDefault.CNF.XML',
      ],
      ...['P0S3-8-12-00.sb2', 'readme.txt', 'syncinfo.xml', 'ring.pcm', 'sub/sipdefault.cnf'],
    ]
    const files = Object.fromEntries(names.map((name) => [name, {}]))
    t.same(findingsIn(aTftpRoot(files), 'file-name'), [])
  },
)

t.test('beside the right name a wrong one does nothing', async (t) => {
  const root = aTftpRoot({ 'os79xx.txt': {}, 'OS79XX.TXT': {} })
  t.same(findingsIn(root, 'file-name'), ['note file-name os79xx.txt'])
})

t.test('samples and placeholders are a warning: they do no harm', async (t) => {
  const names = [
    'SIPDefaultGeneric.cnf',
    'SIPmac_address.cnf',
    'SEPXXXXXXXXXXXX.cnf.xml',
    'SIP$mac.cnf',
    'SEP{mac}.cnf',
  ]
  const root = aTftpRoot(Object.fromEntries(names.map((name) => [name, {}])))
  t.same(findingsIn(root, 'file-name'), [
    'warns file-name SEPXXXXXXXXXXXX.cnf.xml',
    'warns file-name SEP{mac}.cnf',
    'warns file-name SIP$mac.cnf',
    'warns file-name SIPDefaultGeneric.cnf',
    'warns file-name SIPmac_address.cnf',
  ])
})
