import t from 'tap'
import { type DhcpAnswer, seenIn } from './dhcp-bench.ts'

const ANSWER: DhcpAnswer = {
  seconds: 2,
  started: 400,
  acknowledged: 390,
  lost: 8,
  refused: 2,
  wrong: 0,
  strays: 0,
  offerMs: { p50: 1, p99: 5, max: 9 },
  ackMs: { p50: 2, p99: 6, max: 7 },
}

t.test('what is lost or refused is part of all that was started', async (t) => {
  t.same(seenIn(ANSWER), {
    units: 390,
    values: { rate: 195, lostPercent: 2.5, offerP50: 1, offerP99: 5, ackP50: 2, ackP99: 6 },
    fault: null,
  })
})

t.test('without an answer there are no times, and the rate is 0', async (t) => {
  const none = { seconds: 0, acknowledged: 0, lost: 400, refused: 0, offerMs: null, ackMs: null }
  t.same(seenIn({ ...ANSWER, ...none }), {
    units: 0,
    values: { rate: 0, lostPercent: 100 },
    fault: null,
  })
})

t.test('a wrong reply is a fault, not a value', async (t) => {
  t.equal(seenIn({ ...ANSWER, wrong: 3 }).fault, '3 wrong replies')
})
