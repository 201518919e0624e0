import t from 'tap'
import { lintRoot } from '../../../../src/phones/lint/lint-root.ts'
import { aTftpRoot } from '../../../support/a-tftp-root.ts'

t.test('firmware of other models is one note a model', async (t) => {
  const root = aTftpRoot({
    'term41.default.loads': {},
    'jar41sip.8-5-3.sbn': {},
    'P00405000700.bin': {},
  })
  t.match(lintRoot(root), [
    { severity: 'note', rule: 'other-model', file: 'P00405000700.bin', found: 'is for a 7910' },
    { file: 'term41.default.loads', found: 'and 1 more files are for a 7941' },
  ])
})
