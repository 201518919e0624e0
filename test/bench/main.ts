import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Subject } from './bench-case.ts'
import { buildBenchProgram, type Plan } from './bench-program.ts'
import { chosenFrom } from './choose.ts'
import { type DhcpAnswer, dhcpBench } from './dhcp-bench.ts'
import { BenchNetwork } from './lab/bench-network.ts'
import { LoadGenerator } from './lab/load-generator.ts'
import { lackingForBench, machineInWords } from './lab/machine.ts'
import { Teardown } from './lab/teardown.ts'
import { reportOf } from './report.ts'
import { runRounds } from './run-rounds.ts'
import { appliance } from './servers/appliance.ts'
import type { BenchServer, FoundServer } from './servers/bench-server.ts'
import { dnsmasq } from './servers/dnsmasq.ts'
import { iscDhcpd } from './servers/isc-dhcpd.ts'
import { kea } from './servers/kea.ts'

const teardown = new Teardown()
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => void teardown.run().finally(() => process.exit(code)))
}

await buildBenchProgram(run).parseAsync()

async function run(plan: Plan): Promise<void> {
  const lacking = lackingForBench()
  try {
    if (lacking !== null) throw new Error(`lacking ${lacking}`)
    await bench(plan)
  } catch (error) {
    console.error(`bench: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  } finally {
    await teardown.run()
  }
}

async function bench(plan: Plan): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'switchhook-bench-'))
  teardown.add(() => rmSync(dir, { recursive: true, force: true }))
  // Peers leave root for a user of their own.
  chmodSync(dir, 0o755)
  const filesDir = join(dir, 'files')
  mkdirSync(filesDir)
  const network = new BenchNetwork(teardown)
  const subject = await dhcpSubject(plan, { dir, teardown, atClient: network.atClient })
  const cases = chosenFrom(subject.cases, plan.cases, 'case')
  const servers = serversFor(plan)
  console.log(machineInWords())
  for (const { name, version } of servers) console.log(`${name}: ${version}`)
  const samples = await runRounds({
    subject,
    cases,
    servers,
    rounds: plan.rounds,
    dir,
    filesDir,
    network,
    teardown,
    say: (line) => console.log(line),
  })
  const reported = { cases, servers: servers.map(({ name }) => name), metrics: subject.metrics }
  console.log(`\n${reportOf({ ...reported, samples })}`)
  if (plan.json !== null) {
    const versions = Object.fromEntries(servers.map(({ name, version }) => [name, version]))
    const machine = machineInWords()
    writeFileSync(plan.json, `${JSON.stringify({ machine, versions, samples }, null, 2)}\n`)
  }
}

type Lab = {
  readonly dir: string
  readonly teardown: Teardown
  readonly atClient: readonly string[]
}

async function dhcpSubject({ exchanges }: Plan, lab: Lab): Promise<Subject> {
  return dhcpBench(await LoadGenerator.compile<DhcpAnswer>('dhcp-load', lab), exchanges)
}

/** Ours, then the peers that were asked for and are installed. */
function serversFor({ peers }: Plan): readonly BenchServer[] {
  const servers = [kea(), iscDhcpd(), dnsmasq()].flatMap(reachable)
  const asked = peers.includes('none') ? [] : chosenFrom(servers, peers, 'peer')
  return [...[appliance()].flatMap(reachable), ...asked]
}

function reachable(found: FoundServer): BenchServer[] {
  if (found.kind === 'found') return [found.server]
  console.log(`left out ${found.why}`)
  return []
}
