import t from 'tap'
import type { Conversion } from '../../../src/conversion/conversion.ts'
import { type Rollout, rolloutOf } from '../../../src/conversion/rollout.ts'
import { seenLoad } from '../../../src/phones/seen-software.ts'
import { reportService } from '../../../src/services/api/reports.ts'
import type { JournalEntry } from '../../../src/services/events/journal.ts'
import {
  aConversion,
  aPhone,
  aRolloutRequest,
  aStep,
  MAC,
} from '../../support/conversion-builders.ts'
import { someEvents } from '../../support/in-memory/some-events.ts'

const FILE = { name: 'P0S3-06-3-00.bin', bytes: 100, sha256: 'ab' }

type Given = {
  readonly conversion?: Conversion
  readonly rollouts?: readonly Rollout[]
  readonly events?: readonly Partial<JournalEntry>[]
  readonly isSeen?: boolean
}

function aService({ conversion, rollouts = [], events: recorded = [], isSeen = true }: Given) {
  const { events, add } = someEvents()
  for (const event of recorded) add({ atMs: 0, mac: MAC, ...event })
  return reportService({
    inventory: {
      phone: (mac) => (mac === MAC ? aPhone({ label: 'Desk 12', network: 'bench' }) : undefined),
      firmware: (load) =>
        load === 'P0S3-06-3-00' ? ({ load, files: [FILE] } as never) : undefined,
    },
    conversion: () => conversion,
    rollouts: () => rollouts,
    seen: { get: () => (isSeen ? seenLoad('P0S3-06-3-00', 'registration', 7) : undefined) },
    events,
    version: () => '1.2.3',
    nowMs: () => 9_000,
  })
}

const CONFIRMED = aConversion({
  state: 'confirmed',
  startedAtMs: 1_000,
  updatedAtMs: 6_000,
  confirmedBy: 'registration',
  evidence: [{ atMs: 5_000, kind: 'registration', detail: 'It registered.' }],
})

t.test('a phone without a conversion is reported as it is enrolled and was seen', async (t) => {
  const events = [{ event: 'phone.serial.seen', fields: { serial: 'FCH0937K0AB' } }]
  t.match(await aService({ events }).phone(MAC), {
    mac: MAC,
    serial: 'FCH0937K0AB',
    label: 'Desk 12',
    network: 'bench',
    seen: { load: 'P0S3-06-3-00' },
    conversion: null,
    firmware: [],
    fetched: [],
    writtenAtMs: 9_000,
    version: '1.2.3',
  })
  t.match(await aService({ isSeen: false }).phone(MAC), { serial: null, seen: null })
  t.equal(await aService({}).phone('000000000001' as never), undefined)
})

t.test('a confirmed conversion ends with its evidence, and names its files', async (t) => {
  const transfer = { name: FILE.name, clientTid: 50_000, sizeBytes: 100, sha256: 'ab' }
  const report = await aService({
    conversion: CONFIRMED,
    events: [
      { atMs: 1_000, event: 'audit.change', fields: { action: 'startConversion', by: 'anna' } },
      { atMs: 500, event: 'tftp.transfer.ended', fields: { ...transfer, outcome: 'complete' } },
      { atMs: 2_000, event: 'tftp.transfer.started', fields: transfer },
      { atMs: 3_000, event: 'tftp.transfer.ended', fields: { ...transfer, outcome: 'complete' } },
    ],
  }).phone(MAC)
  t.match(report, {
    conversion: { endedAtMs: 5_000, startedBy: { how: 'operator' }, steps: [{ stage: 'waiting' }] },
    firmware: [{ load: 'P0S3-06-3-00', files: [FILE] }],
    fetched: [{ name: FILE.name, sha256: 'ab', atMs: 3_000 }],
  })
})

t.test('the end of a conversion is that of its state', async (t) => {
  const endOf = async (change: Partial<Conversion>) =>
    (await aService({ conversion: { ...CONFIRMED, ...change } }).phone(MAC))?.conversion?.endedAtMs
  t.equal(await endOf({ evidence: [] }), 6_000, 'a row of an earlier version has no evidence')
  t.equal(await endOf({ state: 'cancelled' }), 6_000)
  t.equal(await endOf({ state: 'running' }), null)
})

t.test('a set that is no longer stored has no files', async (t) => {
  const steps = [aStep({ load: 'P0S30203' })]
  const report = await aService({ conversion: { ...CONFIRMED, steps } }).phone(MAC)
  t.same(report?.firmware, [{ load: 'P0S30203', files: [] }])
})

t.test('a conversion of a roll-out, or of automatic enrolment, says so', async (t) => {
  const begun = rolloutOf('floor-3', aRolloutRequest({ to: CONFIRMED.to }), 900)
  const phones = begun.phones.map((phone) => ({ ...phone, startedAtMs: CONFIRMED.startedAtMs }))
  const ofRollout = await aService({
    conversion: CONFIRMED,
    rollouts: [{ ...begun, phones }],
  }).phone(MAC)
  t.match(ofRollout?.conversion?.startedBy, { how: 'rollout', rollout: 'floor-3' })
  const events = [{ atMs: 900, event: 'enrol.phone.enrolled' }]
  const automatic = await aService({ conversion: CONFIRMED, events }).phone(MAC)
  t.match(automatic?.conversion?.startedBy, { how: 'automatic-enrolment' })
})

t.test('a roll-out has ended when it is over and no phone is under way', async (t) => {
  const begun = rolloutOf('floor-3', aRolloutRequest({ to: CONFIRMED.to }), 900)
  const endOf = async (change: Partial<Rollout>) =>
    (await aService({ rollouts: [{ ...begun, updatedAtMs: 7_000, ...change }] }).rollout('floor-3'))
      ?.endedAtMs
  const withState = (state: 'confirmed' | 'running') =>
    begun.phones.map((phone) => ({ ...phone, state }))
  t.equal(await endOf({ state: 'running' }), null)
  t.equal(await endOf({ state: 'stopped', phones: withState('running') }), null)
  t.equal(await endOf({ state: 'stopped', phones: withState('confirmed') }), 7_000)
  t.equal(await endOf({ state: 'finished', phones: withState('confirmed') }), 7_000)
})

t.test('in a roll-out a phone has its own conversion, and not a later one', async (t) => {
  const begun = rolloutOf('floor-3', aRolloutRequest({ to: CONFIRMED.to }), 900)
  const phones = begun.phones.map((phone) => ({ ...phone, startedAtMs: CONFIRMED.startedAtMs }))
  const rollouts = [{ ...begun, phones }]
  const own = await aService({ conversion: CONFIRMED, rollouts }).rollout('floor-3')
  t.match(own?.phones, [{ confirmedBy: 'registration', from: CONFIRMED.from }])
  t.match(own?.firmware, [{ load: 'P0S3-06-3-00' }])
  const later = { ...CONFIRMED, startedAtMs: 8_000 }
  const other = await aService({ conversion: later, rollouts }).rollout('floor-3')
  t.match(other?.phones, [{ confirmedBy: null, from: null }])
})
