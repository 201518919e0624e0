import t from 'tap'
import { MAX_SAMPLES, PoolHistory, SAMPLE_MS } from '../../src/services/pool-history.ts'

const AT_MS = 1_000_000

t.test('a sample a minute, the oldest first', async (t) => {
  const history = new PoolHistory()
  t.equal(history.of('bench'), undefined)
  history.sample(new Map([['bench', 3]]), AT_MS)
  history.sample(new Map([['bench', 5]]), AT_MS + SAMPLE_MS)
  t.same(history.of('bench'), { everySeconds: 60, untilMs: AT_MS + SAMPLE_MS, taken: [3, 5] })
})

t.test('a timer that rings a little early or late moves nothing', async (t) => {
  const history = new PoolHistory()
  history.sample(new Map([['bench', 1]]), AT_MS)
  history.sample(new Map([['bench', 2]]), AT_MS + SAMPLE_MS - 40)
  history.sample(new Map([['bench', 3]]), AT_MS + 2 * SAMPLE_MS + 40)
  t.match(history.of('bench'), { untilMs: AT_MS + 2 * SAMPLE_MS, taken: [1, 2, 3] })
  history.sample(new Map([['bench', 9]]), AT_MS + 2 * SAMPLE_MS + 50)
  t.same(history.of('bench')?.taken, [1, 2, 3], 'a minute has one sample')
})

t.test('minutes without samples are filled in, so that time stays true', async (t) => {
  const history = new PoolHistory()
  history.sample(new Map([['bench', 1]]), AT_MS)
  history.sample(new Map([['bench', 4]]), AT_MS + 3 * SAMPLE_MS)
  t.same(history.of('bench')?.taken, [1, 4, 4, 4])
})

t.test('a day is kept, however long it runs and however rarely it is sampled', async (t) => {
  const history = new PoolHistory()
  for (let minute = 0; minute < MAX_SAMPLES + 5; minute++) {
    history.sample(new Map([['bench', minute]]), AT_MS + minute * SAMPLE_MS)
  }
  const { taken = [] } = history.of('bench') ?? {}
  t.equal(taken.length, MAX_SAMPLES)
  t.equal(taken[0], 5)
  history.sample(new Map([['bench', 7]]), AT_MS + 1e9 * SAMPLE_MS)
  t.equal(history.of('bench')?.taken.length, MAX_SAMPLES)
})

t.test('a network that the configuration names no more is forgotten', async (t) => {
  const history = new PoolHistory()
  history.sample(new Map([['bench', 1]]), AT_MS)
  history.sample(new Map([['lab', 1]]), AT_MS + SAMPLE_MS)
  t.equal(history.of('bench'), undefined)
  t.same(history.of('lab')?.taken, [1])
})
