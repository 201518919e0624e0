import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ANONYMOUS, type BenchCase, CPU, RESIDENT, type Subject } from './bench-case.ts'
import type { BenchNetwork } from './lab/bench-network.ts'
import { BUSY, settle } from './lab/machine.ts'
import { MemoryWatch } from './lab/memory-watch.ts'
import { ServerProcess } from './lab/server-process.ts'
import type { Teardown } from './lab/teardown.ts'
import type { Sample } from './measurement.ts'
import type { BenchServer } from './servers/bench-server.ts'

/** After the warm-up, and before processor time is read: what is under way comes to its end. */
const SETTLE_MS = 500
const BYTES_IN_MB = 1e6

/** What a run needs. */
export type Rounds = {
  readonly subject: Subject
  readonly cases: readonly BenchCase[]
  /** Ours first. */
  readonly servers: readonly BenchServer[]
  readonly rounds: number
  readonly dir: string
  readonly filesDir: string
  readonly network: BenchNetwork
  readonly teardown: Teardown
  readonly say: (line: string) => void
}

/** Measures case by case; within each round of a case the servers take turns, each started again. */
export async function runRounds(rounds: Rounds): Promise<Sample[]> {
  const samples: Sample[] = []
  for (const bench of rounds.cases) {
    for (let round = 1; round <= rounds.rounds; round++) {
      for (const server of rounds.servers) {
        if (bench.only !== undefined && !bench.only.includes(server.name)) continue
        const sample = await measure(rounds, { bench, server, round })
        rounds.say(inWords(sample))
        samples.push(sample)
      }
    }
  }
  return samples
}

type Turn = { readonly bench: BenchCase; readonly server: BenchServer; readonly round: number }

async function measure(rounds: Rounds, { bench, server, round }: Turn): Promise<Sample> {
  const { subject, network, teardown, filesDir } = rounds
  const turn = { case: bench.name, server: server.name, round }
  const dir = join(rounds.dir, `${bench.name}-${round}-${server.name}`)
  mkdirSync(dir)
  const launch = await server.prepare({ dir, filesDir, leases: bench.leases })
  const around = [...network.atServer, ...bench.around]
  const running = new ServerProcess(launch, { dir, teardown, around })
  let disturbance = { loadAverage: 0, busy: 0 }
  try {
    await running.ready(subject.answers)
    await subject.warmUp()
    disturbance = await settle(SETTLE_MS)
    const { values, fault } = await observe(bench, running)
    return { ...turn, ...disturbance, values, fault }
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error)
    return { ...turn, ...disturbance, values: {}, fault }
  } finally {
    await running.end()
    rmSync(dir, { recursive: true, force: true })
  }
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
