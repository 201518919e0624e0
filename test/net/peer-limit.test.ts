import t from 'tap'
import { PeerLimit } from '../../src/net/peer-limit.ts'

const AMPLE = { burst: 1000, perSecond: 1000 }

t.test('each peer has so many at once, then so many a second; the rest is counted', async (t) => {
  const limit = new PeerLimit({ burst: 2, perSecond: 0.5 }, AMPLE)
  t.equal(limit.take('a', 0), 0)
  t.equal(limit.take('a', 0), 0)
  for (let left = 0; left < 5; left++) t.equal(limit.take('a', 0), null)
  t.equal(limit.take('b', 0), 5, 'another peer is heard, and tells of what was left out')
  t.equal(limit.take('a', 1999), null)
  t.equal(limit.take('a', 2000), 1)
  t.equal(limit.take('a', 1000), null, 'a clock that goes back allows nothing')
  t.equal(limit.take('a', 100_000), 1)
  t.equal(limit.take('a', 100_000), 0, 'never more at once than at the beginning')
  t.equal(limit.take('a', 100_000), null)
})

t.test('all peers together have an allowance, too', async (t) => {
  const limit = new PeerLimit({ burst: 1, perSecond: 1 }, { burst: 3, perSecond: 1 })
  const taken = Array.from({ length: 100 }, (_, peer) => limit.take(`${peer}`, 0))
  t.same(
    taken.filter((one) => one !== null),
    [0, 0, 0],
  )
  t.equal(limit.takeLeftOut(0), 0, 'no room to tell')
  t.equal(limit.takeLeftOut(1000), 97)
  t.equal(limit.takeLeftOut(5000), 0, 'told once')
})

t.test('peers without number are no memory without end: the first are forgotten', async (t) => {
  const limit = new PeerLimit({ burst: 1, perSecond: 0 }, { burst: 10_000, perSecond: 0 })
  t.equal(limit.take('first', 0), 0)
  t.equal(limit.take('first', 0), null)
  for (let peer = 0; peer < 1024; peer++) limit.take(`${peer}`, 0)
  t.equal(limit.take('first', 0), 0, 'not known any more')
})
