import t from 'tap'
import { areaPath, poolSeries } from '../../../src/dashboard/words/pool-series.ts'

const HISTORY = { everySeconds: 60, until: '2026-03-01T09:30:00.000Z', taken: [0, 4, 2] }

t.test('what is taken now is the last number, and the first peak is named', async (t) => {
  t.same(poolSeries(HISTORY, 4), {
    taken: [0, 4, 2, 4],
    sinceMs: Date.UTC(2026, 2, 1, 9, 28),
    peak: 4,
    peakAtMs: Date.UTC(2026, 2, 1, 9, 29),
  })
})

t.test('a number holds until the next one', async (t) => {
  const size = { width: 100, height: 10 }
  t.equal(areaPath([0, 5], 10, size), 'M0 10V10H50V5H100V10Z')
  t.equal(areaPath([5], 10, size), 'M0 10V5H100V10Z', 'one number fills it')
  t.equal(areaPath([0, 0], 0, size), 'M0 10V10H50V10H100V10Z', 'a pool without addresses')
})
