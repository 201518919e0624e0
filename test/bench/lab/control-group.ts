import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const ROOT = '/sys/fs/cgroup'
const END_WITHIN_MS = 5_000
const LOOK_EVERY_MS = 50

/** A control group: what one server and its children use, those that have ended included. */
export class ControlGroup {
  readonly #dir: string
  readonly #isUnified: boolean

  constructor(name: string) {
    this.#isUnified = existsSync(join(ROOT, 'cgroup.controllers'))
    const hierarchy = this.#isUnified ? ROOT : join(ROOT, 'cpuacct')
    this.#dir = join(hierarchy, ownPath(this.#isUnified ? '' : 'cpuacct'), name)
    mkdirSync(this.#dir)
  }

  /** What stands before a command that is to run in it. */
  get inside(): readonly string[] {
    return ['sh', '-c', `echo $$ > '${this.#dir}/cgroup.procs' && exec "$@"`, 'sh']
  }

  /** Processor time used so far, in microseconds. */
  cpuUs(): number {
    if (!this.#isUnified) return Number(this.#read('cpuacct.usage')) / 1000
    return Number(/^usage_usec (\d+)$/m.exec(this.#read('cpu.stat'))?.[1])
  }

  /** Processes in it now; none when it has been removed. */
  processes(): readonly number[] {
    if (!existsSync(this.#dir)) return []
    return this.#read('cgroup.procs').split('\n').filter(Boolean).map(Number)
  }

  /** Asks its processes to end, ends those that do not, and removes it. */
  async end(): Promise<void> {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      for (const id of this.processes()) sendSignal(id, signal)
      const until = performance.now() + END_WITHIN_MS
      while (this.processes().length > 0 && performance.now() < until) await pause(LOOK_EVERY_MS)
      if (this.processes().length === 0) break
    }
    rmdirSync(this.#dir)
  }

  #read(file: string): string {
    return readFileSync(join(this.#dir, file), 'utf8')
  }
}

function sendSignal(id: number, signal: NodeJS.Signals): void {
  try {
    process.kill(id, signal)
  } catch {
    // It has ended by itself meanwhile.
  }
}

/** Where this process is in a hierarchy, `/` at its top. */
function ownPath(controller: string): string {
  const lines = readFileSync('/proc/self/cgroup', 'utf8').split('\n')
  const found = lines.map((line) => line.split(':')).find(([, names]) => names === controller)
  return found?.[2] ?? '/'
}
