import t from 'tap'
import { LineLimit } from '../../src/services/line-limit.ts'

const NOW_MS = 1_700_000_000_000

const taken = (limit: LineLimit, count: number, nowMs: number) =>
  Array.from({ length: count }, () => limit.take(nowMs))

t.test('ten lines at once are written, the others counted and told with the next', async (t) => {
  const limit = new LineLimit()
  t.same(taken(limit, 10, NOW_MS), new Array(10).fill(0))
  t.same(taken(limit, 500, NOW_MS), new Array(500).fill(null))
  t.equal(limit.take(NOW_MS + 99), null)
  t.equal(limit.take(NOW_MS + 100), 501, 'ten a second')
  t.equal(limit.take(NOW_MS + 200), 0, 'told once')
})

t.test('a flood of a minute is ten lines a second', async (t) => {
  const limit = new LineLimit()
  let written = 0
  for (let ms = 0; ms < 60_000; ms++) if (limit.take(NOW_MS + ms) !== null) written++
  t.ok(written >= 600 && written <= 610, `${written} lines`)
})

t.test('silence saves up ten lines, not more', async (t) => {
  const limit = new LineLimit()
  taken(limit, 10, NOW_MS)
  const later = taken(limit, 20, NOW_MS + 3_600_000)
  t.equal(later.filter((leftOut) => leftOut !== null).length, 10)
})

t.test('a clock that goes back gives no lines, and takes none for long', async (t) => {
  const limit = new LineLimit()
  taken(limit, 10, NOW_MS)
  t.equal(limit.take(NOW_MS - 60_000), null)
  t.equal(limit.take(NOW_MS - 59_900), 1)
})
