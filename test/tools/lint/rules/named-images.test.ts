import t from 'tap'
import { aTftpRoot, type FileGiven, findingsIn } from '../../../support/a-tftp-root.ts'

const RULE = / (?:load-name|image-absent|loader-as-load|application-in-os79xx) /

function found(files: Readonly<Record<string, FileGiven>>): readonly string[] {
  return findingsIn(aTftpRoot(files)).filter((text) => RULE.test(text))
}

const xml = (load: string) =>
  `<device>\n<loadInformation model="IP Phone 7960">${load}</loadInformation>\n</device>`

t.test(
  'what OS79XX.TXT names must be there for who asks: .bin below 5.0, .sbn from there',
  async (t) => {
    const cases = [
      {
        why: 'nothing there',
        name: 'P0S30203',
        there: [],
        found: ['fails image-absent OS79XX.TXT:1'],
      },
      { why: 'unsigned, there', name: 'P0S30203', there: ['P0S30203.bin'], found: [] },
      {
        why: 'unsigned, under the extension of later loads',
        name: 'P0S30203',
        there: ['P0S30203.sbn'],
        found: ['fails image-absent OS79XX.TXT:1'],
      },
      {
        why: 'signed, none',
        name: 'P00305000200',
        there: [],
        found: ['fails image-absent OS79XX.TXT:1'],
      },
      {
        why: 'signed, .bin alone',
        name: 'P00305000200',
        there: ['P00305000200.bin'],
        found: ['warns image-absent OS79XX.TXT:1'],
      },
      {
        why: 'signed, .sbn alone',
        name: 'P00305000200',
        there: ['P00305000200.sbn'],
        found: ['warns image-absent OS79XX.TXT:1'],
      },
      {
        why: 'both',
        name: 'P003-8-12-00',
        there: ['P003-8-12-00.bin', 'P003-8-12-00.sbn'],
        found: [],
      },
      {
        why: 'application, whose set has no such images',
        name: 'P0S3-8-12-00',
        there: ['P0S3-8-12-00.sb2', 'P0S3-8-12-00.loads'],
        found: ['fails application-in-os79xx OS79XX.TXT:1'],
      },
      {
        why: 'application, for which somebody added them',
        name: 'P0S3-07-5-00',
        there: ['P0S3-07-5-00.bin', 'P0S3-07-5-00.sbn'],
        found: [],
      },
      {
        why: 'SCCP, whose loader has the same name',
        name: 'P00308000500',
        there: ['P00308000500.bin'],
        found: ['warns image-absent OS79XX.TXT:1'],
      },
    ]
    for (const { why, name, there, found: wanted } of cases) {
      const files = Object.fromEntries(there.map((file) => [file, {}]))
      t.same(found({ ...files, 'OS79XX.TXT': `${name}\n` }), wanted, why)
    }
  },
)

t.test(
  'image_version and load information want .loads and application after a loader',
  async (t) => {
    const wanted = ['fails image-absent SIPDefault.cnf:2']
    const sip = { 'SIPDefault.cnf': '# ours\nimage_version: "P0S3-8-12-00" ; now\n' }
    t.same(found(sip), wanted)
    t.same(found({ ...sip, 'P0S3-8-12-00.loads': {} }), wanted)
    t.same(found({ ...sip, 'P0S3-8-12-00.loads': {}, 'P0S3-8-12-00.sb2': {} }), [])
    t.same(found({ 'SEP000E84C060A6.cnf.xml': xml('P00308000500') }), [
      'fails image-absent SEP000E84C060A6.cnf.xml:2',
    ])
    t.same(found({ 'SIPDefault.cnf': 'image_version: P0S30203\n', 'P0S30203.bin': {} }), [])
  },
)

t.test('a name with an extension, and a loader as image_version, lead nowhere', async (t) => {
  t.same(found({ 'SEP000E84C060A6.cnf.xml': xml('P0S3-8-12-00.sb2') }), [
    'fails load-name SEP000E84C060A6.cnf.xml:2',
  ])
  t.same(found({ 'SIPDefault.cnf': 'image_version: firmware\n' }), [
    'fails load-name SIPDefault.cnf:1',
  ])
  t.same(found({ 'SIPDefault.cnf': 'image_version: P003-8-12-00\n' }), [
    'fails loader-as-load SIPDefault.cnf:1',
  ])
  const loader = { 'P003-8-12-00.bin': {}, 'P003-8-12-00.sbn': {} }
  t.same(found({ ...loader, 'XMLDefault.cnf.xml': xml('P003-8-12-00') }), [])
})

t.test('an image that is here in another letter case is a finding of its name alone', async (t) => {
  const sip = { 'SIPDefault.cnf': 'image_version: P0S3-8-12-00\n' }
  t.same(found({ ...sip, 'p0s3-8-12-00.loads': {}, 'P0S3-8-12-00.SB2': {} }), [])
})

t.test('an image that runs without a loader is enough for phones that have none', async (t) => {
  for (const end of ['bin', 'sbn']) {
    const files = {
      'SIPDefault.cnf': 'image_version: P0S3-07-5-00\n',
      'OS79XX.TXT': 'P0S3-07-5-00\n',
      [`P0S3-07-5-00.${end}`]: {},
    }
    t.same(found(files), ['warns image-absent OS79XX.TXT:1', 'warns image-absent SIPDefault.cnf:1'])
  }
})
