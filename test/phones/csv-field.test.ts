import t from 'tap'
import { csvField, csvRows } from '../../src/phones/csv-field.ts'

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
