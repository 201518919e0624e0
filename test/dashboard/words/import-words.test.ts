import t from 'tap'
import {
  changesAnything,
  conversionWords,
  importSummary,
  listProblems,
  outcomeWords,
} from '../../../src/dashboard/words/import-words.ts'

const REPORT = { dryRun: true, created: 1, changed: 2, unchanged: 3, conversions: 1, phones: [] }
const ROW = {
  row: 2,
  mac: '000E84C060A6',
  outcome: 'created',
  fields: ['label', 'profile'],
} as const

t.test('an import is told before and after', async (t) => {
  const dry = '1 to enrol, 2 to change, 3 unchanged, 1 conversion to start.'
  t.equal(importSummary(REPORT), dry)
  const done = { ...REPORT, dryRun: false, conversions: 2 }
  t.equal(importSummary(done), '1 enrolled, 2 changed, 3 unchanged, 2 conversions started.')
  t.equal(changesAnything(REPORT), true)
  t.equal(changesAnything({ ...REPORT, created: 0, changed: 0, conversions: 0 }), false)
})

t.test('each phone says what becomes of it', async (t) => {
  const row = { ...ROW, fields: [...ROW.fields] }
  t.equal(outcomeWords(row), 'new')
  t.equal(outcomeWords({ ...row, outcome: 'changed' }), 'changes: label, profile')
  t.equal(outcomeWords({ ...row, outcome: 'unchanged' }), 'unchanged')
  t.equal(conversionWords(row), '')
  const to = 'P0S3-8-12-00'
  const words = [
    ['starts', `starts, to ${to}`],
    ['started', `started, to ${to}`],
    ['unchanged', `to ${to} already`],
    ['refused', 'not started: gone'],
  ] as const
  for (const [outcome, text] of words) {
    t.equal(conversionWords({ ...row, conversion: { to, outcome, message: 'gone' } }), text)
  }
})

t.test('problems of a list are told by row and column', async (t) => {
  const problem = {
    title: 'Validation failed',
    status: 422,
    detail: 'x',
    problems: [
      { row: 3, column: 'label', message: 'too long' },
      { row: 4, path: '/settings/x', message: 'unknown' },
      { path: '/dryRun', message: 'no' },
      { file: 'a', fault: 'b' },
    ],
  }
  t.same(listProblems(problem), [
    { row: 3, column: 'label', message: 'too long' },
    { row: 4, column: '/settings/x', message: 'unknown' },
    { row: null, column: '/dryRun', message: 'no' },
  ])
  t.same(listProblems({ title: 'x', status: 0, detail: '' }), [])
})
