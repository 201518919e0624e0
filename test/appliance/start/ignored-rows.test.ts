import { pino } from 'pino'
import t from 'tap'
import { logIgnoredRows } from '../../../appliance/start/ignored-rows.ts'

t.test('ignored rows are logged each, and of very many the number', async (t) => {
  const linesOf = (faults: readonly string[]) => {
    const lines: string[] = []
    logIgnoredRows(pino({ base: null }, { write: (line) => lines.push(line) }), faults)
    return lines.map((line) => JSON.parse(line).fault as string)
  }
  t.same(linesOf([]), [])
  t.same(linesOf(['lease of 10.0.0.1', 'phone x']), ['lease of 10.0.0.1', 'phone x'])
  const many = linesOf(Array.from({ length: 50_000 }, (_, nth) => `row ${nth}`))
  t.equal(many.length, 21)
  t.equal(many.at(-1), 'and 49980 more rows')
})
