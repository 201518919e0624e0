import t from 'tap'
import { type PhoneSockets, ScenarioRun } from '../../../appliance/simulation/scenario-run.ts'
import type { Ipv4 } from '../../../src/net/ipv4.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { parseScenario, type Scenario } from '../../../src/settings/parse-scenario.ts'
import type { PhoneNews } from '../../../src/simulator/events.ts'
import type { SimulatedPhoneConfig } from '../../../src/simulator/simulated-phone.ts'

const FROM = 'P00308000500'
const TO = 'P0S3-8-12-00'
const MACS = ['02000000A060', '02000000A061'] as const

function aScenario(phones: string, rest = ''): Scenario {
  // A thousand times as quick: a minute of a phone is 60 ms.
  const text = `interface: lab1\nspeed: 1000\nwatch: 1m\ntimeout: 20s\n${rest}\nphones:\n${phones}`
  const parsed = parseScenario(text)
  if (parsed.kind === 'refused') throw new Error(JSON.stringify(parsed.problems))
  return parsed.scenario
}

const phone = (index: number, rest: string) =>
  `  - { mac: "${MACS[index]}", load: ${FROM}, ${rest} }\n`

/** Sockets without phones: what is plugged in tells this news at once, and this after a power cycle. */
class Puppets implements PhoneSockets {
  readonly added: SimulatedPhoneConfig[] = []
  readonly ports: (number | null)[] = []
  readonly removed: Mac[] = []
  cycled = 0
  run: ScenarioRun | null = null
  readonly #first: readonly PhoneNews[]
  readonly #second: readonly PhoneNews[]

  constructor(first: readonly PhoneNews[], second: readonly PhoneNews[] = []) {
    this.#first = first
    this.#second = second
  }

  add(config: SimulatedPhoneConfig, switchPort: number | null): void {
    this.added.push(config)
    this.ports.push(switchPort)
    this.#report(config.mac, this.#first)
  }

  powerCycle(mac: Mac): void {
    this.cycled++
    this.#report(mac, this.#second)
  }

  remove(mac: Mac): void {
    this.removed.push(mac)
  }

  factoryReset(mac: Mac): void {
    this.powerCycle(mac)
  }

  checkSync(mac: Mac): void {
    this.powerCycle(mac)
  }

  #report(mac: Mac, news: readonly PhoneNews[]): void {
    for (const one of news) this.run?.onEvent({ ...one, mac, atMs: 0 })
  }
}

const boot: readonly PhoneNews[] = [
  { event: 'phone.boot.started', cause: 'power', generation: 'ual', load: FROM, loader: FROM },
  { event: 'phone.address.taken', address: 1 as Ipv4, tftpServers: [] },
]
const runs = (load: string): readonly PhoneNews[] => [
  ...boot,
  { event: 'phone.running', load, protocol: 'sip', provisioned: true },
]

async function play(scenario: Scenario, puppets: Puppets) {
  const run = new ScenarioRun(scenario, puppets)
  puppets.run = run
  return run.run()
}

t.test('phones are plugged in as the file says, and the run ends with the last', async (t) => {
  const puppets = new Puppets(runs(TO))
  const rest = `expect: ${TO}, model: 7940, alternateTftp: 10.20.0.9, knobs: { lossRate: 0.5 }`
  const outcomes = await play(aScenario(phone(0, rest) + phone(1, `expect: ${TO}`)), puppets)
  t.match(outcomes, [
    { asExpected: true, why: null, runs: TO, phone: { mac: MACS[0] } },
    { asExpected: true, decidedAfterMs: Number },
  ])
  t.match(puppets.added, [
    { mac: MACS[0], model: '7940', quirks: { lossRate: 0.5 }, flash: { load: FROM } },
    { mac: MACS[1], model: '7960' },
  ])
})

t.test('a phone that rests with another load is not waited for until the timeout', async (t) => {
  const [outcome] = await play(aScenario(phone(0, `expect: ${TO}`)), new Puppets(runs(FROM)))
  t.match(outcome, { asExpected: false, why: `it runs ${FROM}; wanted it to run ${TO}` })
  t.ok((outcome?.decidedAfterMs ?? 0) < 10_000)
})

t.test('power is taken from a phone when the file says so', async (t) => {
  const puppets = new Puppets(runs(FROM), runs(TO))
  const rest = `expect: ${TO}, powerCycles: [2m]`
  t.match(await play(aScenario(phone(0, rest)), puppets), [{ asExpected: true }])
  t.equal(puppets.cycled, 1)
})

t.test('a phone that is to be left alone is watched for as long as was said', async (t) => {
  const scenario = aScenario(phone(0, 'expect: unchanged') + phone(1, 'expect: no-address'))
  const outcomes = await play(scenario, new Puppets(runs(FROM)))
  t.match(outcomes, [
    { asExpected: true },
    { asExpected: false, why: 'it was given an address; wanted none' },
  ])
  t.ok((outcomes[0]?.decidedAfterMs ?? 0) >= 59)
})

t.test('a phone whose boot never ends was not left alone', async (t) => {
  const [outcome] = await play(aScenario(phone(0, 'expect: unchanged')), new Puppets(boot))
  t.match(outcome, {
    asExpected: false,
    why: 'its boot has not ended; wanted it to run on unchanged',
  })
})

t.test('what the end comes before is not as expected', async (t) => {
  const run = new ScenarioRun(
    aScenario(phone(0, 'expect: unchanged') + phone(1, `expect: ${TO}`), 'stagger: 10m'),
    {
      add: () => setImmediate(() => run.stop()),
      remove: () => {},
      powerCycle: () => {},
      factoryReset: () => {},
      checkSync: () => {},
    },
  )
  const outcomes = await run.run()
  t.match(outcomes, [
    { asExpected: false, why: 'it was not switched on', decidedAfterMs: null },
    { asExpected: false, why: 'it was not switched on', decidedAfterMs: null },
  ])
  const puppets = new Puppets(runs(FROM))
  const second = new ScenarioRun(aScenario(phone(0, 'expect: unchanged')), puppets)
  puppets.run = second
  const ended = second.run()
  setImmediate(() => setImmediate(() => second.stop()))
  const why = 'the end came before it was watched for long enough'
  t.match((await ended)[0]?.why, /watched for long enough|not switched on/, why)
})

t.test('an event of a phone that is not in the file is ignored', async (t) => {
  const puppets = new Puppets(runs(TO))
  const run = new ScenarioRun(aScenario(phone(0, `expect: ${TO}`)), puppets)
  puppets.run = run
  run.onEvent({ ...(boot[0] as PhoneNews), mac: '02000000FFFF' as Mac, atMs: 0 })
  t.match(await run.run(), [{ asExpected: true }])
})

t.test('a phone takes the place of another whose end is decided', async (t) => {
  const puppets = new Puppets(runs(TO))
  const rest = 'switch: { address: 10.20.0.250 }'
  const scenario = aScenario(
    phone(0, `expect: ${TO}, switchPort: 7`) +
      phone(1, `expect: ${TO}, switchPort: 7, replaces: "${MACS[0]}"`),
    rest,
  )
  const outcomes = await play(scenario, puppets)
  t.match(outcomes, [{ asExpected: true }, { asExpected: true }])
  t.same(puppets.ports, [7, 7])
  t.same(puppets.removed, [MACS[0]])
  t.equal(puppets.added[1]?.mac, MACS[1])
})

t.test('a phone that is to be registered is waited for', async (t) => {
  const registered: PhoneNews = {
    event: 'phone.registered',
    protocol: 'sip',
    server: 1 as Ipv4,
    name: '1201',
  }
  const wanted = `expect: ${TO}, registers: true`
  const good = await play(aScenario(phone(0, wanted)), new Puppets([...runs(TO), registered]))
  t.match(good, [{ asExpected: true, registered: { protocol: 'sip', name: '1201' } }])
  const not = await play(aScenario(phone(0, wanted)), new Puppets(runs(TO)))
  t.match(not, [{ asExpected: false, why: `it runs ${TO}; wanted it registered` }])
})
