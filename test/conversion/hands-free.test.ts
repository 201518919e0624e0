import t from 'tap'
import type { Mac } from '../../src/net/mac.ts'
import { planConversion } from '../../src/phones/conversion-plan.ts'
import { KNOWN_LOADS } from '../../src/phones/family/7940-7960/known-loads.ts'
import { PseudoRandom } from '../../src/simulator/pseudo-random.ts'
import { aRolloutRequest } from '../support/conversion-builders.ts'
import { HandsFreeBench } from '../support/hands-free-bench.ts'

// Conversions that nobody touches, in virtual time: phones that run and register, or do not; restarts by the engine
// alone. All pairs of loads: `SWITCHHOOK_MATRIX=all`; otherwise a sample.

const all = process.env['SWITCHHOOK_MATRIX'] === 'all'
const SAMPLE = 36
const loads = KNOWN_LOADS.map(({ load }) => load)

/** What the phone is like: it takes NOTIFY; it does not, but has a command line; or it never says a word. */
const KINDS = ['registers', 'ignores-notify', 'silent'] as const

type Case = {
  readonly from: string
  readonly to: string
  readonly kind: (typeof KINDS)[number]
}

const allCases: readonly Case[] = loads.flatMap((from) =>
  loads.flatMap((to) => KINDS.map((kind) => ({ from, to, kind }))),
)

function sample(): readonly Case[] {
  const random = new PseudoRandom(`hands free ${process.env['SWITCHHOOK_SEED'] ?? 'seed'}`)
  return Array.from({ length: SAMPLE }, () => allCases[random.below(allCases.length)] as Case)
}

t.setTimeout(3_600_000)

const isPlanned = ({ from, to }: Case) =>
  planConversion({ model: '7960', from, to, path: 'cautious', available: loads }).kind === 'plan'

/** What went otherwise; null where the phone runs its target, and the engine alone has restarted it. */
async function play(
  free: HandsFreeBench,
  mac: Mac,
  { from, to, kind }: Case,
): Promise<string | null> {
  const { bench } = free
  const settings = { telnet_level: '1', phone_password: 'Sesame-1' }
  await bench.enrol(mac, kind === 'ignores-notify' ? { settings } : {})
  const quirks = { callControl: kind !== 'silent', ignoresNotify: kind === 'ignores-notify' }
  const plugged = bench.plugIn(mac, { load: from, quirks })
  bench.run(180_000)
  const outcome = bench.start(mac, { from, to, path: 'cautious', restart: 'auto' })
  const end = bench.runConversion(mac)
  const causes = plugged.events.flatMap((one) =>
    one.event === 'phone.boot.started' ? [one.cause] : [],
  )
  const methods = free.methodsSentTo(mac)
  const cycles = methods.filter((method) => method === 'poe').length
  const runs = plugged.phone.flash.load
  bench.unplug(mac)
  bench.run(10_000)
  await bench.inventory.deletePhone(mac)
  bench.engine.forget(mac)
  const powers = causes.filter((cause) => cause === 'power').length
  if (end?.state === 'confirmed' && runs === to && powers === cycles + 1) return null
  const code = end?.diagnosis?.code ?? outcome.kind
  return `${end?.state} at step ${end?.step}, ${code}; runs ${runs}; by ${methods.join(', ')}; ${causes.join(', ')}`
}

t.test('a matrix of conversions without manual restarts', async (t) => {
  const free = await HandsFreeBench.open(loads, { poe: true })
  const faults: string[] = []
  const chosen = (all ? allCases : sample()).filter(isPlanned)
  t.ok(chosen.length > SAMPLE / 2)
  for (const [index, tried] of chosen.entries()) {
    const mac = `000E84${index.toString(16).toUpperCase().padStart(6, '0')}` as Mac
    const fault = await play(free, mac, tried)
    if (fault !== null) faults.push(`${tried.kind} ${tried.from} to ${tried.to}: ${fault}`)
  }
  t.same(faults, [])
  const used = new Set(
    free.restarts.flatMap((one) => (one.event === 'phone.restart.sent' ? [one.method] : [])),
  )
  t.same([...used].sort(), ['notify', 'poe', 'sccp', 'telnet'])
})

const BOUND_MS = 6 * 3_600_000

t.test('a roll-out of 200 phones runs from its canaries to its end unattended', async (t) => {
  const [from, to] = ['P00308000500', 'P0S3-8-12-00']
  const free = await HandsFreeBench.open([from, to], { poe: false })
  const { bench } = free
  const phones = Array.from({ length: 200 }, (_, index) => {
    return `000E85${index.toString(16).toUpperCase().padStart(6, '0')}` as Mac
  })
  for (const mac of phones) {
    await bench.enrol(mac)
    bench.plugIn(mac, { load: from })
  }
  bench.run(300_000)
  const request = aRolloutRequest({ phones, to, from, canaries: 2, waveSize: 50, stopAfter: 3 })
  t.match(free.rollouts.start('all', request, bench.time.nowMs), { kind: 'started' })
  bench.run(BOUND_MS, () => free.rollouts.get('all')?.state !== 'running')
  // The last ones may have shown what they run before they registered.
  bench.run(60_000)
  const rollout = free.rollouts.get('all')
  t.equal(rollout?.state, 'finished', JSON.stringify(rollout?.phones.slice(0, 3)))
  const runs = phones.map((mac) => bench.phones.get(mac)?.phone.flash.load)
  t.equal(runs.filter((load) => load === to).length, 200)
  for (const mac of phones) {
    t.same(free.methodsSentTo(mac), ['sccp'], 'one Reset, and no more than one')
    t.match(free.registrations.get(mac, bench.time.nowMs), { protocol: 'sip', version: '8.0' })
  }
  const asked = free.restarts.filter(({ event }) => event === 'phone.restart.failed')
  t.same(asked, [])
})

t.test('phones that do not obey are told, and no restart is taken for done', async (t) => {
  const [from, to] = ['P00308000500', 'P0S3-8-12-00']
  const free = await HandsFreeBench.open([from, to], { poe: false })
  const { bench } = free
  const [dark, looping] = ['000E86000001', '000E86000002'] as Mac[]
  for (const [mac, afterReset] of [
    [dark, 'stays-dark'],
    [looping, 'loops'],
  ] as const) {
    await bench.enrol(mac as Mac)
    bench.plugIn(mac as Mac, { load: from, quirks: { afterReset } })
  }
  bench.run(180_000)
  for (const mac of [dark, looping]) {
    bench.start(mac as Mac, { from, to, path: 'cautious', restart: 'auto' })
  }
  bench.run(BOUND_MS)
  const events = (mac: Mac | undefined) =>
    free.restarts.filter((one) => one.mac === mac).map(({ event }) => event)
  t.ok(events(dark).includes('phone.restart.failed'), events(dark).join(', '))
  t.notOk(events(dark).includes('phone.restart.seen'))
  t.ok(events(looping).includes('phone.restart.seen'), 'it did restart')
  t.ok(free.methodsSentTo(looping as Mac).length <= 3, 'and is not restarted without end')
})
