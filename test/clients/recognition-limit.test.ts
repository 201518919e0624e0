import t from 'tap'
import { RecognitionLimit } from '../../src/clients/recognition-limit.ts'

t.test('so many a minute, on each network by itself', async (t) => {
  const limit = new RecognitionLimit(2)
  const taken = (network: string, nowMs: number) => limit.take(network, nowMs)
  t.same([taken('a', 0), taken('a', 1), taken('a', 59_999)], [true, true, false])
  t.equal(taken('b', 2), true)
  t.same([taken('a', 60_000), taken('a', 60_001), taken('a', 60_002)], [true, true, false])
})
