import t from 'tap'
import { byDay } from '../../../src/dashboard/words/days.ts'
import { formatDate } from '../../../src/dashboard/words/format.ts'

t.test('neighbours of one day stand under its date, in their order', async (t) => {
  const [first, second, next] = [
    { at: '2026-03-01T11:00:00.000Z' },
    { at: '2026-03-01T11:30:00.000Z' },
    { at: '2026-03-03T11:00:00.000Z' },
  ]
  t.same(byDay([next, second, first]), [
    { day: formatDate(next.at), of: [next] },
    { day: formatDate(first.at), of: [second, first] },
  ])
  t.same(byDay([]), [])
})
