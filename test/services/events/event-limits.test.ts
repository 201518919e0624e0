import t from 'tap'
import { EventLimits } from '../../../src/services/events/event-limits.ts'

const kept = (limits: EventLimits, event: string, peer: string, count: number, nowMs: number) =>
  Array.from({ length: count }, () => limits.forJournal(event, peer, nowMs)).filter(
    (leftOut) => leftOut !== null,
  )

t.test(
  'refused requests of a device do not displace the events of what it was served',
  async (t) => {
    const limits = new EventLimits()
    t.equal(kept(limits, 'tftp.request.absent', 'A', 50_000, 0).length, 120)
    t.equal(kept(limits, 'dhcp.request.ignored', 'A', 10, 0).length, 0, 'one kind with the other')
    t.equal(limits.forJournal('tftp.transfer.ended', 'A', 0), 0)
    t.equal(limits.forJournal('conversion.confirmed', 'A', 0), 0)
    t.equal(
      limits.forJournal('tftp.request.absent', 'B', 0),
      50_000 - 120 + 10,
      'nor another phone',
    )
  },
)

t.test('a boot of a phone, and fifty of them in a minute, are kept whole', async (t) => {
  const limits = new EventLimits()
  for (let boot = 0; boot < 50; boot++) {
    const nowMs = boot * 1200
    t.equal(kept(limits, 'tftp.request.absent', 'A', 3, nowMs).length, 3)
    t.equal(kept(limits, 'tftp.transfer.ended', 'A', 15, nowMs).length, 15)
  }
})

t.test(
  'in a minute one phone turns over a few hundred rows, all together some thousands',
  async (t) => {
    const limits = new EventLimits()
    kept(limits, 'tftp.transfer.started', 'A', 1000, 0)
    let rows = 0
    for (let nowMs = 0; nowMs < 60_000; nowMs += 10) {
      rows += kept(limits, 'tftp.transfer.started', 'A', 5, nowMs).length
    }
    t.ok(rows >= 295 && rows <= 305, `${rows}`)
    for (let phone = 0; phone < 1000; phone++)
      kept(limits, 'dhcp.ack.sent', `${phone}`, 100, 60_000)
    rows = 0
    for (let nowMs = 60_000; nowMs < 120_000; nowMs += 10) {
      rows += kept(limits, 'dhcp.ack.sent', `${nowMs % 1000}`, 5, nowMs).length
    }
    t.ok(rows <= 2450, `${rows}`)
  },
)

t.test('lines are fewer than events, and what was left out is told once', async (t) => {
  const limits = new EventLimits()
  const lines = Array.from({ length: 100 }, () => limits.forLine('tftp.request.refused', 'A', 0))
  t.equal(lines.filter((line) => line !== null).length, 10)
  kept(limits, 'tftp.request.refused', 'A', 200, 0)
  t.same(limits.takeLeftOut(0), [{ of: 'refused', events: 80, lines: 90 }])
  t.same(limits.takeLeftOut(0), [])
})
