import t from 'tap'
import type { Conversion } from '../../src/conversion/conversion.ts'
import { type Rollout, type RolloutWish, rolloutOf } from '../../src/conversion/rollout.ts'
import type { RolloutStep } from '../../src/conversion/rollout-effect.ts'
import { RolloutJob } from '../../src/conversion/rollout-job.ts'
import type { Mac } from '../../src/net/mac.ts'
import { aConversion } from '../support/conversion-builders.ts'

const TO = 'P0S3-06-3-00'
const MACS = Array.from({ length: 6 }, (_, index) => `02000000000${index + 1}` as Mac)
const [ONE, TWO, THREE, FOUR] = MACS as [Mac, Mac, Mac, Mac]

function aWish(change: Partial<RolloutWish> = {}): RolloutWish {
  return {
    phones: MACS,
    to: TO,
    from: null,
    path: 'cautious',
    acceptOneWay: false,
    canaries: 1,
    waveSize: 2,
    stopAfter: 2,
    onStop: 'finish',
    appearWithinMs: null,
    onAbsent: 'fail',
    ...change,
  }
}

/** A job that has begun, and what moves it. */
function aJob(change: Partial<RolloutWish> = {}) {
  const job = new RolloutJob(rolloutOf('floor-3', aWish(change), 1_000))
  const steps: RolloutStep[] = [...job.begin(1_000)]
  const take = (more: readonly RolloutStep[]) => {
    steps.push(...more)
    return more
  }
  /** A phone's conversion comes to a state. */
  const move = (mac: Mac, state: Conversion['state'], nowMs = 2_000) =>
    take(job.onConversion(mac, conversionIn(mac, state), nowMs))
  const states = () => Object.fromEntries(job.rollout.phones.map(({ mac, state }) => [mac, state]))
  return { job, steps, take, move, states }
}

function conversionIn(mac: Mac, state: Conversion['state']): Conversion {
  const diagnosis = { code: 'no-reboot', seen: 'silence', cause: '', remedy: '', source: '' }
  return aConversion({ mac, to: TO, state, diagnosis: state === 'stalled' ? diagnosis : null })
}

const startedBy = (steps: readonly RolloutStep[]) =>
  steps.flatMap((step) => (step.kind === 'start-conversion' ? [step.mac] : []))
const cancelledBy = (steps: readonly RolloutStep[]) =>
  steps.flatMap((step) => (step.kind === 'cancel-conversion' ? [step.mac] : []))
const notedBy = (steps: readonly RolloutStep[]) =>
  steps.flatMap((step) => (step.kind === 'note' ? [step.event.event] : []))

t.test('canaries come first, and nobody else before all of them are confirmed', async (t) => {
  const { steps, move } = aJob({ canaries: 2, waveSize: 3 })
  t.same(startedBy(steps), [ONE, TWO])
  move(ONE, 'running')
  t.same(startedBy(move(ONE, 'confirmed')), [])
  const last = move(TWO, 'confirmed')
  t.same(startedBy(last), MACS.slice(2, 5), 'then a wave')
  t.ok(notedBy(last).includes('rollout.canaries.confirmed'))
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
  t.notOk(notedBy(move(ONE, 'confirmed')).includes('rollout.canaries.confirmed'))
})

t.test('it is stored before anything that it decided is begun', async (t) => {
  const { steps } = aJob()
  t.equal(steps[0]?.kind, 'rollout-changed')
  t.match(steps[0], { rollout: { revision: 2, phones: [{ mac: ONE, state: 'waiting' }] } })
})

t.test('it is finished when every phone has come to an end', async (t) => {
  const { job, move, steps } = aJob({ phones: [ONE, TWO, THREE] })
  move(ONE, 'confirmed')
  move(TWO, 'stalled')
  t.equal(job.rollout.state, 'running')
  move(THREE, 'confirmed', 9_000)
  t.match(job.rollout, { state: 'finished', reason: null, updatedAtMs: 9_000 })
  const [end] = steps.filter((step) => step.kind === 'note').slice(-1)
  t.match(end, { event: { event: 'rollout.finished', confirmed: 2, failed: 1, absent: 0 } })
  move(TWO, 'running')
  move(TWO, 'confirmed')
  t.match(job.rollout.phones[1], { state: 'confirmed', reason: null }, 'a stalled one may go on')
  t.equal(job.rollout.state, 'finished')
  t.same(job.onConversion('020000000099' as Mac, undefined, 9_000), [], 'a stranger')
})

t.test('it stops when so many have failed; those under way go on to their end', async (t) => {
  const { job, move, states, steps } = aJob({ waveSize: 3 })
  move(ONE, 'confirmed')
  move(TWO, 'stalled')
  t.equal(states()[FOUR], 'waiting')
  move(THREE, 'stalled')
  t.match(job.rollout, { state: 'stopped', reason: '2 phones have failed, and it stops after 2' })
  t.same(Object.values(states()).slice(3), ['waiting', 'waiting', 'skipped'])
  t.same(cancelledBy(steps), [])
  t.same(startedBy(move(FOUR, 'confirmed')), [])
  t.equal(states()[FOUR], 'confirmed')
})

t.test('where the setting says so, those under way are cancelled as it stops', async (t) => {
  const { job, move, states } = aJob({ onStop: 'cancel', stopAfter: 1 })
  move(ONE, 'confirmed')
  const end = move(TWO, 'stalled')
  t.equal(job.rollout.reason, '1 phone has failed, and it stops after 1')
  t.same(cancelledBy(end), [TWO, THREE])
  move(THREE, 'cancelled')
  t.equal(states()[THREE], 'cancelled')
})

t.test('a failed phone leaves its place to the next', async (t) => {
  const { move } = aJob({ stopAfter: 6 })
  move(ONE, 'confirmed')
  t.same(startedBy(move(TWO, 'stalled')), [FOUR])
})

t.test('a canary that does not make it stops the roll-out, whatever is allowed', async (t) => {
  for (const state of ['stalled', 'cancelled'] as const) {
    const { job, move } = aJob({ stopAfter: 6 })
    move(ONE, state)
    t.equal(job.rollout.state, 'stopped', state)
    t.match(job.rollout.reason, `canary ${ONE} is ${state}: `, state)
  }
})

t.test('a canary that has stalled for no known reason is named all the same', async (t) => {
  const { job, take } = aJob()
  take(job.onConversion(ONE, { ...conversionIn(ONE, 'stalled'), diagnosis: null }, 2_000))
  t.equal(job.rollout.reason, `canary ${ONE} is stalled`)
})

t.test('paused, no further phone begins; resumed, the wave is filled up', async (t) => {
  const { job, move, take, states } = aJob()
  move(ONE, 'confirmed')
  t.same(notedBy(take(job.pause(3_000))), ['rollout.paused'])
  t.same(job.pause(3_000), [])
  t.same(startedBy(move(TWO, 'confirmed')), [])
  t.equal(states()[THREE], 'waiting', 'what is under way is left alone')
  const resumed = take(job.resume(4_000))
  t.same(startedBy(resumed), [FOUR])
  t.same(notedBy(resumed).slice(0, 1), ['rollout.resumed'])
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
  t.same(job.onStarted(TWO, 'not-enrolled', 2_000), [], 'its turn has not come')
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
