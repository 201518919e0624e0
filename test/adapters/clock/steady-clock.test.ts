import t from 'tap'
import { steadyClock } from '../../../src/adapters/clock/steady-clock.ts'

t.test('the clock tells whole milliseconds of today', async (t) => {
  const nowMs = steadyClock()()
  t.ok(Number.isInteger(nowMs))
  t.ok(Math.abs(nowMs - Date.now()) < 5_000)
})

t.test('who sets the machine to another year moves nothing', async (t) => {
  const clock = steadyClock()
  const before = clock()
  t.intercept(Date, 'now', { value: () => 0 })
  const after = clock()
  t.ok(after >= before && after - before < 60_000)
})
