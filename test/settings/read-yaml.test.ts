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
    const { placeOf: _placeOf, ...read } = readYaml(text) as YamlResult & { kind: 'ok' }
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

/** Texts that cost the parser minutes, each below 4 MiB. */
const repeated = (count: number, of: (index: number) => string, by = '\n') =>
  Array.from({ length: count }, (_, index) => of(index)).join(by)
const COSTLY = [
  { what: '100,000 anchors', text: repeated(99_000, (n) => `- &a${n} 1`), says: /99000 anchors/ },
  { what: 'anchors of nothing', text: '& '.repeat(99_000), says: /anchors/ },
  { what: 'aliases', text: `a: &a 1\nb: [${'*a, '.repeat(99_000)}]`, says: /aliases/ },
  { what: 'tags', text: `[${repeated(9_000, (n) => `!t${n} 1`, ', ')}]`, says: /tags/ },
  { what: 'keys with a mark', text: repeated(9_000, (n) => `? k${n}\n: 1`), says: /tags/ },
  { what: '300,000 keys', text: repeated(300_000, (n) => `k${n}: 1`), says: /300000|299999 lines/ },
  {
    what: 'keys of one mapping',
    text: repeated(301, (n) => `k${n}: 1`),
    says: /more than 300 keys/,
  },
  {
    what: 'keys within an item',
    text: `networks:\n  - a: 1\n${repeated(400, (n) => `    "k ${n}": 1`)}`,
    says: /more than 300 keys/,
  },
  {
    what: 'keys between brackets',
    text: `{ ${repeated(300_000, (n) => `k${n}: 1`, ', ')} }`,
    says: /more than 300 keys/,
  },
  { what: 'items', text: `[${'1, '.repeat(100_001)}]`, says: /100001 keys and items/ },
  { what: 'items within items', text: '- - - 1\n'.repeat(50_000), says: /150000 keys and items/ },
  { what: 'commas', text: ','.repeat(100_001), says: /keys and items/ },
  { what: 'quotes', text: '"\n'.repeat(1_000_000), says: /1000000 lines/ },
  { what: 'blank lines', text: '\r\n'.repeat(1_000_000), says: /1000000 lines/ },
]

t.test('what would cost the parser minutes is refused at once', async (t) => {
  for (const { what, text, says } of COSTLY) {
    // Processor time: a busy machine makes nothing slower that this test is about.
    const before = process.cpuUsage()
    const result = readYaml(text)
    const { user, system } = process.cpuUsage(before)
    const tookMs = (user + system) / 1000
    if (result.kind === 'ok') t.fail(what)
    else t.match(result.problems, [{ path: '', message: says }], what)
    t.ok(tookMs < 1_000, `${what}: ${Math.round(tookMs)} ms`)
  }
})

t.test('what is large and ordinary is read', async (t) => {
  const comment = '# a & b, * and ! and ?\n'.repeat(1_000)
  const network = (n: number) =>
    `  - name: n${n}\n    pool:\n      - 10.0.0.1-10.0.0.9\n    options: { 43: { hex: "0104" } }`
  const options = repeated(254, (n) => `    ${n}: "x: y"`)
  const text = `${comment}networks:\n${repeated(2_000, network)}\n  - options:\n${options}\n`
  t.equal(readYaml(text).kind, 'ok')
})

t.test('a text full of faults is reported in twenty lines', async (t) => {
  const result = readYaml('a: 1\n'.repeat(100))
  t.equal(result.kind === 'refused' && result.problems.length, 20)
})
