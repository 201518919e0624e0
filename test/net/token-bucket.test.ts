import t from 'tap'
import { TokenBucket } from '../../src/net/token-bucket.ts'

const taken = (bucket: TokenBucket, count: number, nowMs: number) =>
  Array.from({ length: count }, () => bucket.take(nowMs)).filter(Boolean).length

t.test('so many at once, and then so many a second', async (t) => {
  const bucket = new TokenBucket({ burst: 5, perSecond: 2 })
  t.equal(taken(bucket, 10, 1_000), 5)
  t.equal(taken(bucket, 10, 2_000), 2)
  t.equal(taken(bucket, 10, 2_499), 0)
  t.equal(taken(bucket, 10, 60_000), 5, 'never more than the burst')
})

t.test('a clock that goes back allows nothing', async (t) => {
  const bucket = new TokenBucket({ burst: 1, perSecond: 1 })
  t.ok(bucket.take(10_000))
  t.notOk(bucket.take(5_000))
  t.ok(bucket.take(6_000), 'and time goes on from there')
})
