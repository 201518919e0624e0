import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { ApiClient } from '../../../appliance/client/api-client.ts'
import { endProcess } from './end-process.ts'

/** The built program, as an operator runs it. */
export const MAIN = fileURLToPath(new URL('../../../dist/appliance/main.js', import.meta.url))

/** How long the appliance may take to be ready, in milliseconds; generous for a busy machine. */
const READY_WITHIN_MS = 60_000

/** How it is run and reached. */
export type ProcessOptions = {
  readonly apiPort: number
  /** Where the API listens; loopback if left out. Elsewhere `SWITCHHOOK_API_TOKEN` is its token. */
  readonly apiHost?: string
  /** What stands before the command. */
  readonly prefix?: readonly string[]
  /** Whether synthetic firmware goes beyond loopback; left out, it does where there is a prefix: a lab. */
  readonly rehearsal?: boolean
  /** Another build of the program; the one of this checkout if left out. */
  readonly main?: string
}

/** An appliance that runs as a process of its own, in a folder of its own. */
export class ApplianceProcess {
  readonly dir: string
  /** With `{dir}` for the folder. Read at each start. */
  yaml: string
  readonly #options: ProcessOptions
  #child: ChildProcess | null = null
  #output = ''

  constructor(yaml: string, options: ProcessOptions) {
    this.dir = mkdtempSync(join(tmpdir(), 'switchhook-test-'))
    this.yaml = yaml
    this.#options = options
  }

  /** Everything that it has printed so far. */
  get output(): string {
    return this.#output
  }

  /** Where the page and the API are, without a slash at its end. */
  get origin(): string {
    const { apiHost = '127.0.0.1', apiPort } = this.#options
    return `http://${apiHost}:${apiPort}`
  }

  /** The process that runs now; with a prefix, that of the prefix. */
  get pid(): number {
    return this.#child?.pid ?? 0
  }

  get api(): ApiClient {
    const token = this.#options.apiHost === undefined ? null : process.env['SWITCHHOOK_API_TOKEN']
    return new ApiClient(this.origin, token ?? null)
  }

  /** Starts it and waits until it says that it is ready. */
  async start(): Promise<void> {
    const before = this.#output.length
    const child = this.launch()
    for (const until = Date.now() + READY_WITHIN_MS; Date.now() < until; await pause(20)) {
      if (this.#output.includes('"appliance.ready"', before)) return
      if (child.exitCode !== null) break
    }
    throw new Error(`the appliance did not start:\n${this.#output.slice(before)}`)
  }

  /** Starts it and waits for nothing. */
  launch(): ChildProcess {
    const [command, args] = this.#command()
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    child.stdout.on('data', (text: Buffer) => (this.#output += text))
    child.stderr.on('data', (text: Buffer) => (this.#output += text))
    return child
  }

  /** Starts it where it cannot start; its end, and what it printed. */
  startInVain() {
    return run(...this.#command())
  }

  /** Writes the configuration down. */
  #command(): [command: string, args: readonly string[]] {
    writeFileSync(this.config, this.yaml.replaceAll('{dir}', this.dir))
    const { prefix = [], rehearsal = prefix.length > 0, main = MAIN } = this.#options
    const serve = [process.execPath, main, 'serve', '--config', this.config]
    const flags = rehearsal ? ['--rehearsal'] : []
    const [command = '', ...args] = [...prefix, ...serve, ...flags]
    return [command, args]
  }

  /** Waits until it has printed this: what a client has seen may come to the log a moment later. */
  async printed(text: string, withinMs = 10_000): Promise<boolean> {
    for (const until = Date.now() + withinMs; Date.now() < until; await pause(20)) {
      if (this.#output.includes(text)) return true
    }
    return false
  }

  /** The configuration file that it was started with. */
  get config(): string {
    return join(this.dir, 'switchhook.yaml')
  }

  /** Writes a file that nobody else may read, such as the URL of a database; its path. */
  writeSecret(name: string, text: string): string {
    const file = join(this.dir, name)
    writeFileSync(file, `${text}\n`, { mode: 0o600 })
    return file
  }

  /** Sends a signal that is no end. */
  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name)
  }

  /** SIGKILL: nothing is written, nothing is closed. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** SIGTERM, and waits for the end. */
  async stop(): Promise<number | null> {
    return this.#end('SIGTERM')
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child
    this.#child = null
    if (child === null) return null
    await endProcess(child, signal)
    return child.exitCode
  }

  async remove(): Promise<void> {
    await this.#end('SIGKILL')
    rmSync(this.dir, { recursive: true, force: true })
  }
}

/** An appliance for a test, ready, and gone with it. */
export async function anAppliance(
  t: Pick<Test, 'teardown'>,
  yaml: string,
  options: ProcessOptions,
): Promise<ApplianceProcess> {
  const appliance = new ApplianceProcess(yaml, options)
  t.teardown(() => appliance.remove())
  await appliance.start()
  return appliance
}

/** A UDP port of loopback that nobody has now. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  return port
}

/** A TCP port of loopback that nobody has now. */
export async function freeTcpPort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Runs a program to its end; its output and its exit code. */
export async function run(
  command: string,
  args: readonly string[],
  timeoutMs = 120_000,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs })
  let output = ''
  child.stdout.on('data', (text: Buffer) => (output += text))
  child.stderr.on('data', (text: Buffer) => (output += text))
  const [code] = await once(child, 'close')
  return { code, output }
}

/** Runs a command of ours. */
export function switchhook(...args: readonly string[]) {
  return run(process.execPath, [MAIN, ...args])
}
