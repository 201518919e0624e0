import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { findPostgres, PostgresCluster } from '../../support/postgres-cluster.ts'
import { ApplianceProcess } from './appliance-process.ts'
import { CLIENT_INTERFACE, eventually, Lab, lackingForLab, SERVER_INTERFACE } from './lab.ts'

/** What two appliances on a VLAN need and is missing here; false where nothing is. */
export const LACKING_FOR_PAIR =
  (findPostgres() === undefined ? 'PostgreSQL' : '') ||
  lackingForLab(['udhcpc', 'dhclient', 'curl', 'busybox']) ||
  false

/** Generous, for a busy machine; nothing here depends on how fast it is. */
export const SOON_MS = 60_000

type Json = Readonly<Record<string, unknown>>

/** One of two appliances on a VLAN, and what its API says, asked beside it. */
export class Side {
  readonly name: string
  readonly appliance: ApplianceProcess
  readonly #lab: Lab
  readonly #namespace: string

  constructor(lab: Lab, namespace: string, name: string, appliance: ApplianceProcess) {
    this.#lab = lab
    this.#namespace = namespace
    this.name = name
    this.appliance = appliance
  }

  /** The status and the body. */
  async ask(path: string, method = 'GET', body?: Json) {
    const sent =
      body === undefined ? [] : ['-H', 'content-type: application/json', '-d', JSON.stringify(body)]
    const url = `http://127.0.0.1:8067${path}`
    const args = ['-sS', '-m', '30', '-w', '\n%{http_code}', '-X', method, ...sent, url]
    const { output } = await this.#lab.run(this.#namespace, 'curl', ...args)
    const cut = output.lastIndexOf('\n')
    const status = Number(output.slice(cut + 1))
    const text = output.slice(0, cut)
    return {
      status,
      text,
      json: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : null,
    }
  }

  async owner(): Promise<unknown> {
    return (await this.ask('/v1/networks/voice')).json?.owner
  }

  /** Waits until this appliance says who serves the network. */
  async sees(owner: string | null): Promise<void> {
    const seen = await eventually(
      () => this.owner(),
      (now) => now === owner,
      SOON_MS,
    )
    if (seen !== owner)
      throw new Error(`${this.name} sees ${seen} and not ${owner}:\n${this.appliance.output}`)
  }

  /** Waits until this appliance itself serves the network. */
  async serves(): Promise<void> {
    const served = async () => (await this.ask('/v1/networks/voice')).json?.served
    const is = await eventually(served, (now) => now === true, SOON_MS)
    if (is !== true) throw new Error(`${this.name} does not serve:\n${this.appliance.output}`)
  }
}

/** How an appliance differs from what `Vlan.start` writes. */
export type SideOptions = {
  /** Further keys of `database.postgres`, in YAML. */
  readonly postgres?: string
  /** Further keys of the configuration, a line of YAML. */
  readonly more?: string
  readonly name?: string
  readonly subnet?: string
  /** Before the appliance itself, such as `faketime`. */
  readonly before?: readonly string[]
}

const TIMING = 'takeoverAfter: 3s, repeatFor: 20s'

const PLACES = {
  a: { own: '10.20.0.2', peer: '10.20.0.3', name: 'sw-a' },
  b: { own: '10.20.0.3', peer: '10.20.0.2', name: 'sw-b' },
} as const

/** A VLAN with places for two appliances that share its leases by one URL of PostgreSQL. */
export class Vlan {
  readonly lab: Lab
  readonly beside: string
  readonly url: string
  readonly #t: Test

  constructor(t: Test, url: string) {
    this.#t = t
    this.url = url
    this.lab = Lab.open(t, '10.20.0.2/24')
    this.beside = this.lab.plugIn('02:00:00:00:00:03')
    this.lab.setAddress(this.beside, '10.20.0.3/24')
  }

  /** An appliance that has not started yet. */
  place(at: 'a' | 'b', options: SideOptions = {}): Side {
    const { own, peer, name: usual } = PLACES[at]
    const { postgres = TIMING, name = usual, subnet = '10.20.0.0/24' } = options
    const { more = '', before = [] } = options
    const [namespace, on] =
      at === 'a' ? [this.lab.server, SERVER_INTERFACE] : [this.beside, CLIENT_INTERFACE]
    const yaml = `
dataDir: '{dir}/data'
database: { postgres: { urlFile: '{dir}/url', site: lab, name: ${name}, ${postgres} } }
api: { listen: '127.0.0.1:8067' }
${more}
networks:
  - { name: voice, interface: ${on}, address: ${own}, subnet: ${subnet}, leases: shared,
      pool: [10.20.0.50-10.20.0.99], peers: [${peer}], leaseTime: 1h, admit: anyone, probe: false }
`
    const prefix = ['ip', 'netns', 'exec', namespace, ...before]
    const appliance = new ApplianceProcess(yaml, { apiPort: 8067, prefix })
    this.#t.teardown(() => appliance.remove())
    appliance.writeSecret('url', this.url)
    return new Side(this.lab, namespace, name, appliance)
  }

  async start(at: 'a' | 'b', options: SideOptions = {}): Promise<Side> {
    const side = this.place(at, options)
    await side.appliance.start()
    return side
  }
}

/** Two appliances on a VLAN whose leases are in one PostgreSQL; the first serves it. */
export async function aPair(t: Test, postgres = TIMING) {
  const cluster = PostgresCluster.start(t)
  const vlan = new Vlan(t, cluster.url)
  const a = await vlan.start('a', { postgres })
  await a.serves()
  const b = await vlan.start('b', { postgres })
  await b.sees('sw-a')
  const { lab, beside } = vlan
  return { lab, cluster, beside, a, b, ...clientsOf(t, lab) }
}

/** Clients that are plugged into the VLAN. */
export function clientsOf(t: Test, lab: Lab) {
  const dir = mkdtempSync(join(tmpdir(), 'switchhook-several-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const script = join(dir, 'show')
  const show = '#!/bin/sh\n[ "$1" = bound ] && echo "at=$ip from=$serverid"\nexit 0\n'
  writeFileSync(script, show, { mode: 0o755 })
  let count = 0
  /** A client that has never been here; the address that it gets, null for none. */
  const askNewClient = async (tries = 8) => {
    const phone = lab.plugIn(`02:00:00:00:01:${String(10 + count++)}`)
    const options = ['-f', '-q', '-n', '-t', `${tries}`, '-T', '1', '-s', script]
    const { output } = await lab.run(phone, 'udhcpc', '-i', CLIENT_INTERFACE, ...options)
    return /at=(\S+) from=(\S+)/.exec(output)
  }
  /** A dhclient that keeps its lease in a file; each call is a restart of it. */
  const phone = () => {
    const index = count++
    const where = lab.plugIn(`02:00:00:00:01:${String(10 + index)}`)
    const files = [
      '-lf',
      join(dir, `leases${index}`),
      '-pf',
      join(dir, `pid${index}`),
      '-sf',
      '/bin/true',
    ]
    return async () => {
      // Ends by its time where nobody answers, before it would ask for another address.
      const ask = ['20', 'dhclient', '-4', '-v', '-1', ...files, CLIENT_INTERFACE]
      const { output } = await lab.run(where, 'timeout', ...ask)
      await lab.run(where, 'dhclient', '-x', ...files, CLIENT_INTERFACE)
      return output
    }
  }
  return { askNewClient, phone }
}

/** The address of an ACK and who sent it, as dhclient tells; nothing where there was none. */
export const ackOf = (output: string) => /DHCPACK of (\S+) from (\S+)/.exec(output)?.slice(1) ?? []
