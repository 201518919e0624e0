import t from 'tap'
import { DEFAULT_RETRY_POLICY, RetransmissionTimer } from '../../src/tftp/retransmission-timer.ts'

t.test('RFC 1123 section 4.2.3.2: waits double with each repetition, up to a bound', async (t) => {
  const timer = new RetransmissionTimer(DEFAULT_RETRY_POLICY, null)
  timer.sent(0)
  const waits = [timer.deadlineMs]
  for (let repeat = 1; repeat < 6; repeat++) {
    const nowMs = timer.deadlineMs
    timer.sentAgain(nowMs)
    waits.push(timer.deadlineMs - nowMs)
  }
  t.same(waits, [1000, 2000, 4000, 8000, 8000, 8000])
  t.equal(timer.attempts, 6)
})

t.test('RFC 6298 section 2: waits follow the round trips, between bounds', async (t) => {
  const cases = [
    { why: 'a quick client: the least wait', tripMs: 2, waitMs: 1000 },
    {
      why: 'a slow one: the trip and four times its variation',
      tripMs: 400,
      waitMs: 400 + 4 * 200,
    },
    { why: 'a very slow one: the longest wait', tripMs: 9000, waitMs: 8000 },
  ]
  for (const { why, tripMs, waitMs } of cases) {
    const timer = new RetransmissionTimer(DEFAULT_RETRY_POLICY, null)
    timer.sent(0)
    timer.acknowledged(tripMs)
    timer.sent(tripMs)
    t.equal(timer.deadlineMs - tripMs, waitMs, why)
  }
})

t.test('RFC 6298 section 2.4: a repetition never comes before a second has passed', async (t) => {
  for (const tripMs of [0, 1, 50, 120, 300]) {
    const timer = new RetransmissionTimer(DEFAULT_RETRY_POLICY, null)
    let nowMs = 0
    for (let block = 0; block < 500; block++) {
      timer.sent(nowMs)
      t.ok(timer.deadlineMs - nowMs >= 1000, `block ${block} of a client at ${tripMs} ms`)
      nowMs += tripMs
      timer.acknowledged(nowMs)
    }
    timer.sent(nowMs)
    const waits = [timer.deadlineMs - nowMs]
    for (let repeat = 1; repeat < 4; repeat++) {
      nowMs = timer.deadlineMs
      timer.sentAgain(nowMs)
      waits.push(timer.deadlineMs - nowMs)
    }
    const [first = 0] = waits
    t.same(
      waits,
      [1, 2, 4, 8].map((times) => Math.min(8000, times * first)),
      'each twice the last',
    )
  }
})

t.test('RFC 6298 section 2: steady trips let the wait shrink towards them', async (t) => {
  const timer = new RetransmissionTimer(DEFAULT_RETRY_POLICY, null)
  let nowMs = 0
  for (let trip = 0; trip < 100; trip++) {
    timer.sent(nowMs)
    nowMs += 1700
    timer.acknowledged(nowMs)
  }
  timer.sent(nowMs)
  t.ok(timer.deadlineMs - nowMs < 1710)
  t.ok(timer.deadlineMs - nowMs >= 1700)
})

t.test('RFC 6298 section 3: the trip of what was repeated teaches nothing', async (t) => {
  const timer = new RetransmissionTimer(DEFAULT_RETRY_POLICY, null)
  timer.sent(0)
  timer.sentAgain(1000)
  timer.acknowledged(1001)
  timer.sent(1001)
  t.equal(timer.deadlineMs, 2001)
})

t.test(
  'RFC 2349: the interval that the client asked for is the base, whatever the trips',
  async (t) => {
    const timer = new RetransmissionTimer(DEFAULT_RETRY_POLICY, 3000)
    timer.sent(0)
    timer.acknowledged(1)
    timer.sent(1)
    t.equal(timer.deadlineMs, 3001)
    timer.sentAgain(3001)
    t.equal(timer.deadlineMs, 9001)
    const patient = new RetransmissionTimer(DEFAULT_RETRY_POLICY, 255_000)
    patient.sent(0)
    patient.sentAgain(255_000)
    t.equal(patient.deadlineMs, 510_000, 'longer than our bound, never longer than that twice over')
  },
)
