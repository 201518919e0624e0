import { type ChildProcess, spawn } from 'node:child_process'
import type {
  RestartMethod,
  RestartTarget,
  SendOutcome,
} from '../../call-control/restart/method.ts'
import { formatIpv4 } from '../../net/ipv4.ts'
import { ProcessGroup } from './process-group.ts'

/** What a command has printed, for the log. */
export type CommandOutput = {
  readonly mac: string
  /** Standard output and standard error, interleaved as they came, cut at {@link MOST_LOGGED_BYTES}. */
  readonly output: string
  /** Whether something was cut off. */
  readonly isCut: boolean
  /** Exit code; null where a signal ended it. */
  readonly code: number | null
}

/** How commands are run. */
export type CommandOptions = {
  /** The program and its arguments, and its time limit in milliseconds; undefined: none is configured. */
  readonly command: () =>
    | { readonly words: readonly string[]; readonly timeoutMs: number }
    | undefined
  readonly path: string
  readonly onOutput: (output: CommandOutput) => void
  /** Between SIGTERM and SIGKILL. */
  readonly killAfterMs?: number
}

/** Commands at once; a roll-out waits its turn in the engine, which limits restarts as well. */
const MOST_AT_ONCE = 4

/** Bytes of output that are kept and logged, both streams together. */
const MOST_LOGGED_BYTES = 4_096

/** Characters of the last line of standard error in a reason. */
const MOST_REASON = 200

const KILL_AFTER_MS = 2_000

/**
 * Restarts a phone by a program of the operator: without a shell, with four variables in its
 * environment and nothing else of ours.
 *
 * It runs in a process group of its own. At the time limit, and when the caller stops, the whole group
 * is ended; `send` settles when none of it is left.
 */
export class CommandRestart implements RestartMethod {
  readonly name = 'command'
  readonly #options: CommandOptions
  #running = 0

  constructor(options: CommandOptions) {
    this.#options = options
  }

  async send(target: RestartTarget, signal: AbortSignal): Promise<SendOutcome> {
    const command = this.#options.command()
    if (command === undefined) return failed('the configuration has no restart.command')
    if (signal.aborted) return failed('it was stopped before it began')
    if (this.#running >= MOST_AT_ONCE) {
      return failed(`${MOST_AT_ONCE} restart commands are running already`)
    }
    this.#running++
    try {
      return await this.#run(command, target, signal)
    } finally {
      this.#running--
    }
  }

  async #run(
    { words, timeoutMs }: { readonly words: readonly string[]; readonly timeoutMs: number },
    target: RestartTarget,
    signal: AbortSignal,
  ): Promise<SendOutcome> {
    const [program = '', ...args] = words
    const { path, onOutput, killAfterMs = KILL_AFTER_MS } = this.#options
    const env = environmentOf(target, path)
    const stdio = ['ignore', 'pipe', 'pipe'] as const
    // A group of its own: what the program starts is ended with it.
    const child = spawn(program, args, { env, stdio: [...stdio], shell: false, detached: true })
    const group = new ProcessGroup(child, killAfterMs)
    const output = new BoundedOutput(child)
    let why: string | undefined
    const stop = (reason: string) => {
      why ??= reason
      group.end()
    }
    const limit = setTimeout(() => stop(`not finished after ${timeoutMs / 1000} s`), timeoutMs)
    const onAbort = () => stop('it was stopped')
    signal.addEventListener('abort', onAbort)
    try {
      const code = await group.ended()
      onOutput({ mac: target.mac, output: output.text(), isCut: output.isCut, code })
      if (why !== undefined) return failed(`${program}: ${why}`)
      if (code === 0) return { kind: 'sent' }
      const ending = code === null ? 'ended by a signal' : `exit code ${code}`
      return failed([`${program}: ${ending}`, output.lastErrorLine()].filter(Boolean).join(': '))
    } catch (error) {
      return failed(`${program} cannot be run: ${(error as NodeJS.ErrnoException).code}`)
    } finally {
      clearTimeout(limit)
      signal.removeEventListener('abort', onAbort)
    }
  }
}

/** Exactly this; secrets of the appliance's own environment stay where they are. */
function environmentOf({ mac, address, switchPort }: RestartTarget, path: string) {
  return {
    SWITCHHOOK_MAC: mac,
    SWITCHHOOK_ADDRESS: address === null ? '' : formatIpv4(address),
    SWITCHHOOK_SWITCH_PORT: switchPort ?? '',
    PATH: path,
  }
}

/** The beginning of what a program prints, and the end of its standard error; the rest is let go. */
class BoundedOutput {
  isCut = false
  #bytes: Buffer[] = []
  #length = 0
  #errorTail = ''

  constructor({ stdout, stderr }: ChildProcess) {
    stdout?.on('data', (bytes: Buffer) => this.#keep(bytes))
    stderr?.on('data', (bytes: Buffer) => {
      this.#keep(bytes)
      this.#errorTail = (this.#errorTail + bytes.toString('utf8')).slice(-MOST_LOGGED_BYTES)
    })
  }

  text(): string {
    return Buffer.concat(this.#bytes).toString('utf8').trimEnd()
  }

  lastErrorLine(): string {
    const line =
      this.#errorTail
        .trimEnd()
        .split(/[\r\n]/)
        .at(-1) ?? ''
    // Control characters must not reach a log or a terminal.
    return line
      .replace(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, MOST_REASON)
  }

  #keep(bytes: Buffer): void {
    const room = MOST_LOGGED_BYTES - this.#length
    if (bytes.length > room) this.isCut = true
    if (room <= 0) return
    this.#bytes.push(bytes.subarray(0, room))
    this.#length += Math.min(room, bytes.length)
  }
}

function failed(reason: string): SendOutcome {
  return { kind: 'failed', reason }
}
