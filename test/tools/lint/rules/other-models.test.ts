import { readFileSync } from 'node:fs'
import t from 'tap'
import { aTftpRoot, findingsOf } from '../../../support/a-tftp-root.ts'

t.test('firmware of other models is one note a model', async (t) => {
  const root = aTftpRoot({
    'term41.default.loads': {},
    'jar41sip.8-5-3.sbn': {},
    'P00405000700.bin': {},
  })
  t.match(findingsOf(root), [
    { severity: 'note', rule: 'other-model', file: 'P00405000700.bin', found: 'is for a 7910' },
    { file: 'term41.default.loads', found: 'and 1 more files are for a 7941' },
  ])
})

t.test('another model that is named a load of a 7940 or 7960 is warned about', async (t) => {
  const file = new URL('../../../vectors/cases/T2-31/XMLDefault.cnf.xml', import.meta.url)
  const root = aTftpRoot({ 'XMLDefault.cnf.xml': readFileSync(file, 'utf8') })
  const found = findingsOf(root).filter(({ rule }) => rule === 'other-model-load')
  t.match(found, [
    {
      severity: 'warns',
      line: 6,
      found: 'names P00308000600, a load of the 7940 and 7960, for a 7962',
    },
    { severity: 'warns', line: 7, found: /for a 7942$/ },
  ])
})
