// What runs in the clients' namespace: it starts, breaks and asks. Called by main.ts.
import { loadavg } from 'node:os'
import { PseudoRandom } from '../../src/simulator/pseudo-random.ts'
import { LeaseLedger } from '../kills/lease-ledger.ts'
import { MAIN } from '../system/support/appliance-process.ts'
import { findFaketime } from '../system/support/faketime.ts'
import { Appliance } from './appliance.ts'
import { Cluster } from './database.ts'
import { Ear } from './ear.ts'
import { Editor } from './editor.ts'
import { EventReader } from './event-reader.ts'
import { FileReader } from './file-reader.ts'
import { Ground } from './ground.ts'
import { readOptions } from './options.ts'
import { SW_A, SW_B } from './places.ts'
import { planRounds } from './plan.ts'
import { Report } from './report.ts'
import { Rollouts } from './rollouts.ts'
import { type RoundParts, runRound } from './rounds.ts'
import { Links, namespacesOf } from './site.ts'
import { Vlan } from './vlan.ts'
import { VlanClient } from './vlan-client.ts'
import { WRITE_LOG } from './write-log.ts'

// A reader of the output may leave: what was started is ended all the same.
process.stdout.on('error', () => {})
const [run = '', main = MAIN, ...args] = process.argv.slice(2)
const options = readOptions(args)
const { timing } = options
// Only the namespaces of the run, which end with it, can reach the API.
process.env['SWITCHHOOK_API_TOKEN'] ??= 'of-the-partition-harness-and-nobody-else'
const nowMs = () => performance.timeOrigin + performance.now()
const site = namespacesOf(run)

const first = new Cluster('p1', site.p1)
const second = options.hasStandby ? [new Cluster('p2', site.p2)] : []
const clusters = [first, ...second] as const
const { leases } = options
const own = {
  clusters,
  timing,
  leases,
  main,
  clockLibrary: options.hasClock ? clockLibrary() : null,
}
const appliances = [
  new Appliance({ place: SW_A, peer: SW_B, namespace: site['sw-a'], ...own }),
  new Appliance({ place: SW_B, peer: SW_A, namespace: site['sw-b'], ...own }),
] as const
const ground = new Ground({ appliances, links: new Links(site.hub), clusters })
const report = new Report(options)
const operatorChance = new PseudoRandom(`edits ${options.seed}`)
const editor = new Editor(ground, operatorChance)
const files = new FileReader()
const events = new EventReader(ground)
const rollouts = new Rollouts({ ground, namespace: site.phones, main, chance: operatorChance })
let isInterrupted = false
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => (isInterrupted = true))
const vlan = await Vlan.open(nowMs)
try {
  await begin()
  const parts = roundParts()
  const untilMs = nowMs() + options.limitMs
  const chance = new PseudoRandom(options.seed)
  for (const planned of planRounds(options.rounds, options.faults, chance, timing)) {
    if (nowMs() > untilMs || isInterrupted) break
    const round = await runRound(planned, parts)
    report.add(round, loadavg()[0] ?? 0)
    if (round.breaches.length > 0 && options.mutant !== null) break
    if (round.breaches.some(({ text }) => text.startsWith('not healed'))) break
  }
  await Promise.all(appliances.map((one) => one.kill()))
  report.addLate(await ground.lastLateWrites().catch(() => []))
  const { acks, rowsCompared } = parts.ledger
  const edits = editor.acknowledged
  const { converted, completed } = rollouts
  const told = { fileAnswers: files.answers, events: events.events }
  const seen = { edits, converted, rollouts: completed, ...told }
  report.end({ acks, rowsCompared, naks: parts.ear.naks, ...seen })
  process.exitCode = report.hasBreaches ? 1 : 0
} catch (error) {
  console.log(error)
  process.exitCode = 70
} finally {
  vlan.close()
  rollouts.close()
  await Promise.all(appliances.map((one) => one.remove()))
  await Promise.all(clusters.map((one) => one.remove()))
}

/** @throws Where it is not installed. */
function clockLibrary(): string {
  const found = findFaketime()
  if (found === undefined) throw new Error('libfaketime is not installed')
  return found
}

/** Everything runs, and the first appliance serves. */
async function begin(): Promise<void> {
  await first.create()
  await first.start()
  await first.createDatabase()
  if (leases > 0) await ground.fill(leases)
  await ground.a.start()
  await ground.b.start()
  const why = await ground.settled()
  if (why !== null)
    throw new Error(`it does not begin: ${why}\n${ground.a.process.output.slice(-3000)}`)
  await first.sql(WRITE_LOG)
  await ground.heal()
  await editor.begin()
  await events.begin()
  if (options.hasPhones) await rollouts.begin()
}

function roundParts(): RoundParts {
  const chance = new PseudoRandom(`clients ${options.seed}`)
  const ledger = new LeaseLedger()
  const ear = new Ear(ledger)
  vlan.onHeard((heard) => ear.onHeard(heard))
  const shared = { vlan, ledger, chance, nowMs }
  const clients = Array.from(
    { length: options.clients },
    (_, index) => new VlanClient(index, shared, index % 3 === 0),
  )
  let arrived = 0
  // A client that comes once: its lease is brief, and its address free again soon.
  const newClient = () => new VlanClient(1000 + arrived++, shared, true)
  const companions = [files, editor, events, ...(options.hasPhones ? [rollouts] : [])]
  return { ground, clients, newClient, ledger, ear, companions, nowMs, chance }
}
