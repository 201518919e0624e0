import { execFileSync, spawnSync } from 'node:child_process'
import type { Teardown } from './teardown.ts'

/** Where the server is; clients are at the other end. */
export const SERVER = { interfaceName: 'bs0', address: '10.77.0.1' } as const
export const CLIENT = { interfaceName: 'bc0', address: '10.77.0.2' } as const
/** Addresses of both, of the pool, and of every client in between. */
export const SUBNET = { network: '10.77.0.0', length: 16, mask: '255.255.0.0' } as const
/** 64,000 addresses. */
export const POOL = { first: '10.77.1.0', last: '10.77.250.255' } as const

/** Two network namespaces joined by a cable: named for this run, and nothing else is touched. */
export class BenchNetwork {
  readonly #name = `shb${process.pid.toString(36)}`

  constructor(teardown: Teardown) {
    teardown.add(() => this.#remove())
    for (const namespace of [this.#server, this.#client]) {
      this.#ip('netns', 'add', namespace)
      this.#ip('-n', namespace, 'link', 'set', 'lo', 'up')
    }
    const cable = ['link', 'add', SERVER.interfaceName, 'type', 'veth', 'peer', 'name']
    this.#ip('-n', this.#server, ...cable, CLIENT.interfaceName, 'netns', this.#client)
    this.#raise(this.#server, SERVER)
    this.#raise(this.#client, CLIENT)
  }

  /** What stands before a command that runs where the server is. */
  get atServer(): readonly string[] {
    return ['ip', 'netns', 'exec', this.#server]
  }

  /** What stands before a command that runs where the clients are. */
  get atClient(): readonly string[] {
    return ['ip', 'netns', 'exec', this.#client]
  }

  get #server(): string {
    return `${this.#name}s`
  }

  get #client(): string {
    return `${this.#name}c`
  }

  #raise(namespace: string, end: { readonly interfaceName: string; readonly address: string }) {
    const { interfaceName, address } = end
    this.#ip('-n', namespace, 'addr', 'add', `${address}/${SUBNET.length}`, 'dev', interfaceName)
    this.#ip('-n', namespace, 'link', 'set', interfaceName, 'up')
  }

  #ip(...args: readonly string[]): void {
    execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  }

  /** The cable goes with the namespaces. */
  #remove(): void {
    for (const namespace of [this.#server, this.#client])
      spawnSync('ip', ['netns', 'del', namespace])
  }
}
