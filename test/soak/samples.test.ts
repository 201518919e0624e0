import t from 'tap'
import { percentile, type Sample, trendsOf } from './samples.ts'

const sampleOf = (seconds: number, residentMb: number, descriptors = 40): Sample => ({
  seconds,
  residentMb,
  descriptors,
  offerP50: 0.5,
  offerP99: 4,
})

t.test('what wanders is flat, and what grows is not', async (t) => {
  const flat = Array.from({ length: 40 }, (_, index) => sampleOf(index, 120 + (index % 5)))
  t.ok(trendsOf(flat).every(({ isFlat }) => isFlat))
  const leaking = Array.from({ length: 40 }, (_, index) => sampleOf(index, 120 + index))
  t.match(
    trendsOf(leaking).filter(({ isFlat }) => !isFlat),
    [{ name: 'resident memory, MiB', early: 134, late: 154 }],
  )
  const unclosed = Array.from({ length: 40 }, (_, index) => sampleOf(index, 120, 40 + index))
  t.match(
    trendsOf(unclosed).filter(({ isFlat }) => !isFlat),
    [{ name: 'descriptors' }],
  )
})

t.test('what grows while caches fill is no leak', async (t) => {
  const filling = Array.from({ length: 40 }, (_, index) =>
    sampleOf(index, index < 8 ? 60 + index : 130),
  )
  t.ok(trendsOf(filling).every(({ isFlat }) => isFlat))
})

t.test('percentiles are values that were there', async (t) => {
  t.equal(percentile([3, 1, 2], 50), 2)
  t.equal(percentile([3, 1, 2, 4], 99), 4)
  t.equal(percentile([], 50), 0)
})
