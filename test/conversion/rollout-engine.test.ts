import t from 'tap'
import { ConversionEngine } from '../../src/conversion/conversion-engine.ts'
import { type Rollout, type RolloutRequest, rolloutOf } from '../../src/conversion/rollout.ts'
import { MAX_ROLLOUTS, RolloutEngine } from '../../src/conversion/rollout-engine.ts'
import type { RolloutEffect } from '../../src/conversion/rollout-events.ts'
import type { StoredFirmware } from '../../src/inventory/firmware.ts'
import type { Phone } from '../../src/inventory/phone.ts'
import type { Mac } from '../../src/net/mac.ts'
import { seenLoad } from '../../src/phones/seen-software.ts'
import { aConversion, aPhone, aRolloutRequest, aStep } from '../support/conversion-builders.ts'

const [FROM, TO, UAL] = ['P00305000300', 'P0S3-06-3-00', 'P0S3-8-12-00']
const MACS = Array.from({ length: 5 }, (_, index) => `02000000000${index + 1}` as Mac)
const [ONE, TWO, THREE] = MACS as [Mac, Mac, Mac]
const UNKNOWN_DEVICE = '020000000099' as Mac

function aFirmware(load: string): StoredFirmware {
  return { load, loader: null, protocol: 'sip', files: [], addedAtMs: 0 }
}

function aRequest(change: Partial<RolloutRequest> = {}): RolloutRequest {
  return aRolloutRequest({ phones: MACS, to: TO, from: FROM, waveSize: 2, stopAfter: 2, ...change })
}

/** Roll-outs over real conversions of five enrolled phones. */
function anEngine(enrolled: readonly Mac[] = MACS) {
  const phones = new Map(enrolled.map((mac) => [mac, aPhone({ mac })]))
  const available = new Map([TO, FROM].map((load) => [load, aFirmware(load)]))
  const conversions = new ConversionEngine(
    { firmware: (load) => available.get(load), firmwareLoads: () => [...available.keys()] },
    () => undefined,
  )
  const effects: RolloutEffect[] = []
  const phone = (mac: Mac) => phones.get(mac)
  const emit = (more: readonly RolloutEffect[]) => void effects.push(...more)
  const engine = new RolloutEngine({ conversions, phone, emit })
  const states = (id: string) => engine.get(id)?.phones.map(({ state }) => state)
  return { engine, conversions, phones, available, effects, states }
}

t.test('a roll-out begins the conversions of its first wave', async (t) => {
  const { engine, conversions, effects } = anEngine()
  t.match(engine.start('one', aRequest(), 1_000), { kind: 'started', rollout: { id: 'one' } })
  t.same(
    conversions.conversions().map(({ mac }) => mac),
    [ONE, TWO],
  )
  t.same(
    effects.map((effect) => (effect.kind === 'event' ? effect.event.event : effect.kind)),
    ['rollout-changed', 'rollout.started', 'rollout.phone.changed', 'rollout.phone.changed'],
  )
  t.equal(engine.list()[0], engine.get('one'))
})

t.test('the same again changes nothing, another one of that id is a conflict', async (t) => {
  const { engine } = anEngine()
  engine.start('one', aRequest(), 1_000)
  t.match(engine.start('one', aRequest(), 9_000), {
    kind: 'unchanged',
    rollout: { startedAtMs: 1_000 },
  })
  t.match(engine.start('one', aRequest({ waveSize: 3 }), 9_000), { kind: 'conflict' })
  t.match(engine.start('one', aRequest({ phones: [ONE] }), 9_000), { kind: 'conflict' })
})

t.test('everything that is against it is said phone by phone, and nothing begins', async (t) => {
  const { engine, conversions, effects } = anEngine()
  engine.start('earlier', aRequest({ phones: [ONE] }), 1_000)
  const elsewhere = 'P0S3-05-3-00'
  conversions.restore([
    aConversion({ mac: TWO, to: elsewhere, steps: [aStep({ load: elsewhere })] }),
  ])
  const before = effects.length
  const request = aRequest({ phones: [ONE, TWO, UNKNOWN_DEVICE, THREE, THREE], canaries: 6 })
  const outcome = engine.start('late', request, 2_000)
  t.match(outcome.kind === 'refused' && outcome.problems, [
    { path: '/canaries', message: '6 canaries of 5 phones' },
    { path: '/phones/0', message: /part of roll-out earlier/ },
    { path: '/phones/1', message: /is on its way to P0S3-05-3-00 \(waiting\)/ },
    { path: '/phones/2', message: /is not enrolled; PUT \/v1\/phones\/020000000099 first/ },
    { path: '/phones/4', message: /named twice/ },
  ])
  t.equal(effects.length, before)
  t.equal(conversions.conversion(THREE), undefined)
})

t.test('a plan that is refused is said for each phone', async (t) => {
  const { engine, available } = anEngine()
  const cases = [
    { request: aRequest({ to: UAL }), said: /not available.*firmware-missing.*POST/ },
    {
      request: aRequest({ acceptOneWay: false, from: 'P0S3-04-4-00' }),
      said: /one-way.*acceptOneWay/,
    },
    { request: aRequest({ to: 'P0S3-6-3-00' }), said: /to-not-a-load.*Did you mean/ },
  ]
  available.set('P0S3-05-3-00', aFirmware('P0S3-05-3-00'))
  for (const { request, said } of cases) {
    const outcome = engine.start('one', request, 1_000)
    t.equal(outcome.kind, 'refused')
    t.equal(outcome.kind === 'refused' && outcome.problems.length, MACS.length)
    t.match(outcome.kind === 'refused' && outcome.problems[4], { path: '/phones/4', message: said })
  }
})

t.test('where no load is named, each phone must have shown its own', async (t) => {
  const { engine } = anEngine()
  const outcome = engine.start('one', aRequest({ from: null }), 1_000)
  t.match(outcome.kind === 'refused' && outcome.problems[0], { message: /from-unknown/ })
})

t.test('a phone that runs the target already, as a conversion has shown, is done', async (t) => {
  const { engine, conversions, states } = anEngine()
  conversions.restore([aConversion({ mac: ONE, from: FROM, to: TO, state: 'confirmed', step: 1 })])
  engine.start('one', aRequest({ waveSize: 1 }), 1_000)
  t.same(states('one')?.slice(0, 3), ['confirmed', 'waiting', 'pending'])
})

t.test('a phone that runs the target already is no canary, whatever is said of all', async (t) => {
  const { engine, conversions, states } = anEngine()
  const byHand = { from: null, to: TO, state: 'confirmed', step: 1 } as const
  conversions.restore([aConversion({ mac: ONE, ...byHand }), aConversion({ mac: TWO, ...byHand })])
  engine.start('one', aRequest({ canaries: 1, waveSize: 9 }), 1_000)
  t.same(states('one'), ['confirmed', 'confirmed', 'waiting', 'pending', 'pending'])
  t.equal(conversions.conversion(ONE)?.state, 'confirmed', 'and is not begun again')
})

t.test(
  'a phone that was seen to run another load than from is named, and nothing begins',
  async (t) => {
    const { engine, conversions } = anEngine()
    conversions.onSeen(TWO, seenLoad('P0S3-04-3-00', 'web-page', 1))
    const outcome = engine.start('one', aRequest(), 2_000)
    t.match(outcome.kind === 'refused' && outcome.problems, [
      { path: '/phones/1', message: /seen to run P0S3-04-3-00 \(web-page\).*from-contradicted/ },
    ])
    conversions.onSeen(TWO, seenLoad(TO, 'web-page', 3))
    t.equal(
      engine.start('one', aRequest(), 4_000).kind,
      'started',
      'one that is there has no way to go',
    )
  },
)

t.test('a stall counts after 60 s of phone time', async (t) => {
  const { conversions, phones, effects } = anEngine()
  const engine = new RolloutEngine({
    conversions,
    phone: (mac) => phones.get(mac),
    emit: (more) => void effects.push(...more),
    time: { speed: 10 },
  })
  engine.start('one', aRequest({ canaries: 1, waveSize: 1 }), 1_000)
  const stalled = aConversion({ mac: ONE, from: FROM, to: TO, state: 'stalled' })
  conversions.restore([stalled])
  engine.onConversion(ONE, 2_000)
  t.same(effects.at(-1), { kind: 'wake', atMs: 8_000 })
  engine.onWake(8_000)
  t.equal(engine.get('one')?.state, 'stopped')
})

t.test('pause, resume and stop are idempotent; what has ended stays so', async (t) => {
  const { engine } = anEngine()
  const change = (state: 'running' | 'paused' | 'stopped') =>
    engine.change('one', { state, onStop: null }, 2_000)
  t.same(change('paused'), { kind: 'not-found' })
  engine.start('one', aRequest(), 1_000)
  t.match(change('running'), { kind: 'unchanged' })
  t.match(change('paused'), { kind: 'changed', rollout: { state: 'paused' } })
  t.match(change('paused'), { kind: 'unchanged' })
  t.match(change('running'), { kind: 'changed', rollout: { state: 'running' } })
  t.match(change('stopped'), { kind: 'changed', rollout: { state: 'stopped' } })
  t.match(change('stopped'), { kind: 'unchanged' })
  t.match(change('running'), { kind: 'over' })
})

t.test('stopped with cancel, the conversions under way are cancelled', async (t) => {
  const { engine, conversions, states } = anEngine()
  engine.start('one', aRequest(), 1_000)
  engine.change('one', { state: 'stopped', onStop: 'cancel' }, 2_000)
  t.equal(conversions.conversion(ONE)?.state, 'cancelled')
  for (const mac of [ONE, TWO]) engine.onConversion(mac, 2_000)
  t.same(states('one'), ['cancelled', 'cancelled', 'skipped', 'skipped', 'skipped'])
})

t.test('phones of an ended roll-out can be part of another, but not those under way', async (t) => {
  const { engine, conversions } = anEngine()
  engine.start('one', aRequest(), 1_000)
  engine.change('one', { state: 'stopped', onStop: 'finish' }, 2_000)
  t.match(engine.start('two', aRequest(), 3_000), {
    kind: 'refused',
    problems: [{ path: '/phones/0' }, { path: '/phones/1' }],
  })
  for (const mac of [ONE, TWO]) {
    conversions.cancel(mac, 4_000)
    engine.onConversion(mac, 4_000)
  }
  t.match(engine.start('two', aRequest(), 5_000), { kind: 'started' })
  t.match(engine.start('three', aRequest({ phones: [THREE] }), 5_000), {
    kind: 'refused',
    problems: [{ message: /part of roll-out two/ }],
  })
})

t.test('the list is bounded, and what has ended can be taken off it', async (t) => {
  const { engine, effects } = anEngine()
  t.same(engine.delete('one'), { kind: 'not-found' })
  engine.start('one', aRequest({ phones: [ONE] }), 1_000)
  t.same(engine.delete('one'), { kind: 'running' })
  const ended = Array.from({ length: MAX_ROLLOUTS - 1 }, (_, index) => ({
    ...rolloutOf(`ended-${index}`, aRequest({ phones: [TWO] }), 0),
    state: 'stopped' as const,
  }))
  engine.restore(ended, 1_000)
  t.match(engine.start('more', aRequest({ phones: [THREE] }), 2_000), {
    kind: 'refused',
    problems: [{ path: '', message: /500 roll-outs are kept already/ }],
  })
  t.same(engine.delete('ended-7'), { kind: 'deleted' })
  t.match(effects.slice(-2), [
    { kind: 'rollout-deleted', id: 'ended-7' },
    { kind: 'event', event: { event: 'rollout.deleted', rollout: 'ended-7' } },
  ])
  t.match(engine.start('more', aRequest({ phones: [THREE] }), 2_000), { kind: 'started' })
  t.match(engine.delete('ended-498'), { kind: 'deleted' }, 'of a phone that it was the last of')
  engine.onConversion(TWO, 3_000)
})

t.test('time that a phone has to show itself is asked for and kept', async (t) => {
  const { engine, conversions, effects, states } = anEngine()
  engine.start('one', aRequest({ appearWithinMs: 60_000, stopAfter: 9 }), 1_000)
  t.same(effects.at(-1), { kind: 'wake', atMs: 61_000 })
  engine.onWake(30_000)
  t.same(effects.at(-1), { kind: 'wake', atMs: 61_000 })
  engine.onWake(61_000)
  t.same(states('one')?.slice(0, 4), ['absent', 'absent', 'waiting', 'waiting'])
  t.equal(conversions.conversion(ONE)?.state, 'cancelled')
  t.same(effects.at(-1), { kind: 'wake', atMs: 121_000 })
})

t.test(
  'a phone that is gone when its turn comes is refused, and the next one begins',
  async (t) => {
    const { engine, conversions, phones, states } = anEngine()
    engine.start('one', aRequest({ waveSize: 1, stopAfter: 9 }), 1_000)
    phones.delete(TWO)
    conversions.cancel(ONE, 2_000)
    engine.onConversion(ONE, 2_000)
    t.same(states('one'), ['cancelled', 'refused', 'waiting', 'pending', 'pending'])
    phones.delete(MACS[3] as Mac)
    engine.onConversion(MACS[3] as Mac, 2_000)
    t.equal(states('one')?.[3], 'cancelled')
    engine.onConversion(MACS[4] as Mac, 2_000)
    t.equal(states('one')?.[4], 'pending', 'no conversion yet, and still enrolled')
    engine.onConversion(UNKNOWN_DEVICE, 2_000)
  },
)

t.test('after a restart each phone belongs to its latest roll-out', async (t) => {
  const before = anEngine()
  before.engine.start('one', aRequest({ phones: [ONE] }), 1_000)
  const one = before.engine.get('one')
  const ended = {
    ...rolloutOf('older', aRequest({ phones: [ONE] }), 500),
    state: 'stopped' as const,
  }
  const { engine, conversions, states } = anEngine()
  if (one !== undefined) engine.restore([one, ended], 2_000)
  t.match(conversions.conversion(ONE), { to: TO }, 'its start had been lost')
  conversions.cancel(ONE, 3_000)
  engine.onConversion(ONE, 3_000)
  t.same(states('one'), ['cancelled'])
  t.same(states('older'), ['pending'])
})

t.test('a roll-out holds every load that phones whose turn has not come go over', async (t) => {
  const { engine, conversions, phones, available } = anEngine()
  const between = 'P0S3-07-4-00'
  for (const load of [between, UAL]) available.set(load, aFirmware(load))
  engine.start('one', aRequest({ to: UAL, waveSize: 1 }), 1_000)
  t.same(engine.rolloutsNeeding(UAL), ['one'])
  t.same(engine.rolloutsNeeding(between), ['one'], 'a step on the path')
  t.same(engine.rolloutsNeeding(FROM), [])
  conversions.start(phones.get(TWO) as Phone, { to: TO, acceptOneWay: true }, 1_000)
  t.same(conversions.loadsOnTheWay(phones.get(TWO) as Phone, { to: UAL }), [], 'busy elsewhere')
  conversions.cancel(TWO, 1_000)
  for (const mac of MACS.slice(1)) phones.delete(mac)
  t.same(engine.rolloutsNeeding(between), [], 'a phone that is gone goes nowhere')
  engine.change('one', { state: 'stopped', onStop: null }, 2_000)
  t.same(engine.rolloutsNeeding(UAL), [], 'one that has ended holds nothing')
})

t.test('a roll-out whose phones are all under way holds nothing itself', async (t) => {
  const { engine } = anEngine()
  engine.start('one', aRequest({ waveSize: 5 }), 1_000)
  t.same(engine.rolloutsNeeding(TO), [])
})

t.test('a roll-out of another appliance is shown, and goes on there alone', async (t) => {
  const origin = anEngine()
  origin.engine.start('one', aRequest(), 1_000)
  const stored = origin.engine.list()[0] as Rollout
  const ours = new Set<string>()
  const { conversions, phones } = anEngine()
  const effects: RolloutEffect[] = []
  const engine = new RolloutEngine({
    conversions,
    phone: (mac) => phones.get(mac),
    emit: (more) => void effects.push(...more),
    drives: (id) => ours.has(id),
  })
  engine.restore([stored], 2_000)
  t.same(engine.list(), [stored])
  t.same(conversions.conversions(), [], 'nothing begins here')
  engine.onConversion(ONE, 3_000)
  engine.onWake(3_000)
  t.same(effects, [])
  engine.resume('one', 3_000)
  engine.resume('absent', 3_000)
  t.same(effects, [], 'it does not go on here')
  engine.adopt({ ...stored, state: 'paused', revision: 9 })
  t.match(engine.list(), [{ state: 'paused', revision: 9 }])
  t.match(engine.change('one', { state: 'stopped', onStop: null }, 4_000), { kind: 'changed' })
  engine.adoptDeleted('one')
  engine.adoptDeleted('one')
  t.same(engine.list(), [])
  t.match(engine.start('two', aRequest(), 5_000), { kind: 'started' }, 'its phones are free')
})

t.test(
  'a roll-out that is taken over goes on with what its phones have done meanwhile',
  async (t) => {
    const origin = anEngine()
    origin.engine.start('one', aRequest({ canaries: 0, waveSize: 2 }), 1_000)
    const stored = origin.engine.list()[0] as Rollout
    const [first, second] = stored.phones.filter(({ state }) => state === 'waiting')
    if (first === undefined || second === undefined) throw new Error('a wave of two begins')
    const ours = new Set<string>()
    const { conversions, phones } = anEngine()
    const engine = new RolloutEngine({
      conversions,
      phone: (mac) => phones.get(mac),
      emit: () => {},
      drives: (id) => ours.has(id),
    })
    engine.restore([stored], 2_000)
    for (const conversion of origin.conversions.conversions()) conversions.adopt(conversion)
    conversions.cancel(first.mac, 3_000)
    engine.onConversion(first.mac, 3_000)
    t.match(
      engine.get('one')?.phones.find(({ mac }) => mac === first.mac),
      { state: 'waiting' },
    )
    ours.add('one')
    engine.resume('one', 4_000)
    const states = new Map(engine.get('one')?.phones.map(({ mac, state }) => [mac, state]))
    t.equal(states.get(first.mac), 'cancelled')
    t.equal(states.get(second.mac), 'waiting')
    const underWay = [...states.values()].filter((state) => state === 'waiting')
    t.equal(underWay.length, 2, 'the next one begins, and no more')
  },
)
