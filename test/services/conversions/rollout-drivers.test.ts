import t from 'tap'
import { type Rollout, type RolloutPhoneState, rolloutOf } from '../../../src/conversion/rollout.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { RolloutDrivers } from '../../../src/services/conversions/rollout-drivers.ts'
import { aRolloutRequest } from '../../support/conversion-builders.ts'

const TIMING = { takeoverAfterMs: 8_000, repeatForMs: 20_000 }
const A = 'lab/sw-a'
const B = 'lab/sw-b'

/** What the database has: documents with their drivers and versions, and the word of each appliance. */
class Shared {
  readonly documents = new Map<string, { driver: string; version: number }>()
  readonly beats = new Map<string, number>()
  nowMs = 1_000_000
}

/** An appliance that knows of documents what it has read. */
function anAppliance(self: string, shared: Shared) {
  const known = new Map<string, { driver: string; version: number }>()
  const rollouts: Rollout[] = []
  const driven: string[] = []
  const faults: unknown[] = []
  const timers: { call: () => void; delayMs: number }[] = []
  let presence: { run: number; atMs: number } | null = null
  let isAway = false
  let looks = 0
  const drivers = new RolloutDrivers({
    self,
    timing: TIMING,
    rollouts: () => rollouts,
    documents: {
      driverOf: (kind, key) => known.get(`${kind} ${key}`)?.driver ?? null,
      hold: async (kind, key, from) => {
        const name = `${kind} ${key}`
        const [ours, stands] = [known.get(name), shared.documents.get(name)]
        if (isAway || ours?.driver !== from || stands === undefined) return false
        if (ours.version !== stands.version) {
          known.set(name, stands)
          return false
        }
        const next = { driver: self, version: stands.version + 1 }
        shared.documents.set(name, next)
        known.set(name, next)
        return true
      },
    },
    beats: async (appliances) => {
      looks += 1
      if (isAway) throw new Error('away')
      return new Map(
        appliances.flatMap((one) => {
          const beat = shared.beats.get(one)
          return beat === undefined ? [] : [[one, `run ${beat}`]]
        }),
      )
    },
    presence: () => presence,
    onDriven: (id, from) => driven.push(from === null ? id : `${id} after ${from}`),
    onFault: (error) => faults.push(error),
    nowMs: () => shared.nowMs,
    startTimer: (call, delayMs) => {
      timers.push({ call, delayMs })
      return () => timers.splice(0)
    },
  })
  /** The database has heard of it; `run` is another one after a break. */
  const announce = (run = 1) => {
    presence = { run, atMs: shared.nowMs }
    shared.beats.set(self, (shared.beats.get(self) ?? 0) + 1)
  }
  const read = () => {
    for (const [name, document] of shared.documents) known.set(name, document)
  }
  const setAway = (away: boolean) => (isAway = away)
  return {
    ...{ drivers, rollouts, driven, faults, timers, announce, read, setAway, known },
    looks: () => looks,
  }
}

type Appliance = ReturnType<typeof anAppliance>

function aRollout(states: readonly RolloutPhoneState[], state: Rollout['state'] = 'running') {
  const macs = states.map((_, index) => `00000000000${index}` as Mac)
  const rollout = rolloutOf('one', aRolloutRequest({ phones: macs }), 1_000)
  const phones = rollout.phones.map((phone, index) => ({
    ...phone,
    state: states[index] ?? 'pending',
  }))
  return { ...rollout, state, phones }
}

/** Two appliances; the first has begun a roll-out that both know. */
async function aPair(rollout = aRollout(['running', 'pending'])) {
  const shared = new Shared()
  shared.documents.set('rollout one', { driver: A, version: 1 })
  const [a, b] = [anAppliance(A, shared), anAppliance(B, shared)]
  for (const one of [a, b]) {
    one.rollouts.push(rollout)
    one.read()
    one.announce()
    await one.drivers.look()
  }
  /** Time passes, second by second; who is named here is heard of and looks. */
  const pass = async (seconds: number, ...living: readonly Appliance[]) => {
    for (let nth = 0; nth < seconds; nth++) {
      shared.nowMs += 1_000
      for (const one of living) {
        one.announce()
        await one.drivers.look()
      }
    }
  }
  return { shared, a, b, pass }
}

t.test('a roll-out goes on where it is driven, and the other one only shows it', async (t) => {
  const { a, b, pass } = await aPair()
  t.equal(a.drivers.drives('one'), true)
  t.equal(b.drivers.drives('one'), false)
  t.same(a.driven, ['one'], 'once it is known to be ours')
  await pass(30, a, b)
  t.same(a.driven, ['one'])
  t.same(b.driven, [])
  t.equal(a.looks(), 0, 'nobody else has one: nothing is asked')
  t.equal(a.drivers.drives('two'), false)
})

t.test('one whose appliance is gone is taken over, with the conversions under way', async (t) => {
  const { shared, a, b, pass } = await aPair()
  for (const index of [0, 1]) {
    shared.documents.set(`conversion 00000000000${index}`, { driver: A, version: 4 })
  }
  b.read()
  await pass(3, a, b)
  await pass(7, b)
  t.same(b.driven, [], 'not yet')
  await pass(3, b)
  t.same(b.driven, ['one after lab/sw-a'])
  t.equal(b.drivers.drives('one'), true)
  t.equal(a.drivers.drives('one'), false, 'nobody has heard of it')
  t.equal(shared.documents.get('conversion 000000000000')?.driver, B)
  t.equal(shared.documents.get('conversion 000000000001')?.driver, A, 'its turn has not come')
  await pass(10, b)
  t.equal(b.driven.length, 1)

  await t.test('and it comes back as one that shows it', async (t) => {
    a.announce(2)
    t.equal(a.drivers.drives('one'), false, 'before it has asked')
    await a.drivers.look()
    t.equal(a.drivers.drives('one'), false)
    t.equal(a.known.get('rollout one')?.driver, B)
    await pass(20, a, b)
    t.same(a.driven, ['one'])
  })
})

t.test('who comes back before it is taken goes on, and is not taken late', async (t) => {
  const { a, b, pass } = await aPair()
  await pass(3, a, b)
  await pass(7, b)
  a.announce(2)
  await a.drivers.look()
  t.same(a.driven, ['one', 'one'], 'it follows up what it has missed')
  t.equal(a.drivers.drives('one'), true)
  await pass(5, b)
  t.same(b.driven, [], 'its word has moved')
  await pass(4, b)
  t.same(b.driven, [], 'the document is not as it was known: it is read first')
  await pass(1, b)
  t.same(b.driven, ['one after lab/sw-a'])
})

t.test('one that has left cleanly is taken over as well', async (t) => {
  const { shared, b, pass } = await aPair()
  shared.beats.delete(A)
  await pass(10, b)
  t.same(b.driven, ['one after lab/sw-a'])
})

t.test('who could not look, or was not heard of itself, takes nothing', async (t) => {
  const { shared, b, pass } = await aPair()
  await pass(6, b)
  b.setAway(true)
  await pass(6, b)
  t.match(b.faults[0], { message: 'away' })
  b.setAway(false)
  await pass(7, b)
  t.same(b.driven, [], 'the database was away for the other one too')
  shared.nowMs += 60_000
  await b.drivers.look()
  t.same(b.driven, [], 'it was frozen')
  b.announce(2)
  await b.drivers.look()
  t.same(b.driven, [])
  await pass(9, b)
  t.same(b.driven, ['one after lab/sw-a'])
})

t.test('what has ended is left where it is, unless phones are under way', async (t) => {
  const over = await aPair(aRollout(['confirmed', 'skipped'], 'stopped'))
  await over.pass(20, over.b)
  t.same([...over.a.driven, ...over.b.driven], [])
  t.equal(over.b.looks(), 0)
  const ending = await aPair(aRollout(['running', 'skipped'], 'stopped'))
  await ending.pass(20, ending.b)
  t.same(ending.b.driven, ['one after lab/sw-a'])
})

t.test('an appliance of which the database has not heard drives nothing', async (t) => {
  const shared = new Shared()
  shared.documents.set('rollout one', { driver: A, version: 1 })
  const a = anAppliance(A, shared)
  a.rollouts.push(aRollout(['pending']))
  await a.drivers.look()
  t.same(a.driven, [])
  t.equal(a.drivers.drives('one'), false)
  a.announce()
  await a.drivers.look()
  t.same(a.driven, [], 'a document that it does not know')
})

t.test('it looks several times within the time of a takeover, until it is stopped', async (t) => {
  const { a } = await aPair()
  a.drivers.start()
  const [timer] = a.timers.splice(0)
  t.equal(timer?.delayMs, 1_000)
  timer?.call()
  await new Promise((resolve) => setImmediate(resolve))
  t.equal(a.timers.length, 1)
  await a.drivers.stop()
  t.equal(a.timers.length, 0)
  a.drivers.start()
  t.equal(a.timers.length, 0)
})
