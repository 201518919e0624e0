import t from 'tap'
import { civilTimeOf, sipDateOf } from '../../src/call-control/civil-time.ts'

t.test('the calendar is that of the platform, leap days and ends of years included', async (t) => {
  const moments = [
    0,
    951_782_399_999, // 2000-02-28T23:59:59.999Z
    951_782_400_000, // 2000-02-29
    951_868_800_000, // 2000-03-01
    1_383_654_896_789,
    1_709_164_800_000, // 2024-02-29
    1_735_689_599_999, // 2024-12-31T23:59:59.999Z
    1_735_689_600_000,
    4_107_542_400_000, // 2100-03-01, a year without a leap day
    ...Array.from({ length: 400 }, (_, index) => index * 86_400_000 * 37 + 12_345_678),
  ]
  for (const atMs of moments) {
    const date = new Date(atMs)
    t.same(civilTimeOf(atMs), {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      weekday: date.getUTCDay(),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      second: date.getUTCSeconds(),
      millisecond: date.getUTCMilliseconds(),
    })
    t.equal(sipDateOf(atMs), date.toUTCString())
  }
})

t.test('a fraction of a millisecond does not count', async (t) => {
  t.equal(civilTimeOf(1.75).millisecond, 1)
})
