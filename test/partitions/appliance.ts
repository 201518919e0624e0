import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ApplianceProcess } from '../system/support/appliance-process.ts'
import type { Cluster } from './database.ts'
import {
  API_PORT,
  type AppliancePlace,
  addressesOf,
  LEASE_SECONDS,
  NETWORK,
  PHONE_SPEED,
  POOL,
  SITE,
  VLAN_SUBNET,
  WIDE_SUBNET,
} from './places.ts'
import { VLAN_INTERFACE } from './site.ts'

/** Times of ownership, in milliseconds. */
export type Timing = { readonly takeoverAfterMs: number; readonly repeatForMs: number }

/** How an appliance is made. */
export type ApplianceParts = {
  readonly place: AppliancePlace
  readonly peer: AppliancePlace
  readonly namespace: string
  readonly clusters: readonly Cluster[]
  readonly timing: Timing
  /** Leases that are there before the clients come. */
  readonly leases: number
  /** The built program. */
  readonly main: string
  /** The library that gives it a wall clock of its own; null: it has the machine's. */
  readonly clockLibrary: string | null
}

type Answer = { readonly status: number; readonly etag: string | null; readonly body: unknown }

/** One of the two appliances: a built program in a namespace of its own. */
export class Appliance {
  readonly place: AppliancePlace
  readonly process: ApplianceProcess
  readonly #clockFile: string
  /** Its process while it is frozen: one that is told to stop as well has to wake up first. */
  #frozenPid = 0

  constructor(parts: ApplianceParts) {
    this.place = parts.place
    this.#clockFile = join(tmpdir(), `switchhook-clock-${process.pid}-${parts.place.name}`)
    const clock = parts.clockLibrary === null ? [] : clockOf(parts.clockLibrary, this.#clockFile)
    this.process = new ApplianceProcess(yamlOf(parts), {
      apiPort: API_PORT,
      apiHost: parts.place.apiAddress,
      prefix: ['ip', 'netns', 'exec', parts.namespace, ...clock],
      main: parts.main,
    })
    this.setClock(0)
    const hosts = parts.clusters.map(({ address }) => `${address}:5432`).join(',')
    this.process.writeSecret('url', `postgresql://switchhook@${hosts}/switchhook`)
  }

  get name(): AppliancePlace['name'] {
    return this.place.name
  }

  get isRunning(): boolean {
    const { pid } = this.process
    return pid !== 0 && isAlive(pid)
  }

  /** Whether it has ended without being told to. */
  get hasEnded(): boolean {
    return this.process.pid !== 0 && !this.isRunning
  }

  start(): Promise<void> {
    return this.process.start()
  }

  async kill(): Promise<void> {
    this.#frozenPid = 0
    await this.process.kill()
  }

  async stop(): Promise<void> {
    await this.process.stop()
  }

  freeze(): void {
    if (!this.isRunning) return
    this.#frozenPid = this.process.pid
    this.process.signal('SIGSTOP')
  }

  thaw(): void {
    const pid = this.#frozenPid
    this.#frozenPid = 0
    if (pid !== 0 && isAlive(pid)) process.kill(pid, 'SIGCONT')
  }

  /** Sets its wall clock so many seconds from the machine's; the monotonic one goes on. */
  setClock(seconds: number): void {
    writeFileSync(this.#clockFile, `${seconds < 0 ? '' : '+'}${seconds}\n`)
  }

  async remove(): Promise<void> {
    await this.process.remove()
    rmSync(this.#clockFile, { force: true })
  }

  /** What it has logged of ownership, starts and stops since then, a line each with its time. */
  logSince(sinceMs: number): readonly string[] {
    const lines = this.process.output.split('\n')
    const from = lines.findLastIndex((line) => timeOf(line) < sinceMs) + 1
    return lines.slice(from).filter((line) => TOLD.test(line))
  }

  /** Status 0 where there is no answer. */
  async ask(path: string, options: AskOptions = {}): Promise<Answer> {
    const { method = 'GET', body, headers = {}, withinMs = 5000 } = options
    try {
      const answer = await fetch(`${this.process.origin}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${process.env['SWITCHHOOK_API_TOKEN']}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(withinMs),
      })
      const text = await answer.text()
      const isJson = /^[[{]/.test(text)
      const etag = answer.headers.get('etag')
      return { status: answer.status, etag, body: isJson ? JSON.parse(text) : text }
    } catch {
      return { status: 0, etag: null, body: null }
    }
  }

  /** Whether it serves the network itself. */
  async serves(): Promise<boolean> {
    const { status, body } = await this.ask(`/v1/networks/${NETWORK}`)
    return status === 200 && (body as { served?: boolean }).served === true
  }

  async isReady(): Promise<boolean> {
    return (await this.ask('/readyz')).status === 200
  }
}

type AskOptions = {
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly withinMs?: number
}

/** Events that tell how a network came from one appliance to the other. */
const TOLD = /"event":"(?:network|ownership|appliance|postgres)\./

/** When a line of the log was written, in milliseconds since the epoch; NaN where it does not say. */
function timeOf(line: string): number {
  return Date.parse(/"time":"([^"]+)"/.exec(line)?.[1] ?? '')
}

/** The library reads the file once a second. */
function clockOf(library: string, file: string): readonly string[] {
  const own = [`LD_PRELOAD=${library}`, `FAKETIME_TIMESTAMP_FILE=${file}`]
  return ['env', ...own, 'FAKETIME_CACHE_DURATION=1', 'FAKETIME_DONT_FAKE_MONOTONIC=1']
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function yamlOf({ place, peer, timing, leases }: ApplianceParts): string {
  const { takeoverAfterMs, repeatForMs } = timing
  const pool = leases === 0 ? POOL : `${POOL}, ${addressesOf(leases).pool}`
  const subnet = leases === 0 ? VLAN_SUBNET : WIDE_SUBNET
  const times = `takeoverAfter: ${takeoverAfterMs / 1000}s, repeatFor: ${repeatForMs / 1000}s`
  return `
dataDir: '{dir}/data'
database: { postgres: { urlFile: '{dir}/url', site: ${SITE}, name: ${place.name}, ${times} } }
api: { listen: '${place.apiAddress}:${API_PORT}' }
conversions: { phoneSpeed: ${PHONE_SPEED} }
networks:
  - { name: ${NETWORK}, interface: ${VLAN_INTERFACE}, address: ${place.address},
      subnet: ${subnet}, leases: shared, pool: [${pool}], peers: [${peer.address}],
      leaseTime: ${LEASE_SECONDS}s, maxLeaseTime: ${LEASE_SECONDS}s, admit: anyone, probe: false }
`
}
