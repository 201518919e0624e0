import t from 'tap'
import { namesLoad } from '../../../src/tools/lint/names-load.ts'
import { viewRoot } from '../../../src/tools/lint/root-view.ts'
import { aTftpRoot } from '../../support/a-tftp-root.ts'

const XML = '<Default><loadInformation7 model="x">P0S3-8-12-00</loadInformation7></Default>'

t.test('a load is named by one of three kinds of files, in any letter case', async (t) => {
  for (const files of [
    { 'OS79XX.TXT': 'P003-8-12-00' },
    { 'os79xx.txt': 'P003-8-12-00' },
    { 'SIPDefault.cnf': 'image_version: P0S3-8-12-00\n' },
    { 'sipdefault.cnf': 'image_version: P0S3-8-12-00\n' },
    { 'XMLDefault.cnf.xml': XML },
  ]) {
    t.equal(namesLoad(viewRoot(aTftpRoot(files))), true, JSON.stringify(files))
  }
})

t.test('a root with firmware and lines alone names none, nor does an empty one', async (t) => {
  t.equal(namesLoad(viewRoot(aTftpRoot({}))), false)
  const lines = { 'SIP000E84C060A6.cnf': 'line1_name: 1201\n' }
  const manager = { 'XMLDefault.cnf.xml': '<Default></Default>' }
  const root = aTftpRoot({ 'P0S3-8-12-00.loads': 'x', ...lines, ...manager })
  t.equal(namesLoad(viewRoot(root)), false)
})
