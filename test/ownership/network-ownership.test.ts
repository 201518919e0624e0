import fc from 'fast-check'
import t from 'tap'
import { NetworkOwnership, type OwnershipEffect } from '../../src/ownership/network-ownership.ts'
import type { OwnershipRecord } from '../../src/ownership/ownership-record.ts'
import {
  beatEveryMs,
  connectWithinMs,
  marginMs,
  pollEveryMs,
} from '../../src/ownership/ownership-timing.ts'
import { type Fault, OwnershipModel } from './ownership-model.ts'

const TIMING = { takeoverAfterMs: 8000, repeatForMs: 20_000 }
const OTHERS: OwnershipRecord = {
  owner: 'sw-b',
  token: 'theirs',
  beat: 7,
  isUnclean: false,
  wanted: null,
}
const OURS: OwnershipRecord = { ...OTHERS, owner: 'sw-a', token: 'ours', beat: 0 }
const FIT = ['sw-a', 'sw-b']

function kindsOf(effects: readonly OwnershipEffect[]): string[] {
  return effects.map((effect) => (effect.kind === 'event' ? effect.event.name : effect.kind))
}

/** An owner with full authority, taken at 0. */
function anOwner(record = OURS): NetworkOwnership {
  const machine = new NetworkOwnership('sw-a', TIMING, 0)
  machine.onWake(0)
  machine.onLook({ record: null, fit: FIT }, 0)
  machine.onTaken(record, 0)
  machine.onLoaded(true, 0)
  machine.onBeat({ record, fit: FIT }, 0)
  return machine
}

t.test('a network without an owner is taken at once, and served once it is loaded', async (t) => {
  const machine = new NetworkOwnership('sw-a', TIMING, 0)
  t.notOk(machine.isAsking)
  t.same(kindsOf(machine.onWake(0)), ['look'])
  t.ok(machine.isAsking)
  t.same(kindsOf(machine.onLook({ record: null, fit: FIT }, 10)), ['take'])
  t.same(kindsOf(machine.onTaken(OURS, 20)), ['network.owned', 'load', 'beat'])
  t.equal(machine.authority(20), 'none')
  t.same(machine.onLoaded(true, 30), [])
  t.equal(machine.authority(30), 'full')
  t.equal(machine.owner, 'sw-a')
  t.equal(machine.token, 'ours')
})

t.test('what cannot be loaded is not served, and is read again', async (t) => {
  const machine = new NetworkOwnership('sw-a', TIMING, 0)
  machine.onWake(0)
  machine.onLook({ record: null, fit: FIT }, 0)
  machine.onTaken(OURS, 0)
  machine.onLoaded(false, 10)
  machine.onBeat({ record: OURS, fit: FIT }, 20)
  t.equal(machine.authority(20), 'none')
  t.equal(machine.wakeAtMs, 70)
  t.same(kindsOf(machine.onWake(70)), ['load', 'beat'])
  t.same(machine.onLoaded(true, 1600), [])
  t.same(machine.onLoaded(true, 1600), [], 'an answer that nobody waits for')
  t.equal(machine.authority(1600), 'full')
})

t.test('a follower takes over when the beat has stood still for its time', async (t) => {
  const machine = new NetworkOwnership('sw-a', TIMING, 0)
  let nowMs = 0
  for (const beat of [1, 2, 3, 3, 3, 3, 3, 3, 3, 3]) {
    t.same(kindsOf(machine.onWake(nowMs)), ['look'])
    t.same(machine.onLook({ record: { ...OTHERS, beat }, fit: FIT }, nowMs), [], `${beat}`)
    t.equal(machine.owner, 'sw-b')
    nowMs = machine.wakeAtMs
  }
  machine.onWake(nowMs)
  t.same(kindsOf(machine.onLook({ record: { ...OTHERS, beat: 3 }, fit: FIT }, nowMs)), ['take'])
  t.equal(nowMs, 2 * pollEveryMs(TIMING) + TIMING.takeoverAfterMs)
})

/** What a follower that saw the beat 7 at 0 does with one that it sees again at `nowMs`. */
function lookAgain(machine: NetworkOwnership, nowMs: number): string[] {
  machine.onWake(nowMs)
  return kindsOf(machine.onLook({ record: OTHERS, fit: FIT }, nowMs))
}

t.test('a follower that could not look has not seen the beat stand still', async (t) => {
  const machine = new NetworkOwnership('sw-a', TIMING, 0)
  t.same(lookAgain(machine, 0), [])
  machine.onWake(1000)
  t.same(machine.onLook(null, 9000), [], 'the database did not answer')
  t.equal(machine.owner, 'sw-b', 'as far as it is known')
  for (let nowMs = 10_000; nowMs < 18_000; nowMs += 1000) t.same(lookAgain(machine, nowMs), [])
  t.same(lookAgain(machine, 18_000), ['take'])
})

t.test('a follower that was frozen has not seen the beat stand still', async (t) => {
  const machine = new NetworkOwnership('sw-a', TIMING, 0)
  t.same(lookAgain(machine, 0), [])
  t.same(lookAgain(machine, 4000), [], 'half of the time: that is a look as any other')
  t.same(lookAgain(machine, 9000), [], 'more than half: it starts again')
  t.same(lookAgain(machine, 13_000), [])
  t.same(lookAgain(machine, 17_000), ['take'])
})

t.test('who was faster is followed', async (t) => {
  for (const answer of [null, 'failed'] as const) {
    const machine = new NetworkOwnership('sw-a', TIMING, 0)
    machine.onWake(0)
    machine.onLook({ record: null, fit: FIT }, 0)
    t.same(machine.onTaken(answer, 10), [])
    t.equal(machine.authority(10), 'none')
    t.equal(machine.token, null)
    t.same(kindsOf(machine.onWake(machine.wakeAtMs)), ['look'])
  }
})

t.test('an owner loses its authority by time alone, in two stages', async (t) => {
  const machine = anOwner()
  const sureMs = TIMING.takeoverAfterMs - marginMs(TIMING)
  t.equal(machine.authority(sureMs - 1), 'full')
  t.equal(machine.authority(sureMs), 'repeat')
  t.equal(machine.authority(TIMING.repeatForMs), 'none')
  t.same(kindsOf(machine.onWake(sureMs)), ['network.blind', 'beat'])
  t.same(machine.onWake(sureMs + 1), [], 'one request at a time')
  t.same(kindsOf(machine.onBeat('failed', TIMING.repeatForMs)), ['network.silent'])
  machine.onWake(TIMING.repeatForMs + 100)
  const back = machine.onBeat({ record: OURS, fit: FIT }, TIMING.repeatForMs + 200)
  t.same(kindsOf(back), ['network.sure'])
  t.equal(machine.authority(TIMING.repeatForMs + 200), 'full')
})

t.test('a beat is confirmed as of when it was sent', async (t) => {
  const machine = anOwner()
  machine.onWake(1500)
  machine.onBeat({ record: OURS, fit: FIT }, 6000)
  t.equal(machine.authority(1500 + 7499), 'full')
  t.equal(machine.authority(1500 + 7500), 'repeat')
})

t.test('an owner whose token is gone forgets the network', async (t) => {
  for (const answer of [null, { record: null, fit: FIT }]) {
    const machine = anOwner()
    machine.onWake(1500)
    t.same(kindsOf(machine.onBeat(answer, 1510)), ['drop', 'network.lost'])
    t.equal(machine.authority(1510), 'none')
    t.same(kindsOf(machine.onWake(1510)), ['look'])
  }
})

t.test('the unclean time ends after the owner has been one for so long', async (t) => {
  const machine = anOwner({ ...OURS, isUnclean: true })
  t.ok(machine.isUnclean)
  t.match(machine.onWake(1500), [{ kind: 'beat', clear: false }])
  machine.onBeat({ record: { ...OURS, isUnclean: true }, fit: FIT }, 1500)
  t.match(machine.onWake(TIMING.repeatForMs), [{}, { kind: 'beat', clear: true }])
  machine.onBeat({ record: OURS, fit: FIT }, TIMING.repeatForMs)
  t.notOk(machine.isUnclean)
})

t.test('a clean stop answers no more, lets writes end, and gives the network up', async (t) => {
  const machine = anOwner()
  t.same(kindsOf(machine.stop(100)), ['drain'])
  t.equal(machine.authority(100), 'none')
  t.notOk(machine.isOver)
  t.match(machine.onDrained(200), [{ kind: 'release', token: 'ours', to: null }])
  t.match(machine.onReleased(210), [{ kind: 'drop' }, { event: { name: 'network.given-up' } }])
  t.ok(machine.isOver)
  t.equal(machine.wakeAtMs, Number.POSITIVE_INFINITY)
  t.same(machine.onWake(1e9), [])
  t.equal(machine.owner, null)
})

t.test('a stop waits for the beat that is under way', async (t) => {
  const machine = anOwner()
  machine.onWake(1500)
  machine.stop(1510)
  t.same(machine.onBeat({ record: OURS, fit: FIT }, 1515), [], 'not drained yet')
  const late = anOwner()
  late.onWake(1500)
  late.stop(1510)
  t.same(late.onDrained(1512), [], 'the beat is still under way')
  t.same(kindsOf(late.onBeat('failed', 1515)), ['release'])
  t.same(kindsOf(machine.onDrained(1520)), ['release'])
})

t.test('a follower stops without a word, also while it takes', async (t) => {
  const machine = new NetworkOwnership('sw-a', TIMING, 0)
  machine.onWake(0)
  machine.onLook({ record: null, fit: FIT }, 0)
  t.same(machine.stop(5), [])
  t.match(machine.onTaken(OURS, 10), [{ kind: 'release', token: 'ours', to: null }])
  t.same(machine.onReleased(20), [])
  const slower = new NetworkOwnership('sw-a', TIMING, 0)
  slower.onWake(0)
  slower.onLook({ record: null, fit: FIT }, 0)
  slower.stop(5)
  t.same(slower.onTaken(null, 10), [])
  t.same(slower.stop(20), [], 'twice is once')
  t.same(slower.onDrained(20), [])
  t.same(slower.onLook({ record: null, fit: FIT }, 20), [])
})

t.test('an operator hands the network over', async (t) => {
  const machine = anOwner()
  machine.onWake(1500)
  t.same(kindsOf(machine.onBeat({ record: { ...OURS, wanted: 'sw-a' }, fit: FIT }, 1510)), [])
  machine.onWake(3000)
  t.same(kindsOf(machine.onBeat({ record: { ...OURS, wanted: 'sw-b' }, fit: FIT }, 3010)), [
    'drain',
  ])
  t.match(machine.onDrained(3020), [{ kind: 'release', to: 'sw-b' }])
  t.match(machine.onReleased(3030), [{}, { event: { to: 'sw-b' } }])
  const offered = { ...OURS, owner: null, wanted: 'sw-b' }
  machine.onWake(3030)
  t.same(machine.onLook({ record: offered, fit: FIT }, 3030), [], 'it is for the other')
  machine.onWake(7030)
  t.same(machine.onLook({ record: offered, fit: FIT }, 7030), [])
  machine.onWake(11_030)
  t.same(
    kindsOf(machine.onLook({ record: offered, fit: FIT }, 11_030)),
    ['take'],
    'who does not come',
  )
  const other = new NetworkOwnership('sw-b', TIMING, 0)
  other.onWake(0)
  t.same(kindsOf(other.onLook({ record: offered, fit: FIT }, 10)), ['take'])
})

t.test('who cannot serve takes nothing, and gives up what another can serve', async (t) => {
  const machine = new NetworkOwnership('sw-a', TIMING, 0)
  machine.setFit(false, 0)
  machine.onWake(0)
  t.same(machine.onLook({ record: null, fit: FIT }, 0), [])
  const owner = anOwner()
  owner.setFit(false, 1000)
  owner.setFit(false, 1200)
  owner.onWake(1500)
  t.same(owner.onBeat({ record: OURS, fit: FIT }, 1500), [], 'links flap')
  owner.onWake(3000)
  t.same(owner.onBeat({ record: OURS, fit: ['sw-a'] }, 3000), [], 'nobody else can')
  owner.onWake(4500)
  t.same(kindsOf(owner.onBeat({ record: OURS, fit: FIT }, 4500)), ['drain'])
  const well = anOwner()
  well.setFit(false, 0)
  well.setFit(true, 100)
  well.onWake(5000)
  t.same(well.onBeat({ record: OURS, fit: FIT }, 5000), [])
})

t.test('late answers find another state and change nothing', async (t) => {
  const machine = anOwner()
  t.same(machine.onLook({ record: OTHERS, fit: FIT }, 10), [])
  t.same(machine.onReleased(10), [])
  t.same(machine.onDrained(10), [])
  t.match(machine.onTaken(OURS, 10), [{ kind: 'release' }])
  const follower = new NetworkOwnership('sw-a', TIMING, 0)
  t.same(follower.onBeat({ record: OURS, fit: FIT }, 10), [])
  t.equal(follower.owner, null)
  t.notOk(follower.isUnclean)
  t.match(follower.onTaken(OURS, 10), [{ event: { name: 'network.owned', from: null } }, {}, {}])
})

t.test('a leaving owner is woken and asks nothing', async (t) => {
  const machine = anOwner()
  machine.stop(10)
  t.same(machine.onWake(5000), [])
})

t.test('the times fit into the shortest takeover', async (t) => {
  const shortest = { takeoverAfterMs: 2000, repeatForMs: 20_000 }
  t.equal(beatEveryMs(shortest), 400)
  t.equal(pollEveryMs(shortest), 400)
  t.equal(marginMs(shortest), 200)
  t.equal(beatEveryMs(TIMING), 1500)
  t.equal(marginMs(TIMING), 500)
  t.equal(connectWithinMs(TIMING, 1), 2000)
  t.equal(connectWithinMs(TIMING, 2), 1000)
  t.equal(connectWithinMs(shortest, 2), 500, 'a handshake takes its time')
  t.equal(connectWithinMs({ ...TIMING, takeoverAfterMs: 60_000 }, 1), 3000)
})

const fault = fc.record({
  kind: fc.constantFrom('cut', 'frozen', 'slow', 'deaf'),
  appliance: fc.nat(2),
  fromMs: fc.integer({ min: 0, max: 60_000 }),
  untilMs: fc.integer({ min: 500, max: 30_000 }),
})

/** Faults of any kind at any time: never two owners, and one again soon after the last fault. */
t.test('never two owners, whatever is cut, frozen, slow or lost', async (t) => {
  const rate = fc.integer({ min: 980, max: 1020 }).map((thousandths) => thousandths / 1000)
  const world = fc.record({
    rates: fc.array(rate, { minLength: 2, maxLength: 3 }),
    faults: fc.array(fault, { maxLength: 6 }),
    seed: fc.integer({ min: 1, max: 1_000_000 }),
    handOverAtMs: fc.option(fc.integer({ min: 0, max: 50_000 })),
  })
  fc.assert(
    fc.property(world, ({ rates, faults, seed, handOverAtMs }) => {
      const lasting = faults.map((each) => ({ ...each, untilMs: each.fromMs + each.untilMs }))
      const model = new OwnershipModel(rates, lasting as Fault[], TIMING, randomOf(seed))
      if (handOverAtMs !== null) {
        model.run(handOverAtMs)
        model.want(1)
      }
      const quietMs = Math.max(0, ...lasting.map(({ untilMs }) => untilMs))
      model.run(Math.max(quietMs, handOverAtMs ?? 0) + 30_000)
      t.ok(model.nowMs - model.lastFullMs < 3000, 'somebody serves again')
      return model.breaches.length === 0
    }),
    { numRuns: 300 },
  )
})

t.test('the owner of before stays it when the database was away for all', async () => {
  const world = fc.record({
    rates: fc.array(fc.constantFrom(0.98, 1, 1.02), { minLength: 2, maxLength: 3 }),
    awayForMs: fc.integer({ min: 500, max: 40_000 }),
    takeoverAfterMs: fc.constantFrom(3000, 8000),
    seed: fc.integer({ min: 1, max: 1_000_000 }),
  })
  fc.assert(
    fc.property(world, ({ rates, awayForMs, takeoverAfterMs, seed }) => {
      const away = { kind: 'cut', fromMs: 5000, untilMs: 5000 + awayForMs } as const
      const faults = rates.map((_, appliance) => ({ ...away, appliance }))
      const model = new OwnershipModel(
        rates,
        faults,
        { ...TIMING, takeoverAfterMs },
        randomOf(seed),
      )
      model.run(5000)
      const before = model.record?.token
      model.run(away.untilMs + 20_000)
      return before !== undefined && model.record?.token === before
    }),
    { numRuns: 300 },
  )
})

t.test('after a clean stop the other serves as soon as it has looked and loaded', async (t) => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const model = new OwnershipModel([1, 1], [], TIMING, randomOf(seed))
    model.run(5000)
    const index = model.nodes.findIndex(({ machine }) => machine.token !== null)
    t.ok(index >= 0)
    model.stop(index)
    const stoppedAtMs = model.nowMs
    model.run(stoppedAtMs + 3500)
    t.same(model.breaches, [])
    t.ok(model.lastFullMs > stoppedAtMs + 3400)
  }
})

/** A generator of numbers between 0 and 1 that a seed determines (Park and Miller, 1988). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

t.test('a hint is followed at once, by a follower and by an owner', async (t) => {
  const follower = new NetworkOwnership('sw-a', TIMING, 0)
  follower.onWake(0)
  follower.onHint(5)
  follower.onLook({ record: OTHERS, fit: FIT }, 10)
  t.equal(follower.wakeAtMs, 10, 'what was looked at may be older than the hint')
  t.same(kindsOf(follower.onWake(10)), ['look'])
  follower.onLook({ record: OTHERS, fit: FIT }, 20)
  t.equal(follower.wakeAtMs, 20 + pollEveryMs(TIMING))
  follower.onHint(30)
  t.same(kindsOf(follower.onWake(30)), ['look'])
  t.same(kindsOf(follower.onLook({ record: { ...OTHERS, owner: null }, fit: FIT }, 40)), ['take'])
  const owner = anOwner()
  owner.onHint(30)
  t.same(kindsOf(owner.onWake(30)), ['beat'])
  owner.onHint(35)
  t.same(owner.onBeat({ record: OURS, fit: FIT }, 37), [])
  t.equal(owner.wakeAtMs, 37, 'what the beat has seen may be older than the hint')
  t.same(kindsOf(owner.onWake(37)), ['beat'])
  t.same(owner.onBeat({ record: OURS, fit: FIT }, 38), [])
  t.equal(owner.wakeAtMs, 37 + beatEveryMs(TIMING), 'once')
  owner.stop(40)
  owner.onHint(50)
  t.not(owner.wakeAtMs, 50, 'who leaves is not disturbed')
})

t.test('a refused write ends the ownership at once', async (t) => {
  const owner = anOwner()
  t.same(kindsOf(owner.onRefused(100)), ['drop', 'network.lost'])
  t.equal(owner.authority(100), 'none')
  t.equal(owner.token, null)
  t.same(owner.onRefused(101), [], 'once')
  t.same(kindsOf(owner.onWake(100)), ['look'])
})

t.test('a network that is configured otherwise here is not taken from its owner', async (t) => {
  const machine = new NetworkOwnership('sw-a', TIMING, 0)
  const see = (record: OwnershipRecord, nowMs: number) => {
    machine.onWake(nowMs)
    return kindsOf(machine.onLook({ record, fit: FIT, differs: true }, nowMs))
  }
  t.equal(machine.differsFrom, null)
  t.same(see(OTHERS, 0), [])
  t.equal(machine.differsFrom, 'sw-b')
  t.same(see(OTHERS, 20_000), [])
  t.same(see({ ...OTHERS, owner: null }, 40_000), ['take'], 'given up, it is')
  machine.onTaken(null, 40_001)
  t.same(see({ ...OTHERS, owner: 'sw-a' }, 50_000), [])
  t.same(see({ ...OTHERS, owner: 'sw-a' }, 54_000), [])
  t.same(see({ ...OTHERS, owner: 'sw-a' }, 58_000), ['take'], 'and its own from before a restart')
  machine.onTaken(OURS, 58_001)
  t.equal(machine.differsFrom, null)
  const first = new NetworkOwnership('sw-a', TIMING, 0)
  first.onWake(0)
  t.same(kindsOf(first.onLook({ record: null, fit: FIT, differs: true }, 0)), ['take'])
  t.equal(first.differsFrom, null)
})
