import fc from 'fast-check'
import t from 'tap'
import { csvField, csvRows, csvValue } from '../../src/phones/csv-field.ts'

t.test('a field is quoted where it must be, and is never a formula', async (t) => {
  const cases = [
    ['P00308000500', 'P00308000500'],
    ['', ''],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['a\r\nb', '"a\r\nb"'],
    ['=1+1', "'=1+1"],
    [' @x', "' @x"],
    ['1;-2', "1;'-2"],
    ["'=1+1", "''=1+1"],
    ["'s-Hertogenbosch", "'s-Hertogenbosch"],
  ] as const
  for (const [value, field] of cases) t.equal(csvField(value), field)
  t.equal(
    csvRows([
      ['a', 'b'],
      ['=c', ''],
    ]),
    "a,b\r\n'=c,\r\n",
  )
})

t.test('reading takes away what writing has put before formulas, and nothing else', async (t) => {
  t.equal(csvValue("'=1+1"), '=1+1')
  t.equal(csvValue("'1201"), "'1201")
  const texts = fc.string({ unit: fc.constantFrom("'", '=', '-', ' ', ';', ',', '|', 'a') })
  fc.assert(
    fc.property(texts, (text) => {
      const field = csvField(text)
      const unquoted = field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field
      t.equal(csvValue(unquoted), text)
      t.notMatch(unquoted, /(?:^|[;,|])\s*[=+\-@]/)
    }),
  )
})
