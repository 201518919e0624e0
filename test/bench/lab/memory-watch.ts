import { readFileSync } from 'node:fs'

const LOOK_EVERY_MS = 300
const BYTES_IN_KIB = 1024

/** Memory in bytes, of all processes of a server together. */
export type MemoryUse = {
  /** What is in memory, pages that processes share counted for each. */
  readonly resident: number
  /** Of that, what no file backs. */
  readonly anonymous: number
}

/** The most that processes have used at one time, looked at a few times a second. */
export class MemoryWatch {
  readonly #processes: () => readonly number[]
  readonly #timer: NodeJS.Timeout
  #resident = 0
  #anonymous = 0

  constructor(processes: () => readonly number[]) {
    this.#processes = processes
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS)
    this.#look()
  }

  /** Looks a last time. */
  end(): MemoryUse {
    clearInterval(this.#timer)
    this.#look()
    return { resident: this.#resident, anonymous: this.#anonymous }
  }

  #look(): void {
    const uses = this.#processes().map(memoryOf)
    this.#resident = Math.max(this.#resident, sum(uses.map(({ resident }) => resident)))
    this.#anonymous = Math.max(this.#anonymous, sum(uses.map(({ anonymous }) => anonymous)))
  }
}

function memoryOf(processId: number): MemoryUse {
  try {
    const status = readFileSync(`/proc/${processId}/status`, 'utf8')
    return { resident: bytesIn(status, 'VmRSS'), anonymous: bytesIn(status, 'RssAnon') }
  } catch {
    // It has ended meanwhile.
    return { resident: 0, anonymous: 0 }
  }
}

function bytesIn(status: string, name: string): number {
  return Number(RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * BYTES_IN_KIB
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
