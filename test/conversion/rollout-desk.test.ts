import t from 'tap'
import { ConversionDesk } from '../../src/conversion/conversion-desk.ts'
import { type Rollout, type RolloutWish, rolloutOf } from '../../src/conversion/rollout.ts'
import { MAX_ROLLOUTS, RolloutDesk } from '../../src/conversion/rollout-desk.ts'
import type { RolloutEffect } from '../../src/conversion/rollout-events.ts'
import type { StoredFirmware } from '../../src/inventory/firmware.ts'
import type { Phone } from '../../src/inventory/phone.ts'
import type { Mac } from '../../src/net/mac.ts'
import { seenLoad } from '../../src/phones/seen-software.ts'
import { aConversion, aRolloutWish, aStep } from '../support/conversion-builders.ts'

const [FROM, TO, UAL] = ['P00305000300', 'P0S3-06-3-00', 'P0S3-8-12-00']
const MACS = Array.from({ length: 5 }, (_, index) => `02000000000${index + 1}` as Mac)
const [ONE, TWO, THREE] = MACS as [Mac, Mac, Mac]
const STRANGER = '020000000099' as Mac

function aFirmware(load: string): StoredFirmware {
  return { load, loader: null, protocol: 'sip', files: [], addedAtMs: 0 }
}

function aPhone(mac: Mac): Phone {
  const unsaid = { label: null, network: null, profile: null, address: null }
  return { mac, model: '7960', ...unsaid, lines: [], settings: {}, revision: 1 }
}

function aWish(change: Partial<RolloutWish> = {}): RolloutWish {
  return aRolloutWish({ phones: MACS, to: TO, from: FROM, waveSize: 2, stopAfter: 2, ...change })
}

/** Roll-outs over real conversions of five enrolled phones. */
function aDesk(enrolled: readonly Mac[] = MACS) {
  const phones = new Map(enrolled.map((mac) => [mac, aPhone(mac)]))
  const shelf = new Map([TO, FROM].map((load) => [load, aFirmware(load)]))
  const conversions = new ConversionDesk(
    { firmware: (load) => shelf.get(load), firmwareLoads: () => [...shelf.keys()] },
    () => undefined,
  )
  const effects: RolloutEffect[] = []
  const phone = (mac: Mac) => phones.get(mac)
  const emit = (more: readonly RolloutEffect[]) => void effects.push(...more)
  const desk = new RolloutDesk({ conversions, phone, emit })
  const states = (id: string) => desk.get(id)?.phones.map(({ state }) => state)
  return { desk, conversions, phones, shelf, effects, states }
}

t.test('a roll-out begins the conversions of its first wave', async (t) => {
  const { desk, conversions, effects } = aDesk()
  t.match(desk.start('one', aWish(), 1_000), { kind: 'started', rollout: { id: 'one' } })
  t.same(
    conversions.conversions().map(({ mac }) => mac),
    [ONE, TWO],
  )
  t.same(
    effects.map((effect) => (effect.kind === 'note' ? effect.event.event : effect.kind)),
    ['rollout-changed', 'rollout.started', 'rollout.phone.changed', 'rollout.phone.changed'],
  )
  t.equal(desk.list()[0], desk.get('one'))
})

t.test('the same again changes nothing, another one of that id is a conflict', async (t) => {
  const { desk } = aDesk()
  desk.start('one', aWish(), 1_000)
  t.match(desk.start('one', aWish(), 9_000), { kind: 'unchanged', rollout: { startedAtMs: 1_000 } })
  t.match(desk.start('one', aWish({ waveSize: 3 }), 9_000), { kind: 'conflict' })
  t.match(desk.start('one', aWish({ phones: [ONE] }), 9_000), { kind: 'conflict' })
})

t.test('everything that is against it is said phone by phone, and nothing begins', async (t) => {
  const { desk, conversions, effects } = aDesk()
  desk.start('earlier', aWish({ phones: [ONE] }), 1_000)
  const elsewhere = 'P0S3-05-3-00'
  conversions.restore([
    aConversion({ mac: TWO, to: elsewhere, steps: [aStep({ load: elsewhere })] }),
  ])
  const before = effects.length
  const wish = aWish({ phones: [ONE, TWO, STRANGER, THREE, THREE], canaries: 6 })
  const outcome = desk.start('late', wish, 2_000)
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
  const { desk, shelf } = aDesk()
  const cases = [
    { wish: aWish({ to: UAL }), said: /not available.*firmware-missing.*POST/ },
    { wish: aWish({ acceptOneWay: false, from: 'P0S3-04-4-00' }), said: /one-way.*acceptOneWay/ },
    { wish: aWish({ to: 'P0S3-6-3-00' }), said: /to-not-a-load.*Did you mean/ },
  ]
  shelf.set('P0S3-05-3-00', aFirmware('P0S3-05-3-00'))
  for (const { wish, said } of cases) {
    const outcome = desk.start('one', wish, 1_000)
    t.equal(outcome.kind, 'refused')
    t.equal(outcome.kind === 'refused' && outcome.problems.length, MACS.length)
    t.match(outcome.kind === 'refused' && outcome.problems[4], { path: '/phones/4', message: said })
  }
})

t.test('where no load is named, each phone must have shown its own', async (t) => {
  const { desk } = aDesk()
  const outcome = desk.start('one', aWish({ from: null }), 1_000)
  t.match(outcome.kind === 'refused' && outcome.problems[0], { message: /from-unknown/ })
})

t.test('a phone that runs the target already, as a conversion has shown, is done', async (t) => {
  const { desk, conversions, states } = aDesk()
  conversions.restore([aConversion({ mac: ONE, from: FROM, to: TO, state: 'confirmed', step: 1 })])
  desk.start('one', aWish({ waveSize: 1 }), 1_000)
  t.same(states('one')?.slice(0, 3), ['confirmed', 'waiting', 'pending'])
})

t.test('a phone that runs the target already is no canary, whatever is said of all', async (t) => {
  const { desk, conversions, states } = aDesk()
  const byHand = { from: null, to: TO, state: 'confirmed', step: 1 } as const
  conversions.restore([aConversion({ mac: ONE, ...byHand }), aConversion({ mac: TWO, ...byHand })])
  desk.start('one', aWish({ canaries: 1, waveSize: 9 }), 1_000)
  t.same(states('one'), ['confirmed', 'confirmed', 'waiting', 'pending', 'pending'])
  t.equal(conversions.conversion(ONE)?.state, 'confirmed', 'and is not begun again')
})

t.test(
  'a phone that was seen to run another load than from is named, and nothing begins',
  async (t) => {
    const { desk, conversions } = aDesk()
    conversions.onSeen(TWO, seenLoad('P0S3-04-3-00', 'web-page', 1))
    const outcome = desk.start('one', aWish(), 2_000)
    t.match(outcome.kind === 'refused' && outcome.problems, [
      { path: '/phones/1', message: /seen to run P0S3-04-3-00 \(web-page\).*from-contradicted/ },
    ])
    conversions.onSeen(TWO, seenLoad(TO, 'web-page', 3))
    t.equal(desk.start('one', aWish(), 4_000).kind, 'started', 'one that is there has no way to go')
  },
)

t.test('a stall counts after 60 s of phone time', async (t) => {
  const { conversions, phones, effects } = aDesk()
  const desk = new RolloutDesk({
    conversions,
    phone: (mac) => phones.get(mac),
    emit: (more) => void effects.push(...more),
    time: { speed: 10 },
  })
  desk.start('one', aWish({ canaries: 1, waveSize: 1 }), 1_000)
  const stalled = aConversion({ mac: ONE, from: FROM, to: TO, state: 'stalled' })
  conversions.restore([stalled])
  desk.onConversion(ONE, 2_000)
  t.same(effects.at(-1), { kind: 'wake', atMs: 8_000 })
  desk.onWake(8_000)
  t.equal(desk.get('one')?.state, 'stopped')
})

t.test('pause, resume and stop are idempotent; what has ended stays so', async (t) => {
  const { desk } = aDesk()
  const steer = (state: 'running' | 'paused' | 'stopped') =>
    desk.steer('one', { state, onStop: null }, 2_000)
  t.same(steer('paused'), { kind: 'not-found' })
  desk.start('one', aWish(), 1_000)
  t.match(steer('running'), { kind: 'unchanged' })
  t.match(steer('paused'), { kind: 'changed', rollout: { state: 'paused' } })
  t.match(steer('paused'), { kind: 'unchanged' })
  t.match(steer('running'), { kind: 'changed', rollout: { state: 'running' } })
  t.match(steer('stopped'), { kind: 'changed', rollout: { state: 'stopped' } })
  t.match(steer('stopped'), { kind: 'unchanged' })
  t.match(steer('running'), { kind: 'over' })
})

t.test('stopped with cancel, the conversions under way are cancelled', async (t) => {
  const { desk, conversions, states } = aDesk()
  desk.start('one', aWish(), 1_000)
  desk.steer('one', { state: 'stopped', onStop: 'cancel' }, 2_000)
  t.equal(conversions.conversion(ONE)?.state, 'cancelled')
  for (const mac of [ONE, TWO]) desk.onConversion(mac, 2_000)
  t.same(states('one'), ['cancelled', 'cancelled', 'skipped', 'skipped', 'skipped'])
})

t.test('phones of an ended roll-out can be part of another, but not those under way', async (t) => {
  const { desk, conversions } = aDesk()
  desk.start('one', aWish(), 1_000)
  desk.steer('one', { state: 'stopped', onStop: 'finish' }, 2_000)
  t.match(desk.start('two', aWish(), 3_000), {
    kind: 'refused',
    problems: [{ path: '/phones/0' }, { path: '/phones/1' }],
  })
  for (const mac of [ONE, TWO]) {
    conversions.cancel(mac, 4_000)
    desk.onConversion(mac, 4_000)
  }
  t.match(desk.start('two', aWish(), 5_000), { kind: 'started' })
  t.match(desk.start('three', aWish({ phones: [THREE] }), 5_000), {
    kind: 'refused',
    problems: [{ message: /part of roll-out two/ }],
  })
})

t.test('the list is bounded, and what has ended can be taken off it', async (t) => {
  const { desk, effects } = aDesk()
  t.same(desk.delete('one'), { kind: 'not-found' })
  desk.start('one', aWish({ phones: [ONE] }), 1_000)
  t.same(desk.delete('one'), { kind: 'running' })
  const ended = Array.from({ length: MAX_ROLLOUTS - 1 }, (_, index) => ({
    ...rolloutOf(`ended-${index}`, aWish({ phones: [TWO] }), 0),
    state: 'stopped' as const,
  }))
  desk.restore(ended, 1_000)
  t.match(desk.start('more', aWish({ phones: [THREE] }), 2_000), {
    kind: 'refused',
    problems: [{ path: '', message: /500 roll-outs are kept already/ }],
  })
  t.same(desk.delete('ended-7'), { kind: 'deleted' })
  t.match(effects.slice(-2), [
    { kind: 'rollout-deleted', id: 'ended-7' },
    { kind: 'note', event: { event: 'rollout.deleted', rollout: 'ended-7' } },
  ])
  t.match(desk.start('more', aWish({ phones: [THREE] }), 2_000), { kind: 'started' })
  t.match(desk.delete('ended-498'), { kind: 'deleted' }, 'of a phone that it was the last of')
  desk.onConversion(TWO, 3_000)
})

t.test('time that a phone has to show itself is asked for and kept', async (t) => {
  const { desk, conversions, effects, states } = aDesk()
  desk.start('one', aWish({ appearWithinMs: 60_000, stopAfter: 9 }), 1_000)
  t.same(effects.at(-1), { kind: 'wake', atMs: 61_000 })
  desk.onWake(30_000)
  t.same(effects.at(-1), { kind: 'wake', atMs: 61_000 })
  desk.onWake(61_000)
  t.same(states('one')?.slice(0, 4), ['absent', 'absent', 'waiting', 'waiting'])
  t.equal(conversions.conversion(ONE)?.state, 'cancelled')
  t.same(effects.at(-1), { kind: 'wake', atMs: 121_000 })
})

t.test(
  'a phone that is gone when its turn comes is refused, and the next one begins',
  async (t) => {
    const { desk, conversions, phones, states } = aDesk()
    desk.start('one', aWish({ waveSize: 1, stopAfter: 9 }), 1_000)
    phones.delete(TWO)
    conversions.cancel(ONE, 2_000)
    desk.onConversion(ONE, 2_000)
    t.same(states('one'), ['cancelled', 'refused', 'waiting', 'pending', 'pending'])
    phones.delete(MACS[3] as Mac)
    desk.onConversion(MACS[3] as Mac, 2_000)
    t.equal(states('one')?.[3], 'cancelled')
    desk.onConversion(MACS[4] as Mac, 2_000)
    t.equal(states('one')?.[4], 'pending', 'no conversion yet, and still enrolled')
    desk.onConversion(STRANGER, 2_000)
  },
)

t.test('after a restart each phone belongs to its latest roll-out', async (t) => {
  const before = aDesk()
  before.desk.start('one', aWish({ phones: [ONE] }), 1_000)
  const one = before.desk.get('one')
  const ended = { ...rolloutOf('older', aWish({ phones: [ONE] }), 500), state: 'stopped' as const }
  const { desk, conversions, states } = aDesk()
  if (one !== undefined) desk.restore([one, ended], 2_000)
  t.match(conversions.conversion(ONE), { to: TO }, 'its start had been lost')
  conversions.cancel(ONE, 3_000)
  desk.onConversion(ONE, 3_000)
  t.same(states('one'), ['cancelled'])
  t.same(states('older'), ['pending'])
})

t.test('a roll-out holds every load that phones whose turn has not come go over', async (t) => {
  const { desk, conversions, phones, shelf } = aDesk()
  const rung = 'P0S3-07-4-00'
  for (const load of [rung, UAL]) shelf.set(load, aFirmware(load))
  desk.start('one', aWish({ to: UAL, waveSize: 1 }), 1_000)
  t.same(desk.rolloutsNeeding(UAL), ['one'])
  t.same(desk.rolloutsNeeding(rung), ['one'], 'a rung on the way')
  t.same(desk.rolloutsNeeding(FROM), [])
  conversions.start(phones.get(TWO) as Phone, { to: TO, acceptOneWay: true }, 1_000)
  t.same(conversions.loadsOnTheWay(phones.get(TWO) as Phone, { to: UAL }), [], 'busy elsewhere')
  conversions.cancel(TWO, 1_000)
  for (const mac of MACS.slice(1)) phones.delete(mac)
  t.same(desk.rolloutsNeeding(rung), [], 'a phone that is gone goes nowhere')
  desk.steer('one', { state: 'stopped', onStop: null }, 2_000)
  t.same(desk.rolloutsNeeding(UAL), [], 'one that has ended holds nothing')
})

t.test('a roll-out whose phones are all under way holds nothing itself', async (t) => {
  const { desk } = aDesk()
  desk.start('one', aWish({ waveSize: 5 }), 1_000)
  t.same(desk.rolloutsNeeding(TO), [])
})

t.test('a roll-out of another appliance is shown, and goes on there alone', async (t) => {
  const origin = aDesk()
  origin.desk.start('one', aWish(), 1_000)
  const stored = origin.desk.list()[0] as Rollout
  const ours = new Set<string>()
  const { conversions, phones } = aDesk()
  const effects: RolloutEffect[] = []
  const desk = new RolloutDesk({
    conversions,
    phone: (mac) => phones.get(mac),
    emit: (more) => void effects.push(...more),
    drives: (id) => ours.has(id),
  })
  desk.restore([stored], 2_000)
  t.same(desk.list(), [stored])
  t.same(conversions.conversions(), [], 'nothing begins here')
  desk.onConversion(ONE, 3_000)
  desk.onWake(3_000)
  t.same(effects, [])
  desk.adopt({ ...stored, state: 'paused', revision: 9 })
  t.match(desk.list(), [{ state: 'paused', revision: 9 }])
  t.match(desk.steer('one', { state: 'stopped', onStop: null }, 4_000), { kind: 'changed' })
  desk.adoptDeleted('one')
  desk.adoptDeleted('one')
  t.same(desk.list(), [])
  t.match(desk.start('two', aWish(), 5_000), { kind: 'started' }, 'its phones are free')
})
