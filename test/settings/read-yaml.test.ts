import t from 'tap'
import { readYaml, type YamlResult } from '../../src/settings/read-yaml.ts'

/** Nine aliases a level, nine levels: some 400 million items if expanded. */
const BILLION_LAUGHS = Array.from({ length: 10 }, (_, level) => {
  const items =
    level === 0
      ? 'x'
      : Array(9)
          .fill(`*a${level - 1}`)
          .join(', ')
  return `k${level}: &a${level} [${items}]`
}).join('\n')

t.test('reads YAML 1.2', async (t) => {
  const cases = [
    { why: 'nothing is null', text: '', document: null },
    { why: 'yes is a word in YAML 1.2', text: 'a: yes', document: { a: 'yes' } },
    { why: 'numbers as keys', text: '43: { hex: "0104" }', document: { 43: { hex: '0104' } } },
    {
      why: 'a MAC address is no number',
      text: 'm: 02:00:00:00:00:10',
      document: { m: '02:00:00:00:00:10' },
    },
    { why: 'an alias or two', text: 'a: &a [1]\nb: *a', document: { a: [1], b: [1] } },
  ]
  for (const { why, text, document } of cases) {
    const { lineOf: _lineOf, ...read } = readYaml(text) as YamlResult & { kind: 'ok' }
    t.strictSame(read, { kind: 'ok', document }, why)
  }
})

t.test('refuses what is not one YAML document, and says where', async (t) => {
  const wrong = [
    { why: 'an open bracket', text: 'networks:\n  - pool: [', says: /^line 2, column 12: / },
    { why: 'a key twice', text: 'dataDir: a\ndataDir: b', says: /^line 2, column 1: .*unique/ },
    { why: 'a tab as indentation', text: 'api:\n\tlisten: x', says: /^line 2, column 1: .*[Tt]ab/ },
    { why: 'a tag that means nothing', text: 'a: !secret x', says: /^line 1, column 4: .*!secret/ },
    { why: 'two documents', text: 'a: 1\n---\nb: 2', says: /^line 2, column 1: .*multiple/ },
    { why: 'an alias without anchor', text: 'a: *b', says: /alias/ },
    { why: 'an alias to what it is in', text: 'a: &a { b: *a }', says: /circular/ },
    { why: 'aliases that multiply', text: BILLION_LAUGHS, says: /alias/ },
    { why: 'brackets without end', text: '['.repeat(100_000), says: /too deep/ },
    { why: 'lists without end', text: '- '.repeat(3000), says: /too deep/ },
    { why: 'indentation without end', text: `a:\n${' '.repeat(300)}b: 1`, says: /too deep/ },
    { why: 'a file that is no configuration', text: ' '.repeat(4194305), says: /4194305/ },
  ]
  for (const { why, text, says } of wrong) {
    const result = readYaml(text)
    if (result.kind === 'ok') t.fail(why)
    else t.match(result.problems[0], { path: '', message: says }, why)
  }
})

t.test('a text full of faults is reported in twenty lines', async (t) => {
  const result = readYaml('a: 1\n'.repeat(100))
  t.equal(result.kind === 'refused' && result.problems.length, 20)
})
