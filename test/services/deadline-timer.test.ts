import t from 'tap'
import { startNodeTimer } from '../../src/adapters/clock/node-timer.ts'
import { DeadlineTimer } from '../../src/services/deadline-timer.ts'

/** A timer whose calls can be waited for. */
function aTimer(clockMs: () => number = Date.now) {
  const calls: number[] = []
  let heard: () => void = () => {}
  const timer = new DeadlineTimer(
    { nowMs: clockMs, startTimer: startNodeTimer, stepMs: 20 },
    (nowMs) => {
      calls.push(nowMs)
      heard()
    },
  )
  const nextCall = () => new Promise<void>((resolve) => (heard = resolve))
  return { timer, calls, nextCall }
}

// The timers let the process end; here it waits for them.
const alive = setInterval(() => {}, 60_000)
t.teardown(() => clearInterval(alive))

t.test('calls for each time, the nearest first, never early', async (t) => {
  const { timer, calls, nextCall } = aTimer()
  const startMs = Date.now()
  timer.wakeAt(startMs + 90)
  timer.wakeAt(startMs + 10)
  timer.wakeAt(startMs + 50)
  // On a slow machine two of them are due at once, and are one call.
  while ((calls.at(-1) ?? 0) < startMs + 90) await nextCall()
  t.ok((calls[0] as number) >= startMs + 10, 'none is early')
  for (const [index, afterMs] of [10, 50, 90].entries()) {
    const due = calls.slice(0, index + 1)
    t.ok(due.length <= index || (due[index] as number) >= startMs + afterMs, `call ${index + 1}`)
  }
  t.ok(calls.length <= 3)
})

t.test('a time in the past is due at once', async (t) => {
  const { timer, calls, nextCall } = aTimer()
  timer.wakeAt(0)
  await nextCall()
  t.equal(calls.length, 1)
})

t.test('times that lie together make one call', async (t) => {
  const { timer, calls, nextCall } = aTimer()
  const baseMs = Math.ceil((Date.now() + 30) / 20) * 20
  for (let offset = 1; offset <= 20; offset++) timer.wakeAt(baseMs + offset)
  timer.wakeAt(baseMs + 50)
  while (calls.length < 2) await nextCall()
  t.ok((calls[1] as number) >= baseMs + 50, 'one for twenty, one for the last')
})

t.test('a clock that is set back makes it wait again', async (t) => {
  let offsetMs = 0
  const { timer, calls, nextCall } = aTimer(() => Date.now() + offsetMs)
  const atMs = Date.now() + 20
  timer.wakeAt(atMs)
  offsetMs = -60
  await nextCall()
  t.ok((calls[0] as number) >= atMs, 'by the clock as it is then')
})

t.test('a time beyond what a timer can hold does not fire now', async (t) => {
  const { timer, calls, nextCall } = aTimer()
  timer.wakeAt(Date.now() + 10 * 365 * 86_400_000)
  timer.wakeAt(Date.now() + 20)
  await nextCall()
  t.equal(calls.length, 1)
  timer.clear()
})

t.test('cleared, it calls no more', async (t) => {
  const { timer, calls } = aTimer()
  const other = aTimer()
  timer.wakeAt(Date.now())
  timer.clear()
  other.timer.wakeAt(Date.now() + 30)
  await other.nextCall()
  t.equal(calls.length, 0)
})

/** A timer by hand: `expire` calls what waits. */
function byHand() {
  let waiting: (() => void) | null = null
  const delays: number[] = []
  const called: number[] = []
  const clock = { nowMs: 1_000 }
  const timer = new DeadlineTimer(
    {
      nowMs: () => clock.nowMs,
      startTimer: (call, delayMs) => {
        waiting = call
        delays.push(delayMs)
        return () => {
          waiting = null
        }
      },
    },
    (nowMs) => called.push(nowMs),
  )
  const expire = (nowMs: number) => {
    clock.nowMs = nowMs
    waiting?.()
  }
  return { timer, delays, called, expire }
}

t.test(
  'of an engine that asks again after each call, only the earliest time is kept',
  async (t) => {
    const { timer, delays, called, expire } = byHand()
    timer.wakeBy(5_000)
    timer.wakeBy(9_000)
    timer.wakeBy(3_000)
    t.same(delays, [4_000, 2_000])
    expire(3_000)
    t.same(called, [3_000])
    t.same(delays, [4_000, 2_000], 'it asks for none of the others')
  },
)

t.test('a wait longer than a timer holds is cut, and nothing is called early', async (t) => {
  const { timer, delays, called, expire } = byHand()
  timer.wakeBy(1_000 + 3_000_000_000)
  expire(1_000 + 2_147_483_647)
  t.same(called, [])
  t.same(delays, [2_147_483_647, 3_000_000_000 - 2_147_483_647])
})

t.test('a closed timer calls no more', async (t) => {
  const { timer, delays, called, expire } = byHand()
  timer.wakeAt(2_000)
  timer.close()
  timer.wakeAt(3_000)
  timer.wakeBy(2_500)
  expire(4_000)
  t.same(called, [])
  t.equal(delays.length, 1)
})
