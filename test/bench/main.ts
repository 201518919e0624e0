import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { BenchCase, Subject } from './bench-case.ts'
import { buildBenchProgram, type Plan } from './bench-program.ts'
import { chosenFrom } from './choose.ts'
import { type DhcpAnswer, dhcpBench } from './dhcp-bench.ts'
import { type BenchFiles, makeBenchFiles } from './lab/bench-files.ts'
import { BenchNetwork } from './lab/bench-network.ts'
import { LoadGenerator } from './lab/load-generator.ts'
import { lackingForBench, machineInWords } from './lab/machine.ts'
import { makePostgresTemplate } from './lab/postgres-template.ts'
import { Teardown } from './lab/teardown.ts'
import type { Sample } from './measurement.ts'
import { reportOf } from './report.ts'
import { type Lab, measureUnderLoad, runRounds, type Turn } from './run-rounds.ts'
import {
  appliance,
  applianceFarFromPostgres,
  applianceOf,
  applianceWithoutFfi,
  applianceWithSharedLeases,
  applianceWithSqlite,
} from './servers/appliance.ts'
import { atftpd } from './servers/atftpd.ts'
import type { BenchServer, FoundServer } from './servers/bench-server.ts'
import { dnsmasq } from './servers/dnsmasq.ts'
import { iscDhcpd } from './servers/isc-dhcpd.ts'
import { kea, keaOnPostgres } from './servers/kea.ts'
import { tftpdHpa } from './servers/tftpd-hpa.ts'
import { measureStart, START_CASES, START_METRICS } from './start-bench.ts'
import { lockstepArguments, type TftpAnswer, tftpBench } from './tftp-bench.ts'

/** Threads of Kea: which of these is its best depends on processors and on what is outstanding. */
const KEA_THREADS = [1, 4, 8]

const teardown = new Teardown()
let isEnding = false
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  // npm passes a signal on that the terminal has sent as well: the second one changes nothing.
  process.on(signal, () => {
    if (isEnding) return
    isEnding = true
    void teardown.run().finally(() => process.exit(code))
  })
}

await buildBenchProgram(run).parseAsync()

async function run(plan: Plan): Promise<void> {
  const lacking = lackingForBench()
  try {
    if (lacking !== null) throw new Error(`lacking ${lacking}`)
    await bench(plan)
  } catch (error) {
    if (!isEnding) {
      console.error(`bench: ${error instanceof Error ? error.message : String(error)}`)
      process.exitCode = 1
    }
  } finally {
    await teardown.run()
  }
}

async function bench(plan: Plan): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'switchhook-bench-'))
  teardown.add(() => rmSync(dir, { recursive: true, force: true }))
  // Peers leave root for a user of their own.
  chmodSync(dir, 0o755)
  const files = makeBenchFiles(join(dir, 'files'))
  const network = new BenchNetwork(teardown)
  const lab = { dir, filesDir: files.dir, network, teardown }
  const measured = await measuredBy(plan, lab, files)
  const cases = chosenFrom(measured.cases, plan.cases, 'case')
  const servers = await serversFor(plan, dir)
  console.log(machineInWords())
  for (const { name, version } of servers) console.log(`${name}: ${version}`)
  const say = (line: string) => console.log(line)
  const { measure, metrics } = measured
  const samples = await runRounds({ cases, servers, rounds: plan.rounds, measure, say })
  const reported = { cases, servers: servers.map(({ name }) => name), metrics }
  console.log(`\n${reportOf({ ...reported, samples })}`)
  if (plan.json !== null) {
    const versions = Object.fromEntries(servers.map(({ name, version }) => [name, version]))
    const machine = machineInWords()
    writeFileSync(plan.json, `${JSON.stringify({ machine, versions, samples }, null, 2)}\n`)
  }
}

/** What a plan measures, and how. */
type Measured = Pick<Subject, 'metrics' | 'cases'> & {
  readonly measure: (turn: Turn) => Promise<Sample>
}

async function measuredBy(plan: Plan, lab: Lab, files: BenchFiles): Promise<Measured> {
  if (plan.subject === 'start') {
    const measure = (turn: Turn) => measureStart(lab, turn)
    return { metrics: START_METRICS, cases: START_CASES, measure }
  }
  const subject = await subjectOf(plan, lab, files)
  return { ...subject, measure: (turn) => measureUnderLoad(lab, subject, turn) }
}

async function subjectOf(plan: Plan, lab: Lab, files: BenchFiles): Promise<Subject> {
  const { dir, teardown, network } = lab
  const place = { dir, teardown, atClient: network.atClient }
  const tftp = await LoadGenerator.compile<TftpAnswer>('tftp-load', place)
  if (plan.subject === 'tftp') return tftpBench(tftp, files)
  const dhcp = await LoadGenerator.compile<DhcpAnswer>('dhcp-load', place)
  const all = dhcpBench(dhcp, plan.exchanges, (seconds) =>
    tftp.run(lockstepArguments(files, 200), seconds),
  )
  return plan.subject === 'shared' ? { ...all, cases: all.cases.filter(isForShared) } : all
}

/** No leases are put into PostgreSQL beforehand, and it stands beside no transfers. */
function isForShared({ leases, only }: BenchCase): boolean {
  return leases === 0 && only === undefined
}

/** Ours, then the peers that were asked for and are installed. */
async function serversFor(plan: Plan, dir: string): Promise<readonly BenchServer[]> {
  const { subject, peers, against } = plan
  const [ours, ...others] = await knownServers(subject, dir)
  const before = against === null ? [] : [applianceOf(resolve(against))]
  const servers = [...before, ...others].flatMap(reachable)
  const asked = peers.includes('none') ? [] : chosenFrom(servers, peers, 'peer')
  return [...reachable(ours), ...asked]
}

/** Ours first. */
async function knownServers(
  subject: Plan['subject'],
  dir: string,
): Promise<readonly [ours: FoundServer, ...others: FoundServer[]]> {
  switch (subject) {
    case 'start':
      return [appliance()]
    case 'dhcp':
      return [appliance(), kea(), iscDhcpd(), dnsmasq()]
    case 'tftp': {
      const atftp = await atftpd(dir, teardown)
      return [appliance(), applianceWithoutFfi(), dnsmasq(), tftpdHpa(), atftp]
    }
    case 'shared': {
      const postgres = makePostgresTemplate(join(dir, 'postgres'))
      if (postgres === null) throw new Error('lacking PostgreSQL (package postgresql) or setpriv')
      const keas = KEA_THREADS.map((threads) => keaOnPostgres(postgres, threads))
      const far = applianceFarFromPostgres(postgres, teardown)
      return [applianceWithSharedLeases(postgres), ...keas, applianceWithSqlite(), far]
    }
    default:
      return subject satisfies never
  }
}

function reachable(found: FoundServer): readonly BenchServer[] {
  if (found.kind === 'found') return [found.server]
  console.log(`left out ${found.why}`)
  return []
}
