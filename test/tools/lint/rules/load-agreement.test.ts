import t from 'tap'
import { aTftpRoot, findingsIn } from '../../../support/a-tftp-root.ts'

const disagreements = (files: Readonly<Record<string, string>>) =>
  findingsIn(aTftpRoot(files), 'loads-disagree')

const byDefault = (load: string) => ({ 'SIPDefault.cnf': `image_version: ${load}\n` })
const own = (load: string) => ({ 'SIP000E84C060A6.cnf': `image_version: ${load}\n` })
const xmlDefault = (load: string) => ({
  'XMLDefault.cnf.xml': `<Default><loadInformation7 model="IP Phone 7960">${load}</loadInformation7></Default>`,
})
const sep = (load: string) => ({
  'SEP000E84C060A6.cnf.xml': `<device><loadInformation model="IP Phone 7960">${load}</loadInformation></device>`,
})

t.test('a loader and the application of its set agree, and so do equal names', async (t) => {
  const set = 'P0S3-8-12-00'
  const files = { ...byDefault(set), ...own(set), ...xmlDefault(set), ...sep(set) }
  t.same(disagreements({ ...files, 'OS79XX.TXT': 'P003-8-12-00\n' }), [])
  t.same(disagreements({}), [])
})

t.test('shared files that name different loads make a phone upgrade again and again', async (t) => {
  const wanted = ['fails loads-disagree SIPDefault.cnf:1']
  t.same(disagreements({ 'OS79XX.TXT': 'P0S30203\n', ...byDefault('P0S3-06-3-00') }), wanted)
  t.same(disagreements({ 'OS79XX.TXT': 'P00305000200\n', ...byDefault('P0S3-06-3-00') }), wanted)
  t.same(disagreements({ ...byDefault('P0S3-8-12-00'), ...xmlDefault('P0S3-07-5-00') }), [
    'fails loads-disagree XMLDefault.cnf.xml:1',
  ])
})

t.test('SCCP phones by XML and SIP phones by their own files may share a root', async (t) => {
  t.same(disagreements({ ...byDefault('P0S3-8-12-00'), ...xmlDefault('P00308000500') }), [
    'warns loads-disagree XMLDefault.cnf.xml:1',
  ])
})

t.test(
  "one phone's own files must agree; with a shared one they may differ on purpose",
  async (t) => {
    t.same(disagreements({ ...own('P0S3-8-12-00'), ...sep('P00308000500') }), [
      'fails loads-disagree SEP000E84C060A6.cnf.xml:1',
    ])
    t.same(disagreements({ ...own('P0S3-8-12-00'), ...sep('P0S3-8-12-00') }), [])
    t.same(disagreements({ ...own('P0S3-8-12-00'), ...byDefault('P0S3-07-5-00') }), [
      'warns loads-disagree SIP000E84C060A6.cnf:1',
    ])
  },
)

t.test('a name that is none disagrees with nothing', async (t) => {
  t.same(disagreements({ ...own('firmware'), ...byDefault('P0S3-07-5-00') }), [])
})
