import t from 'tap'
import { type Rollout, rolloutOf } from '../../../src/conversion/rollout.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { reportService } from '../../../src/services/api/reports.ts'
import type { EventService } from '../../../src/services/services.ts'
import { aRolloutRequest, MAC } from '../../support/conversion-builders.ts'
import { someEvents } from '../../support/in-memory/some-events.ts'

const OTHER = '0000000000FF' as Mac

/** Reports of one roll-out, whose phones are known by events alone. */
function reportsOf(rollout: () => Rollout, events: EventService) {
  return reportService({
    inventory: { phone: () => undefined, firmware: () => undefined },
    conversion: () => undefined,
    rollouts: () => [rollout()],
    seen: { get: () => undefined, list: () => [] } as never,
    events,
    version: () => '1.2.3',
    nowMs: () => 5,
  })
}

t.test('a serial number is found among thousands of others', async (t) => {
  const { events, add } = someEvents()
  const tell = (mac: Mac | null, serial: string) =>
    add({ event: 'phone.serial.seen', mac, fields: { serial } })
  tell(MAC, 'FCH0')
  tell(MAC, 'FCH1')
  for (let nth = 0; nth < 4_500; nth++) tell(OTHER, `INM${nth}`)
  tell(null, 'none')
  const rollout = rolloutOf('one', aRolloutRequest(), 1_000, () => false)
  const reports = reportsOf(() => rollout, events)
  t.match(await reports.rollout('one'), { phones: [{ mac: MAC, serial: 'FCH1' }] })
  t.equal(await reports.rollout('two'), undefined)
})

t.test('a roll-out tells what proved a phone that has had another conversion since', async (t) => {
  const { events, add } = someEvents()
  const begun = rolloutOf('one', aRolloutRequest(), 1_000, () => false)
  const ended = { state: 'confirmed', startedAtMs: 2_000, endedAtMs: 9_000 } as const
  const withEnd = (change: object) => ({
    ...begun,
    phones: begun.phones.map((phone) => ({ ...phone, ...ended, ...change })),
  })
  let rollout = withEnd({})
  const confirmed = (atMs: number, fields: object) =>
    add({ event: 'conversion.confirmed', mac: MAC, atMs, fields: { ...fields } })
  const reports = reportsOf(() => rollout, events)
  const row = async () => (await reports.rollout('one'))?.phones[0]
  const nothing = { from: null, confirmedBy: null, evidence: [] }
  t.match(await row(), nothing, 'no event is kept')
  const proof = { to: begun.to, evidence: 'registration', detail: 'It registered.' }
  confirmed(9_000, { ...proof, from: 'P00308000500' })
  confirmed(50_000, { ...proof, detail: 'a later one' })
  t.match(await row(), {
    from: 'P00308000500',
    confirmedBy: 'registration',
    evidence: [{ atMs: 9_000, kind: 'registration', detail: 'It registered.' }],
  })
  rollout = withEnd({ state: 'failed' })
  t.match(await row(), nothing, 'only what was confirmed has a proof')
  rollout = withEnd({})
  confirmed(9_001, { to: begun.to, seconds: 3 })
  t.match(await row(), nothing, 'an event of an earlier version has none')
  confirmed(9_002, { ...proof, to: 'P00308000900', from: null })
  t.match(await row(), nothing, 'nor has another conversion')
  confirmed(9_003, { ...proof, from: null })
  t.match(await row(), { from: null, confirmedBy: 'registration' })
})
