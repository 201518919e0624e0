import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runProgram } from './run-program.ts'
import type { Teardown } from './teardown.ts'

const COMPILE_WITHIN_MS = 60_000
/** What a generator may need beyond the time after which it begins nothing new. */
const SPARE_MS = 30_000

/** Middle, hundredth and longest of what took its time, in milliseconds. */
export type Times = { readonly p50: number; readonly p99: number; readonly max: number }

/** A program in C that plays clients; its answer is one JSON object. */
export class LoadGenerator<Answer> {
  readonly #program: string
  readonly #teardown: Teardown
  readonly #atClient: readonly string[]

  private constructor(program: string, teardown: Teardown, atClient: readonly string[]) {
    this.#program = program
    this.#teardown = teardown
    this.#atClient = atClient
  }

  /** Compiles `load/NAME.c` into the folder of the run. `atClient` comes before the command. */
  static async compile<Answer>(
    name: string,
    parts: {
      readonly dir: string
      readonly teardown: Teardown
      readonly atClient: readonly string[]
    },
  ): Promise<LoadGenerator<Answer>> {
    const program = join(parts.dir, name)
    const source = fileURLToPath(new URL(`../load/${name}.c`, import.meta.url))
    await runProgram(parts.teardown, ['cc', '-O2', '-o', program, source], {
      timeoutMs: COMPILE_WITHIN_MS,
    })
    return new LoadGenerator(program, parts.teardown, parts.atClient)
  }

  /** Runs it for this time, and until what is under way has ended. @throws Where it could not do its work. */
  async run(args: readonly string[], seconds: number): Promise<Answer> {
    const command = [...this.#atClient, this.#program, '-t', `${seconds}`, ...args]
    const timeoutMs = seconds * 1000 + SPARE_MS
    return JSON.parse(await runProgram(this.#teardown, command, { timeoutMs }))
  }
}
