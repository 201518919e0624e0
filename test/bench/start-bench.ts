import { setTimeout as pause } from 'node:timers/promises'
import { ANONYMOUS, type BenchCase, BYTES_IN_MB, RESIDENT } from './bench-case.ts'
import { settle } from './lab/machine.ts'
import { MemoryWatch } from './lab/memory-watch.ts'
import type { Metric, Sample } from './measurement.ts'
import { type Lab, measureIn, type Turn } from './run-rounds.ts'

/** What is measured of a start. */
export const START_METRICS: readonly Metric[] = [
  { key: 'readyMs', title: 'ready after ms', digits: 0, over: 'median', isCompared: true },
  { key: 'cpuMs', title: 'CPU ms until then', digits: 0, over: 'median', isCompared: true },
  { key: RESIDENT, title: 'RSS MB, idle', digits: 0, over: 'median', isCompared: true },
  { key: ANONYMOUS, title: 'anonymous MB', digits: 0, over: 'median', isCompared: false },
]

/** What the appliance starts with. */
export const START_CASES: readonly BenchCase[] = [
  startOf('empty', 'nothing stored', { leases: 0, phones: 0 }),
  startOf('leases', '50,000 leases', { leases: 50_000, phones: 0 }),
  startOf('full', '10,000 phones and 50,000 leases', { leases: 50_000, phones: 10_000 }),
]

/** The one event that says so. */
const READY = '"event":"appliance.ready"'

/** After the start: memory that is given back is gone by then. */
const IDLE_MS = 3_000
const SETTLE_MS = 500

/** Starts an appliance, measures until its log says that it is ready, and then its memory. */
export function measureStart(lab: Lab, turn: Turn): Promise<Sample> {
  return measureIn(lab, turn, async (start) => {
    const disturbance = await settle(SETTLE_MS)
    const startedAtMs = performance.now()
    const running = start()
    await running.hasSaid(READY)
    const readyMs = performance.now() - startedAtMs
    const cpuMs = running.group.cpuUs() / 1_000
    await pause(IDLE_MS)
    const { resident, anonymous } = new MemoryWatch(() => running.group.processes()).end()
    const memory = { [RESIDENT]: resident / BYTES_IN_MB, [ANONYMOUS]: anonymous / BYTES_IN_MB }
    const fault = running.isAlive ? null : 'the server ended by itself'
    return { ...disturbance, values: { readyMs, cpuMs, ...memory }, fault }
  })
}

function startOf(
  name: string,
  title: string,
  held: { readonly leases: number; readonly phones: number },
): BenchCase {
  const run = () => Promise.reject(new Error('nothing loads a server that starts'))
  return { name, title, ...held, around: [], isDisturbed: false, run }
}
