import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import type { Test } from 'tap'
import { run } from './appliance-process.ts'
import { endProcess } from './end-process.ts'

/** The server's interface inside its namespace, and a client's inside its own. */
export const SERVER_INTERFACE = 'lab0'
export const CLIENT_INTERFACE = 'eth0'

/** The interface of a relay agent that looks away from the server. */
export const RELAY_INTERFACE = 'eth1'

/** Arguments of Node that make it send a frame: see `send-udp-frame.ts` for those behind them. */
export const SEND_FRAME = [
  '--import',
  './test/runner/load-typescript.mjs',
  'test/system/support/send-udp-frame.ts',
]

/**
 * Network namespaces of one test: a server on a bridge, clients that are plugged into it. Named for
 * this process, and removed with the test.
 */
export class Lab {
  readonly #name: string
  readonly #clients: string[] = []
  readonly #programs: ChildProcess[] = []

  private constructor(name: string) {
    this.#name = name
  }

  /** `address` is the server's, with its prefix length. */
  static open(t: Pick<Test, 'teardown'>, address: string): Lab {
    const lab = new Lab(`sh${process.pid.toString(36)}${(counter++).toString(36)}`)
    t.teardown(() => lab.#close())
    ip('netns', 'add', lab.server)
    ip('-n', lab.server, 'link', 'set', 'lo', 'up')
    ip('-n', lab.server, 'link', 'add', SERVER_INTERFACE, 'type', 'bridge')
    ip('-n', lab.server, 'addr', 'add', address, 'dev', SERVER_INTERFACE)
    ip('-n', lab.server, 'link', 'set', SERVER_INTERFACE, 'up')
    return lab
  }

  /** The server's namespace. */
  get server(): string {
    return `${this.#name}s`
  }

  /** What stands before a command that runs beside the server. */
  get besideServer(): readonly string[] {
    return ['ip', 'netns', 'exec', this.server]
  }

  /** Plugs in a client with this MAC address; the name of its namespace. */
  plugIn(mac: string): string {
    const client = `${this.#name}c${this.#clients.length}`
    const port = `p${this.#clients.length}`
    this.#clients.push(client)
    ip('netns', 'add', client)
    ip(
      '-n',
      this.server,
      'link',
      'add',
      port,
      'type',
      'veth',
      'peer',
      'name',
      CLIENT_INTERFACE,
      'netns',
      client,
    )
    ip('-n', client, 'link', 'set', 'lo', 'up')
    ip('-n', client, 'link', 'set', CLIENT_INTERFACE, 'address', mac, 'up')
    ip('-n', this.server, 'link', 'set', port, 'master', SERVER_INTERFACE, 'up')
    return client
  }

  /**
   * Plugs a client in behind another one, which has `address` (with its prefix length) on that side
   * and forwards between the two; the name of its namespace.
   */
  plugInBehind(relay: string, address: string, mac: string): string {
    const client = `${this.#name}c${this.#clients.length}`
    this.#clients.push(client)
    ip('netns', 'add', client)
    const far = ['peer', 'name', CLIENT_INTERFACE, 'netns', client]
    ip('-n', relay, 'link', 'add', RELAY_INTERFACE, 'type', 'veth', ...far)
    ip('-n', relay, 'addr', 'add', address, 'dev', RELAY_INTERFACE)
    ip('-n', relay, 'link', 'set', RELAY_INTERFACE, 'up')
    ip('-n', client, 'link', 'set', 'lo', 'up')
    ip('-n', client, 'link', 'set', CLIENT_INTERFACE, 'address', mac, 'up')
    ip('netns', 'exec', relay, 'sysctl', '-qw', 'net.ipv4.ip_forward=1')
    return client
  }

  /**
   * Plugs a client into another interface of the server, which has `address` (with its prefix
   * length) there; the name of its namespace.
   */
  plugInApart(serverInterface: string, address: string, mac: string): string {
    const client = `${this.#name}c${this.#clients.length}`
    this.#clients.push(client)
    ip('netns', 'add', client)
    const far = ['peer', 'name', CLIENT_INTERFACE, 'netns', client]
    ip('-n', this.server, 'link', 'add', serverInterface, 'type', 'veth', ...far)
    ip('-n', this.server, 'addr', 'add', address, 'dev', serverInterface)
    ip('-n', this.server, 'link', 'set', serverInterface, 'up')
    ip('-n', client, 'link', 'set', 'lo', 'up')
    ip('-n', client, 'link', 'set', CLIENT_INTERFACE, 'address', mac, 'up')
    return client
  }

  /** Gives a client one more address; `interfaceName` is the one that has it. */
  addAddress(client: string, address: string, interfaceName = CLIENT_INTERFACE): void {
    ip('-n', client, 'addr', 'add', address, 'dev', interfaceName)
  }

  /** Adds a route in a client's namespace or the server's. */
  addRoute(where: string, subnet: string, via: string): void {
    ip('-n', where, 'route', 'add', subnet, 'via', via)
  }

  /** Pulls a client's plug. */
  unplug(client: string): void {
    ip('-n', client, 'link', 'set', CLIENT_INTERFACE, 'down')
  }

  /** Runs a program in a client's namespace. */
  run(client: string, command: string, ...args: readonly string[]) {
    return run('ip', ['netns', 'exec', client, command, ...args], 60_000)
  }

  /** Starts a program in a client's namespace that runs until it is stopped, or the test ends. */
  startIn(client: string, command: string, ...args: readonly string[]): RunningProgram {
    const child = spawn('ip', ['netns', 'exec', client, command, ...args], { stdio: 'ignore' })
    this.#programs.push(child)
    return { stop: (signal) => endProcess(child, signal) }
  }

  /** Gives a client an address, as a DHCP script would. */
  setAddress(client: string, address: string): void {
    ip('-n', client, 'addr', 'flush', 'dev', CLIENT_INTERFACE)
    ip('-n', client, 'addr', 'add', address, 'dev', CLIENT_INTERFACE)
  }

  /** Puts a subnet behind a client, which takes all of its addresses for its own. */
  putBehind(client: string, via: string, subnet: string): void {
    ip('-n', this.server, 'route', 'add', subnet, 'via', via)
    ip('-n', client, 'route', 'add', 'local', subnet, 'dev', 'lo')
  }

  /** Takes what the server's kernel knows of an address out of its neighbour table. */
  forgetNeighbour(address: string): void {
    spawnSync('ip', ['-n', this.server, 'neigh', 'del', address, 'dev', SERVER_INTERFACE])
  }

  /** Tells a client the server's hardware address, so that it need not ask for it. */
  setNeighbour(client: string, server: string): void {
    const shown = execFileSync('ip', ['-n', this.server, '-o', 'link', 'show', SERVER_INTERFACE])
    const mac = /link\/ether (\S+)/.exec(`${shown}`)?.[1] ?? ''
    const entry = ['neigh', 'replace', server, 'lladdr', mac, 'nud', 'permanent']
    ip('-n', client, ...entry, 'dev', CLIENT_INTERFACE)
  }

  /** Lets a client send to everybody: Node's sockets need a route for that. */
  addDefaultRoute(client: string): void {
    ip('-n', client, 'route', 'add', 'default', 'dev', CLIENT_INTERFACE)
  }

  #close(): void {
    for (const program of this.#programs) program.kill('SIGKILL')
    for (const name of [...this.#clients, this.server]) spawnSync('ip', ['netns', 'del', name])
  }
}

/** Runs `ip`. @throws Where it fails, with what it said. */
export function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}

/** A program that runs beside a test. */
export type RunningProgram = { readonly stop: (signal?: NodeJS.Signals) => Promise<void> }

let counter = 0

/** Asks again until the answer is as wanted; the last one if it never was. */
export async function eventually<Answer>(
  ask: () => Promise<Answer>,
  isWanted: (answer: Answer) => boolean,
  withinMs: number,
): Promise<Answer> {
  const until = Date.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (isWanted(answer) || Date.now() >= until) return answer
    await pause(200)
  }
}

/** What this machine lacks for tests in namespaces, in words; empty where it has all of it. */
export function lackingForLab(tools: readonly string[]): string {
  if (process.getuid?.() !== 0) return 'root'
  const probe = `shprobe${process.pid}`
  const made = spawnSync('ip', ['netns', 'add', probe]).status === 0
  if (!made) return 'network namespaces'
  spawnSync('ip', ['netns', 'del', probe])
  const absent = tools.filter((tool) => spawnSync('which', [tool]).status !== 0)
  return absent.join(', ')
}
