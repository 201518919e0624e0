import t from 'tap'
import { ratioOf, spreadOf } from './statistics.ts'

t.test(
  'the middle of an odd number of values is one of them, of an even number between two',
  async (t) => {
    t.same(spreadOf([9, 1, 5]), { median: 5, low: 1, high: 9 })
    t.same(spreadOf([9, 1, 5, 7]), { median: 6, low: 1, high: 9 })
    t.same(spreadOf([4]), { median: 4, low: 4, high: 4 })
  },
)

t.test('nothing measured has no middle', async (t) => {
  t.equal(spreadOf([]), undefined)
})

t.test('the values that are given stay in their order', async (t) => {
  const values = [3, 1, 2]
  spreadOf(values)
  t.same(values, [3, 1, 2])
})

t.test('ratios are taken within a round: a machine that slows down changes none', async (t) => {
  t.same(ratioOf([100, 50, 10], [50, 25, 5]), { median: 2, low: 2, high: 2 })
})

t.test('a round in which one of both is missing gives no ratio', async (t) => {
  t.same(ratioOf([30, undefined, 90, 40], [10, 10, undefined, 20]), {
    median: 2.5,
    low: 2,
    high: 3,
  })
  t.equal(ratioOf([1], []), undefined)
  t.equal(ratioOf([1], [0]), undefined)
})
