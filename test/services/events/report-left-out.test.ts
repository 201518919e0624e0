import t from 'tap'
import { EventLimits } from '../../../src/services/events/event-limits.ts'
import { Journal } from '../../../src/services/events/journal.ts'
import { reportLeftOut } from '../../../src/services/events/report-left-out.ts'
import { aLog } from '../../support/a-log.ts'

function aBench() {
  const limits = new EventLimits()
  const journal = new Journal({ append: async () => undefined }, 0, () => undefined)
  const { log, lines } = aLog('warn')
  const report = (nowMs: number) => reportLeftOut(limits, { journal, log }, nowMs)
  return { limits, journal, lines, report }
}

t.test('what a flood left out is told once, in the journal and in the log', async (t) => {
  const { limits, journal, lines, report } = aBench()
  for (let nth = 0; nth < 125; nth++) limits.forJournal('tftp.request.absent', 'A', 0)
  for (let nth = 0; nth < 12; nth++) limits.forLine('tftp.request.absent', 'A', 0)
  report(1)
  const told = { of: 'refused', events: 5 }
  t.match(journal.recent(), [{ atMs: 1, event: 'events.left.out', mac: null, fields: told }])
  t.match(lines, [{ level: 'warn', event: 'events.left.out', ...told, lines: 2 }])
  report(2)
  t.equal(lines.length, 1, 'and not again')
})

t.test('where lines alone were left out, the journal has nothing to add', async (t) => {
  const { limits, journal, lines, report } = aBench()
  for (let nth = 0; nth < 12; nth++) limits.forLine('tftp.request.absent', 'A', 0)
  report(1)
  t.same(journal.recent(), [])
  t.match(lines, [{ events: 0, lines: 2 }])
})
