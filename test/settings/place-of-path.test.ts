import t from 'tap'
import { LineCounter, parseDocument } from 'yaml'
import { placeOfPath } from '../../src/settings/place-of-path.ts'

const TEXT = `# a comment
interface: lab0
phones:
  - mac: "02:00:00:00:a0:60"
    knobs:
      lossRate: 2
  - { mac: x,
      load: y }
8: number
? [a, b]
: list
`

const placeOf = (path: string, text = TEXT) => {
  const lines = new LineCounter()
  return placeOfPath(parseDocument(text, { lineCounter: lines }).contents, lines, path)
}

const lineOf = (path: string, text = TEXT) => placeOf(path, text).line

t.test('a path is found on its line', async (t) => {
  const cases = [
    { path: 'interface', line: 2 },
    { path: 'phones', line: 3 },
    { path: 'phones[0]', line: 4 },
    { path: 'phones[0].mac', line: 4 },
    { path: 'phones[0].knobs.lossRate', line: 6 },
    { path: 'phones[1]', line: 7 },
    { path: 'phones[1].load', line: 8 },
    { path: '8', line: 9 },
    { path: '', line: 2 },
  ]
  for (const { path, line } of cases) t.equal(lineOf(path), line, path)
})

t.test('what is missing is missing from the line of the part above it', async (t) => {
  t.equal(lineOf('phones[1].expect'), 7)
  t.equal(lineOf('phones[9].expect'), 3)
  t.equal(lineOf('speed'), 2)
  t.equal(lineOf('phones', ''), 1)
  t.equal(lineOf('interface.name'), 2)
})

t.test('the column is that of the key, or of the item', async (t) => {
  t.same(placeOf('phones[0].knobs.lossRate'), { line: 6, column: 7 })
  t.same(placeOf('phones[1]'), { line: 7, column: 5 })
  t.same(placeOf('phones[1].load'), { line: 8, column: 7 })
  t.same(placeOf('anything', ''), { line: 1, column: 1 })
})
