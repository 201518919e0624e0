import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Launch } from '../servers/bench-server.ts'
import { ControlGroup } from './control-group.ts'
import { SYSTEM_PATH } from './machine.ts'
import type { Teardown } from './teardown.ts'

const READY_WITHIN_MS = 60_000
const LOOK_EVERY_MS = 100
/** Where the time until then is what is measured. */
const LOOK_OFTEN_MS = 5
/** Of what it said, when it did not start. */
const MAX_SAID_LENGTH = 1_000

let count = 0

/** A server that runs, in a control group of its own. */
export class ServerProcess {
  readonly group: ControlGroup
  readonly #child: ChildProcess
  readonly #logFile: string
  readonly #end: () => Promise<void>

  /** `around` comes before its command, what it says goes into the folder. */
  constructor(
    launch: Launch,
    parts: {
      readonly dir: string
      readonly teardown: Teardown
      readonly around: readonly string[]
    },
  ) {
    this.group = new ControlGroup(`switchhook-bench-${process.pid}-${count++}`)
    this.#end = parts.teardown.add(() => this.group.end())
    this.#logFile = join(parts.dir, 'server.log')
    const log = openSync(this.#logFile, 'w')
    const [program = '', ...args] = [...this.group.inside, ...parts.around, ...launch.command]
    this.#child = spawn(program, args, {
      stdio: ['ignore', log, log],
      cwd: parts.dir,
      // Nothing else of the environment: every server has the same, however the run was started.
      env: { PATH: SYSTEM_PATH, ...launch.env },
    })
    closeSync(log)
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Waits until a client is answered. @throws Where that does not happen; with what it said. */
  ready(answers: () => Promise<boolean>): Promise<void> {
    return this.#until(answers, LOOK_EVERY_MS)
  }

  /** Waits until its log has a text. @throws Where that does not happen; with what it said. */
  hasSaid(text: string): Promise<void> {
    const log = () => readFileSync(this.#logFile, 'utf8')
    return this.#until(() => log().includes(text), LOOK_OFTEN_MS)
  }

  async #until(isStarted: () => boolean | Promise<boolean>, everyMs: number): Promise<void> {
    const until = performance.now() + READY_WITHIN_MS
    while (this.isAlive && performance.now() < until) {
      if (await isStarted()) return
      await pause(everyMs)
    }
    throw new Error(`it did not start: ${this.#said()}`)
  }

  async end(): Promise<void> {
    await this.#end()
  }

  #said(): string {
    return readFileSync(this.#logFile, 'utf8').trim().slice(-MAX_SAID_LENGTH)
  }
}
