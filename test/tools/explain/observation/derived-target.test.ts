import t from 'tap'
import { readRequestedFile } from '../../../../src/phones/requested-file.ts'
import { derivedTarget } from '../../../../src/tools/explain/observation/derived-target.ts'

const target = (name: string) => derivedTarget(readRequestedFile(name))

t.test('.loads and images name the load; a loader stands for its application', async (t) => {
  const sip = {
    load: 'P0S3-8-12-00',
    protocol: 'sip',
    ual: true,
    loader: 'P003-8-12-00',
    shortName: null,
  }
  t.same(target('P0S3-8-12-00.loads'), sip)
  t.same(target('P0S3-8-12-00.sb2'), sip)
  t.same(target('P003-8-12-00.sbn'), sip)
  t.match(target('P00308000500.sbn'), { load: 'P00308000500', loader: 'P00308000500' })
  t.match(target('P0S30203.bin'), { load: 'P0S30203', ual: false, loader: null })
})

t.test('other files, other protocols and misspelled names lead nowhere', async (t) => {
  for (const name of ['OS79XX.TXT', 'P0M3-06-3-00.bin', 'P0S3-08-12-00.loads', 'x']) {
    t.equal(target(name), undefined, name)
  }
})
