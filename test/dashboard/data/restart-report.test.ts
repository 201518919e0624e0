import t from 'tap'
import { latestRestart } from '../../../src/dashboard/data/restart-report.ts'
import type { TimelineEntry } from '../../../src/dashboard/data/types.ts'

let second = 0
function anEntry(event: string, fields: Readonly<Record<string, unknown>>): TimelineEntry {
  second += 1
  const at = new Date(Date.UTC(2026, 2, 1, 9, 30, second)).toISOString()
  return { at, source: 'conversion', event, text: '', fields }
}

const sent = (method: string) => anEntry('phone.restart.sent', { method, why: 'by-hand' })
const failed = (method: string, reason: string) =>
  anEntry('phone.restart.failed', { method, reason })
const started = (method: string) =>
  anEntry('phone.restart.seen', { method, by: 'alarm', resetCode: 22, seconds: 12 })
const ended = (outcome: string) => anEntry('phone.restart.ended', { outcome, methods: [] })

t.test('without a restart there is nothing to report', async (t) => {
  t.equal(latestRestart([]), null)
  t.equal(latestRestart([anEntry('dhcp.ack.sent', {})]), null)
  t.equal(latestRestart([ended('seen')]), null, 'an end whose beginning is not kept any more')
})

t.test('each method has one line, which tells how it went', async (t) => {
  const timeline = [
    failed('sccp', 'call control is off'),
    sent('notify'),
    failed('notify', 'no restart was seen'),
    sent('poe'),
  ]
  const waiting = latestRestart(timeline)
  t.match(waiting, {
    outcome: null,
    attempts: [
      { method: 'sccp', state: 'failed', reason: 'call control is off' },
      { method: 'notify', state: 'failed', reason: 'no restart was seen' },
      { method: 'poe', state: 'sent' },
    ],
  })
  const over = latestRestart([...timeline, started('poe'), ended('seen')])
  t.equal(over?.outcome, 'seen')
  t.equal(over?.key, waiting?.key, 'it is the same restart')
  t.match(over?.attempts.at(-1), { method: 'poe', state: 'seen', by: 'alarm', seconds: 12 })
})

t.test('a restart after the end of another is a new one', async (t) => {
  const first = [sent('sccp'), failed('sccp', 'no restart was seen'), ended('failed')]
  t.equal(latestRestart(first)?.outcome, 'failed')
  const second = latestRestart([...first, sent('poe')])
  t.match(second, { outcome: null, attempts: [{ method: 'poe' }] })
  t.equal(second?.attempts.length, 1)
})

t.test('a restart whose end was lost in a crash does not hold the next one', async (t) => {
  const again = latestRestart([sent('sccp'), sent('sccp')])
  t.equal(again?.attempts.length, 1)
  t.not(again?.key, latestRestart([sent('sccp')])?.key)
  const settled = latestRestart([sent('sccp'), started('sccp'), failed('sccp', 'x')])
  t.match(settled?.attempts, [{ state: 'failed' }])
})
