import t from 'tap'
import type { Conversion } from '../../src/conversion/conversion.ts'
import {
  type Rollout,
  type RolloutRequest,
  rolloutOf,
  STALL_WINDOW_MS,
} from '../../src/conversion/rollout.ts'
import type { RolloutStep } from '../../src/conversion/rollout-events.ts'
import { RolloutJob } from '../../src/conversion/rollout-job.ts'
import type { Mac } from '../../src/net/mac.ts'
import { aConversion, aRolloutRequest } from '../support/conversion-builders.ts'

const TO = 'P0S3-06-3-00'
const MACS = Array.from({ length: 6 }, (_, index) => `02000000000${index + 1}` as Mac)
const [ONE, TWO, THREE, FOUR] = MACS as [Mac, Mac, Mac, Mac]

function aRequest(change: Partial<RolloutRequest> = {}): RolloutRequest {
  const site = { phones: MACS, to: TO, acceptOneWay: false }
  return aRolloutRequest({ ...site, canaries: 1, waveSize: 2, stopAfter: 2, ...change })
}

/** A job that has begun, and what moves it. */
function aJob(change: Partial<RolloutRequest> = {}) {
  const job = new RolloutJob(rolloutOf('floor-3', aRequest(change), 1_000))
  const steps: RolloutStep[] = [...job.begin(1_000)]
  const take = (more: readonly RolloutStep[]) => {
    steps.push(...more)
    return more
  }
  /** A phone's conversion comes to a state. */
  const move = (mac: Mac, state: Conversion['state'], nowMs = 2_000) =>
    take(job.onConversion(mac, conversionIn(mac, state), nowMs))
  /** A phone's conversion stalls, and does not go on for as long as it may. */
  const stall = (mac: Mac, nowMs = 2_000) => {
    move(mac, 'stalled', nowMs)
    return take(job.onWake(nowMs + STALL_WINDOW_MS))
  }
  const states = () => Object.fromEntries(job.rollout.phones.map(({ mac, state }) => [mac, state]))
  return { job, steps, take, move, stall, states }
}

function conversionIn(mac: Mac, state: Conversion['state']): Conversion {
  const diagnosis = { code: 'no-reboot', seen: 'silence', cause: '', remedy: '', source: '' }
  return aConversion({ mac, to: TO, state, diagnosis: state === 'stalled' ? diagnosis : null })
}

const startedBy = (steps: readonly RolloutStep[]) =>
  steps.flatMap((step) => (step.kind === 'start-conversion' ? [step.mac] : []))
const cancelledBy = (steps: readonly RolloutStep[]) =>
  steps.flatMap((step) => (step.kind === 'cancel-conversion' ? [step.mac] : []))
const eventsOf = (steps: readonly RolloutStep[]) =>
  steps.flatMap((step) => (step.kind === 'event' ? [step.event.event] : []))

t.test('canaries come first, and no other phone before all of them are confirmed', async (t) => {
  const { steps, move } = aJob({ canaries: 2, waveSize: 3 })
  t.same(startedBy(steps), [ONE, TWO])
  move(ONE, 'running')
  t.same(startedBy(move(ONE, 'confirmed')), [])
  const last = move(TWO, 'confirmed')
  t.same(startedBy(last), MACS.slice(2, 5), 'then a wave')
  t.ok(eventsOf(last).includes('rollout.canaries.confirmed'))
})

t.test('never more phones are under way than a wave, canaries included', async (t) => {
  const { steps, move } = aJob({ canaries: 3, waveSize: 2 })
  t.same(startedBy(steps), [ONE, TWO])
  t.same(startedBy(move(ONE, 'confirmed')), [THREE])
  t.same(startedBy(move(TWO, 'confirmed')), [], 'three is still a canary')
})

t.test('without canaries the first wave begins at once', async (t) => {
  const { steps, move } = aJob({ canaries: 0, waveSize: 3 })
  t.same(startedBy(steps), MACS.slice(0, 3))
  t.notOk(eventsOf(move(ONE, 'confirmed')).includes('rollout.canaries.confirmed'))
})

t.test('it is stored before anything that it decided is begun', async (t) => {
  const { steps } = aJob()
  t.equal(steps[0]?.kind, 'rollout-changed')
  t.match(steps[0], { rollout: { revision: 2, phones: [{ mac: ONE, state: 'waiting' }] } })
})

t.test('it is finished when every phone has come to an end', async (t) => {
  const { job, move, stall, steps } = aJob({ phones: [ONE, TWO, THREE] })
  move(ONE, 'confirmed')
  stall(TWO)
  t.equal(job.rollout.state, 'running')
  move(THREE, 'confirmed', 9_000)
  t.match(job.rollout, { state: 'finished', reason: null, updatedAtMs: 9_000 })
  const [end] = steps.filter((step) => step.kind === 'event').slice(-1)
  t.match(end, { event: { event: 'rollout.finished', confirmed: 2, failed: 1, absent: 0 } })
  move(TWO, 'running')
  move(TWO, 'confirmed')
  t.match(job.rollout.phones[1], { state: 'confirmed', reason: null }, 'a stalled one may go on')
  t.equal(job.rollout.state, 'finished')
  t.same(job.onConversion('020000000099' as Mac, undefined, 9_000), [], 'an unknown device')
})

t.test('it stops when so many have failed; those under way go on to their end', async (t) => {
  const { job, move, stall, states, steps } = aJob({ waveSize: 3 })
  move(ONE, 'confirmed')
  stall(TWO)
  t.equal(states()[FOUR], 'waiting')
  stall(THREE)
  t.match(job.rollout, { state: 'stopped', reason: '2 phones have failed, and it stops after 2' })
  t.same(Object.values(states()).slice(3), ['waiting', 'waiting', 'skipped'])
  t.same(cancelledBy(steps), [])
  t.same(startedBy(move(FOUR, 'confirmed')), [])
  t.equal(states()[FOUR], 'confirmed')
})

t.test('where the setting says so, those under way are cancelled as it stops', async (t) => {
  const { job, move, stall, states } = aJob({ onStop: 'cancel', stopAfter: 1 })
  move(ONE, 'confirmed')
  const end = stall(TWO)
  t.equal(job.rollout.reason, '1 phone has failed, and it stops after 1')
  t.same(cancelledBy(end), [TWO, THREE])
  move(THREE, 'cancelled')
  t.equal(states()[THREE], 'cancelled')
})

t.test('a failed phone leaves its place to the next', async (t) => {
  const { move, stall } = aJob({ stopAfter: 6 })
  move(ONE, 'confirmed')
  t.same(startedBy(stall(TWO)), [FOUR])
})

t.test('a canary that does not make it stops the roll-out, whatever is allowed', async (t) => {
  for (const state of ['stalled', 'cancelled'] as const) {
    const { job, move, stall } = aJob({ stopAfter: 6 })
    if (state === 'stalled') stall(ONE)
    else move(ONE, state)
    t.equal(job.rollout.state, 'stopped', state)
    t.match(job.rollout.reason, `canary ${ONE} is ${state}: `, state)
  }
})

t.test('a canary that has stalled for no known reason is named all the same', async (t) => {
  const { job, take } = aJob()
  take(job.onConversion(ONE, { ...conversionIn(ONE, 'stalled'), diagnosis: null }, 2_000))
  take(job.onWake(62_000))
  t.equal(job.rollout.reason, `canary ${ONE} is stalled`)
})

t.test('paused, no further phone begins; resumed, the wave is filled up', async (t) => {
  const { job, move, take, states } = aJob()
  move(ONE, 'confirmed')
  t.same(eventsOf(take(job.pause(3_000))), ['rollout.paused'])
  t.same(job.pause(3_000), [])
  t.same(startedBy(move(TWO, 'confirmed')), [])
  t.equal(states()[THREE], 'waiting', 'what is under way is left alone')
  const resumed = take(job.resume(4_000))
  t.same(startedBy(resumed), [FOUR])
  t.same(eventsOf(resumed).slice(0, 1), ['rollout.resumed'])
  t.same(job.resume(4_000), [])
})

t.test('an operator stops it, and may say what becomes of those under way', async (t) => {
  const kept = aJob()
  kept.take(kept.job.stop(null, 3_000))
  t.match(kept.job.rollout, { state: 'stopped', reason: 'an operator stopped it' })
  t.same(cancelledBy(kept.steps), [])
  t.same(kept.job.stop('cancel', 4_000), [], 'only once')
  const cut = aJob()
  t.same(cancelledBy(cut.job.stop('cancel', 3_000)), [ONE])
  t.equal(cut.job.rollout.onStop, 'cancel')
})

t.test('a phone that does not show itself in time is given up, and its conversion', async (t) => {
  const { job, move, states } = aJob({ canaries: 0, stopAfter: 3, appearWithinMs: 60_000 })
  t.equal(job.wakeAtMs, 61_000)
  t.same(job.onWake(60_999), [])
  move(ONE, 'running', 30_000)
  const due = job.onWake(61_000)
  t.same(cancelledBy(due), [TWO])
  t.same(startedBy(due), [THREE])
  t.same([states()[ONE], states()[TWO]], ['running', 'absent'])
  t.match(job.rollout.phones[1]?.reason, 'within 60 s')
  move(TWO, 'cancelled')
  t.equal(states()[TWO], 'absent', 'what its conversion does now does not count')
  t.equal(job.wakeAtMs, 121_000, 'the next one began later')
  move(THREE, 'running', 130_000)
  t.equal(job.wakeAtMs, null, 'nobody is waited for')
  t.equal(aJob().job.wakeAtMs, null)
  t.same(aJob().job.onWake(1e9), [])
})

t.test('absent phones fail the roll-out, or are only left out', async (t) => {
  for (const [onAbsent, state] of [
    ['fail', 'stopped'],
    ['skip', 'finished'],
  ] as const) {
    const phones = [ONE, TWO]
    const { job } = aJob({ phones, canaries: 0, onAbsent, stopAfter: 1, appearWithinMs: 500 })
    job.onWake(9_000)
    t.equal(job.rollout.state, state)
  }
})

t.test('what comes of a start is taken as it is', async (t) => {
  const cases = [
    { outcome: 'not-enrolled', state: 'refused', reason: /not enrolled/ },
    {
      outcome: {
        kind: 'refused',
        code: 'one-way',
        reason: 'no way back',
        remedy: '',
        missingFirmware: [],
      },
      state: 'refused',
      reason: /^one-way: no way back$/,
    },
    {
      outcome: { kind: 'conflict', conversion: aConversion({ to: 'P0S3-8-12-00' }) },
      state: 'refused',
      reason: /P0S3-8-12-00/,
    },
    {
      outcome: { kind: 'already', conversion: conversionIn(ONE, 'confirmed') },
      state: 'confirmed',
      reason: null,
    },
    {
      outcome: { kind: 'started', conversion: conversionIn(ONE, 'waiting') },
      state: 'waiting',
      reason: null,
    },
  ] as const
  for (const { outcome, state, reason } of cases) {
    const { job } = aJob({ canaries: 0 })
    job.onStarted(ONE, outcome, 2_000)
    t.match(job.rollout.phones[0], { state, reason })
  }
  const { job } = aJob()
  t.same(job.onStarted(TWO, 'not-enrolled', 2_000), [], 'not started yet')
})

t.test('a phone that is deleted, or sent elsewhere, is out of it', async (t) => {
  const { job, take, states } = aJob({ canaries: 0, waveSize: 2 })
  take(job.onConversion(ONE, undefined, 2_000))
  take(job.onConversion(FOUR, undefined, 2_000))
  take(job.onConversion(TWO, aConversion({ mac: TWO, to: 'P0S3-8-12-00' }), 2_000))
  const gone = states()
  t.same([gone[ONE], gone[TWO], gone[FOUR]], ['cancelled', 'cancelled', 'cancelled'])
  t.match(job.rollout.phones[1]?.reason, 'sent to P0S3-8-12-00 instead')
  t.same(job.onConversion(ONE, undefined, 2_000), [], 'it was out of it already')
  t.same(job.onConversion(MACS[5] as Mac, conversionIn(ONE, 'running'), 2_000), [], 'not begun')
})

t.test('a restart goes on where it stood', async (t) => {
  const { job, move } = aJob({ waveSize: 3, stopAfter: 9 })
  move(ONE, 'confirmed')
  move(TWO, 'running')
  const after = new RolloutJob(job.rollout)
  const conversions = new Map([
    [TWO, conversionIn(TWO, 'confirmed')],
    [THREE, conversionIn(THREE, 'waiting')],
  ])
  const steps = after.restore((mac) => conversions.get(mac), 9_000)
  t.same(startedBy(steps), [FOUR, MACS[4]], 'one whose start was lost, and the next of the wave')
  t.match(after.rollout.phones.slice(0, 4), [
    { state: 'confirmed' },
    { state: 'confirmed' },
    { state: 'waiting' },
    { state: 'waiting' },
  ])
})

t.test('a restart ends what was to be ended and is not', async (t) => {
  const stopped = aJob({ canaries: 0, waveSize: 2 })
  stopped.job.stop('cancel', 3_000)
  const after = new RolloutJob(stopped.job.rollout)
  const steps = after.restore((mac) => (mac === ONE ? conversionIn(ONE, 'running') : undefined), 9)
  t.same(cancelledBy(steps), [ONE])
  t.equal(after.rollout.phones[1]?.state, 'cancelled', 'there is no conversion to cancel')

  const absent = aJob({ canaries: 0, waveSize: 2, appearWithinMs: 500, stopAfter: 9 })
  absent.job.onWake(5_000)
  const restored = (startedAtMs: number) =>
    new RolloutJob(absent.job.rollout).restore(
      (mac) => (mac === ONE ? { ...conversionIn(ONE, 'waiting'), startedAtMs } : undefined),
      9_000,
    )
  t.same(cancelledBy(restored(1_000)), [ONE])
  t.same(cancelledBy(restored(8_000)), [], 'an operator began that one')
})

t.test('each change counts once, and none is told where there is none', async (t) => {
  const { job, move } = aJob()
  const before: Rollout = job.rollout
  t.same(move(ONE, 'waiting'), [])
  t.equal(job.rollout, before)
  move(ONE, 'confirmed')
  t.equal(job.rollout.revision, before.revision + 1)
})

t.test('a stall counts only when the phone did not go on for 60 s', async (t) => {
  const { job, move, states } = aJob({ stopAfter: 1 })
  move(ONE, 'running', 1_500)
  const held = move(ONE, 'stalled', 2_000)
  t.same(eventsOf(held), ['rollout.phone.changed'])
  t.match(job.rollout.phones[0], {
    state: 'running',
    reason: 'no-reboot: silence',
    stalledAtMs: 2_000,
    endedAtMs: null,
  })
  t.equal(job.wakeAtMs, 62_000)
  t.same(job.onWake(61_999), [], 'not yet')
  t.same(move(ONE, 'stalled', 30_000), [], 'another diagnosis does not begin the time again')
  t.equal(job.wakeAtMs, 62_000)
  move(ONE, 'running', 61_999)
  t.match(job.rollout.phones[0], { state: 'running', reason: null, stalledAtMs: null })
  t.equal(job.wakeAtMs, null)
  t.same(job.onWake(62_000), [])
  move(ONE, 'stalled', 100_000)
  t.equal(job.wakeAtMs, 160_000, 'the next stall has a time of its own')
  const end = job.onWake(160_000)
  t.match(job.rollout, {
    state: 'stopped',
    reason: `canary ${ONE} is stalled: no-reboot: silence`,
  })
  t.equal(states()[ONE], 'stalled')
  t.same(eventsOf(end).slice(0, 2), ['rollout.phone.changed', 'rollout.stopped'])
})

t.test('a phone in those 60 s keeps its place in the wave, and may come to any end', async (t) => {
  for (const state of ['confirmed', 'cancelled'] as const) {
    const { job, move, states } = aJob({ canaries: 0, waveSize: 1, stopAfter: 1 })
    t.same(startedBy(move(ONE, 'stalled')), [])
    t.equal(states()[TWO], 'pending')
    t.same(startedBy(move(ONE, state, 3_000)), [TWO], state)
    t.match(job.rollout.phones[0], { state, stalledAtMs: null })
    t.equal(job.rollout.state, 'running')
  }
})

t.test('one that shows itself by its stall has shown itself', async (t) => {
  const { job, move } = aJob({ canaries: 0, waveSize: 1, appearWithinMs: 10_000, stopAfter: 9 })
  move(ONE, 'stalled', 2_000)
  t.same(job.onWake(30_000), [])
  t.same(cancelledBy(job.onWake(62_000)), [], 'it has stalled, and is not absent')
})

t.test('a stall that an ended roll-out waits for is told all the same', async (t) => {
  const { job, move, states } = aJob({ canaries: 0, waveSize: 1 })
  move(ONE, 'stalled', 2_000)
  job.stop(null, 3_000)
  t.equal(job.wakeAtMs, 62_000)
  t.same(eventsOf(job.onWake(62_000)), ['rollout.phone.changed'])
  t.equal(states()[ONE], 'stalled')
})

t.test('a restart within those 60 s: the rest of them, or all where they ran out', async (t) => {
  const { job, move } = aJob({ canaries: 1 })
  move(ONE, 'stalled', 2_000)
  const conversionOf = (state: Conversion['state']) => () => conversionIn(ONE, state)
  const early = new RolloutJob(job.rollout)
  t.same(early.restore(conversionOf('stalled'), 10_000), [])
  t.equal(early.wakeAtMs, 62_000)
  early.onWake(62_000)
  t.equal(early.rollout.state, 'stopped')
  const late = new RolloutJob(job.rollout)
  t.match(late.restore(conversionOf('stalled'), 90_000), [{ kind: 'rollout-changed' }])
  t.equal(late.wakeAtMs, 150_000, 'nobody served the phone meanwhile')
  const goesOn = new RolloutJob(job.rollout)
  goesOn.restore(conversionOf('running'), 90_000)
  t.match(goesOn.rollout.phones[0], { state: 'running', reason: null, stalledAtMs: null })
  const unsaved = new RolloutJob({
    ...job.rollout,
    phones: aJob({ canaries: 1 }).job.rollout.phones,
  })
  unsaved.restore(conversionOf('stalled'), 10_000)
  t.equal(unsaved.wakeAtMs, 70_000, 'the crash came before the stall was stored')
})

t.test('the time that a stall may last is divided with the time of the phones', async (t) => {
  const job = new RolloutJob(rolloutOf('floor-3', aRequest({ canaries: 0 }), 1_000), 6_000)
  job.begin(1_000)
  job.onConversion(ONE, conversionIn(ONE, 'stalled'), 2_000)
  t.equal(job.wakeAtMs, 8_000)
})

t.test('the canaries are the first that have to move', async (t) => {
  const isThere = (mac: Mac) => mac === ONE || mac === THREE
  const job = new RolloutJob(
    rolloutOf('floor-3', aRequest({ canaries: 2, waveSize: 9 }), 1_000, isThere),
  )
  const begun = job.begin(1_000)
  t.same(startedBy(begun), [TWO, FOUR])
  t.same(
    job.rollout.phones.map(({ isCanary }) => isCanary),
    [false, true, false, true, false, false],
  )
  t.match(job.rollout.phones[0], { state: 'confirmed', reason: 'it runs the load already' })
  job.onConversion(TWO, conversionIn(TWO, 'confirmed'), 2_000)
  const proved = job.onConversion(FOUR, conversionIn(FOUR, 'confirmed'), 3_000)
  t.ok(eventsOf(proved).includes('rollout.canaries.confirmed'))
  t.same(startedBy(proved), MACS.slice(4))
})

t.test('where all are there already, it is finished at once', async (t) => {
  const job = new RolloutJob(rolloutOf('floor-3', aRequest(), 1_000, () => true))
  t.ok(eventsOf(job.begin(1_000)).includes('rollout.finished'))
  t.equal(job.rollout.state, 'finished')
})
