import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  ANONYMOUS,
  type BenchCase,
  BYTES_IN_MB,
  CPU,
  RESIDENT,
  type Subject,
} from './bench-case.ts'
import type { BenchNetwork } from './lab/bench-network.ts'
import { BUSY, settle } from './lab/machine.ts'
import { MemoryWatch } from './lab/memory-watch.ts'
import { ServerProcess } from './lab/server-process.ts'
import type { Teardown } from './lab/teardown.ts'
import type { Sample } from './measurement.ts'
import type { BenchServer } from './servers/bench-server.ts'

/** After the warm-up, and before processor time is read: what is under way comes to its end. */
const SETTLE_MS = 500

/** Where servers are measured. */
export type Lab = {
  readonly dir: string
  readonly filesDir: string
  readonly network: BenchNetwork
  readonly teardown: Teardown
}

/** What a run needs. */
export type Rounds = {
  readonly cases: readonly BenchCase[]
  /** Ours first. */
  readonly servers: readonly BenchServer[]
  readonly rounds: number
  readonly measure: (turn: Turn) => Promise<Sample>
  readonly say: (line: string) => void
}

/** One measurement: a server in a case. */
export type Turn = {
  readonly bench: BenchCase
  readonly server: BenchServer
  readonly round: number
}

/** Measures case by case; within each round of a case the servers take turns, each started again. */
export async function runRounds(rounds: Rounds): Promise<Sample[]> {
  const samples: Sample[] = []
  for (const bench of rounds.cases) {
    for (let round = 1; round <= rounds.rounds; round++) {
      for (const server of rounds.servers) {
        if (bench.only !== undefined && !bench.only.includes(server.name)) continue
        const sample = await rounds.measure({ bench, server, round })
        rounds.say(inWords(sample))
        samples.push(sample)
      }
    }
  }
  return samples
}

/** What was seen of a server, and what else the machine did when it began. */
export type Observed = Pick<Sample, 'values' | 'fault' | 'loadAverage' | 'busy'>

/**
 * Prepares a server in a folder of its own and ends it afterwards. A fault is a sample without values.
 *
 * @param observe - Starts the server, once, and sees what is to be seen.
 */
export async function measureIn(
  lab: Lab,
  { bench, server, round }: Turn,
  observe: (start: () => ServerProcess) => Promise<Observed>,
): Promise<Sample> {
  const { network, teardown, filesDir } = lab
  const turn = { case: bench.name, server: server.name, round }
  const dir = join(lab.dir, `${bench.name}-${round}-${server.name}`)
  mkdirSync(dir)
  const { leases, phones = 0 } = bench
  const launch = await server.prepare({ dir, filesDir, leases, phones })
  const around = [...network.atServer, ...bench.around]
  let running: ServerProcess | undefined
  try {
    const observed = await observe(() => {
      running = new ServerProcess(launch, { dir, teardown, around })
      return running
    })
    return { ...turn, ...observed }
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error)
    return { ...turn, loadAverage: 0, busy: 0, values: {}, fault }
  } finally {
    await running?.end()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Measures a server under the load of a case, after it has come to speed. */
export function measureUnderLoad(lab: Lab, subject: Subject, turn: Turn): Promise<Sample> {
  return measureIn(lab, turn, async (start) => {
    const running = start()
    await running.ready(subject.answers)
    await subject.warmUp()
    const disturbance = await settle(SETTLE_MS)
    return { ...disturbance, ...(await observe(turn.bench, running)) }
  })
}

async function observe(bench: BenchCase, running: ServerProcess) {
  const { group } = running
  const memory = new MemoryWatch(() => group.processes())
  const beforeUs = group.cpuUs()
  const seen = await bench.run().finally(() => memory.end())
  await settle(SETTLE_MS)
  const { resident, anonymous } = memory.end()
  const atServer = {
    [CPU]: (group.cpuUs() - beforeUs) / Math.max(1, seen.units),
    [RESIDENT]: resident / BYTES_IN_MB,
    [ANONYMOUS]: anonymous / BYTES_IN_MB,
  }
  const values = bench.isDisturbed ? seen.values : { ...seen.values, ...atServer }
  return { values, fault: running.isAlive ? seen.fault : 'the server ended by itself' }
}

function inWords({ case: name, round, server, values, fault, busy, loadAverage }: Sample): string {
  const shown = Object.entries(values).map(([key, value]) => `${key} ${value.toPrecision(4)}`)
  const warning =
    busy > BUSY
      ? `  WARNING: others used ${Math.round(busy * 100)} % of the machine (load ${loadAverage.toFixed(1)})`
      : ''
  return `${name} ${round} ${server}: ${fault ?? shown.join(', ')}${warning}`
}
