import fc from 'fast-check'
import t from 'tap'
import { TimeQueue } from '../../src/leases/time-queue.ts'
import type { Ipv4 } from '../../src/net/ipv4.ts'

/** A queue over a table of times, with what is in it. */
class Timetable {
  readonly times = new Map<Ipv4, number>()
  readonly queue = new TimeQueue((address) => this.times.get(address) ?? 0)

  set(address: number, timeMs: number): void {
    this.times.set(address as Ipv4, timeMs)
    this.queue.update(address as Ipv4)
  }
}

t.test('names the address with the earliest time, and none before its time', async (t) => {
  const timetable = new Timetable()
  t.equal(timetable.queue.first(100), undefined, 'an empty queue names none')
  timetable.set(1, 30)
  timetable.set(2, 10)
  timetable.set(3, 20)
  t.equal(timetable.queue.first(9), undefined)
  t.equal(timetable.queue.first(10), 2)
  t.equal(timetable.queue.first(100), 2, 'and it stays')
  t.equal(timetable.queue.size, 3)
})

t.test('a time that has moved later is found out when it comes to the front', async (t) => {
  const timetable = new Timetable()
  timetable.set(1, 10)
  timetable.set(2, 20)
  timetable.times.set(1 as Ipv4, 50)
  t.equal(timetable.queue.first(30), 2)
  t.equal(timetable.queue.first(19), undefined)
})

t.test('an address that is postponed comes back when its time is over', async (t) => {
  const timetable = new Timetable()
  timetable.set(1, 10)
  timetable.set(2, 20)
  timetable.queue.postpone(1 as Ipv4, 40)
  timetable.queue.postpone(1 as Ipv4, 35)
  t.equal(timetable.queue.first(30), 2, 'postponing to earlier changes nothing')
  timetable.times.set(2 as Ipv4, 99)
  t.equal(timetable.queue.first(39), undefined)
  t.equal(timetable.queue.first(40), 1)
  timetable.queue.postpone(7 as Ipv4, 50)
  t.equal(timetable.queue.size, 2, 'an unknown entry is not added')
})

t.test('whatever is done, the first is the earliest of all', async () => {
  const step = fc.record({ address: fc.integer({ min: 1, max: 12 }), timeMs: fc.nat(100) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), fc.nat(100), (steps, nowMs) => {
      const timetable = new Timetable()
      for (const { address, timeMs } of steps) timetable.set(address, timeMs)
      const first = timetable.queue.first(nowMs)
      const due = [...timetable.times.values()].filter((timeMs) => timeMs <= nowMs)
      if (first === undefined) return due.length === 0
      return timetable.times.get(first) === Math.min(...due)
    }),
    { seed: 7940, numRuns: 500 },
  )
})

t.test('a queue of thousands stays in order', async (t) => {
  const timetable = new Timetable()
  const count = 5_000
  for (let address = 1; address <= count; address++) {
    timetable.set(address, (address * 7_919) % count)
  }
  t.equal(timetable.queue.size, count)
  for (let timeMs = 0; timeMs < count; timeMs++) {
    const first = timetable.queue.first(timeMs)
    if (first === undefined || timetable.times.get(first) !== timeMs) t.fail(`at ${timeMs}`)
    timetable.queue.postpone(first as Ipv4, count)
  }
  t.equal(timetable.queue.first(count - 1), undefined)
})
