import { spawnSync } from 'node:child_process'
import { ip } from '../system/support/lab.ts'
import {
  type AppliancePlace,
  CLIENTS_ADDRESS,
  CLIENTS_PORT,
  CLUSTER_ADDRESS,
  CLUSTER_PORTS,
  PHONES_PORT,
  POOL_SUBNET,
  SW_A,
  SW_B,
} from './places.ts'

/** The interface of everybody on the VLAN, and of appliances on the network of the database. */
export const VLAN_INTERFACE = 'eth0'
const DATABASE_INTERFACE = 'db0'

/** Namespaces of a run, by what stands in them. */
export type Namespaces = {
  /** Two bridges and all ports: what is cut, is cut here. */
  readonly hub: string
  readonly clients: string
  readonly phones: string
  readonly 'sw-a': string
  readonly 'sw-b': string
  readonly p1: string
  readonly p2: string
}

/** The namespaces of the run with this name. */
export function namespacesOf(run: string): Namespaces {
  return {
    hub: `${run}h`,
    clients: `${run}c`,
    phones: `${run}s`,
    'sw-a': `${run}a`,
    'sw-b': `${run}b`,
    p1: `${run}p1`,
    p2: `${run}p2`,
  }
}

/** Makes the namespaces and plugs everything in. `removeSite` takes them away again. */
export function makeSite(run: string): Namespaces {
  const site = namespacesOf(run)
  for (const name of Object.values(site)) {
    ip('netns', 'add', name)
    ip('-n', name, 'link', 'set', 'lo', 'up')
  }
  for (const bridge of ['vlan', 'data']) {
    ip('-n', site.hub, 'link', 'add', bridge, 'type', 'bridge')
    ip('-n', site.hub, 'link', 'set', bridge, 'up')
  }
  nft(site.hub, 'add table bridge cut')
  nft(site.hub, 'add chain bridge cut forward { type filter hook forward priority 0 ; }')
  plug(site.hub, 'vlan', CLIENTS_PORT, site.clients, `${CLIENTS_ADDRESS}/22`)
  plug(site.hub, 'vlan', PHONES_PORT, site.phones, '10.20.0.4/22')
  for (const port of CLUSTER_PORTS) {
    plug(site.hub, 'data', port, site[port], `${CLUSTER_ADDRESS[port]}/24`)
  }
  for (const place of [SW_A, SW_B]) plugAppliance(site, place)
  // Node sends no broadcast without a route, and answers ARP for what it takes for its own.
  ip('-n', site.clients, 'route', 'add', 'default', 'dev', VLAN_INTERFACE)
  ip('-n', site.clients, 'route', 'add', 'local', POOL_SUBNET, 'dev', 'lo')
  return site
}

export function removeSite(run: string): void {
  for (const name of Object.values(namespacesOf(run))) spawnSync('ip', ['netns', 'del', name])
}

function plugAppliance(site: Namespaces, place: AppliancePlace): void {
  const inside = site[place.name]
  plug(site.hub, 'vlan', place.port, inside, `${place.address}/22`)
  const data = { bridge: 'data', interfaceName: DATABASE_INTERFACE }
  plugAs(site.hub, place.databasePort, inside, { ...data, address: `${place.databaseAddress}/24` })
  // Past the hub: the API is reached whatever is cut there.
  const near = `api-${place.port}`
  const far = ['peer', 'name', 'api0', 'netns', inside]
  ip('-n', site.clients, 'link', 'add', near, 'type', 'veth', ...far)
  const nearAddress = place.apiAddress.replace(/\.2$/, '.1')
  ip('-n', site.clients, 'addr', 'add', `${nearAddress}/30`, 'dev', near)
  ip('-n', inside, 'addr', 'add', `${place.apiAddress}/30`, 'dev', 'api0')
  ip('-n', site.clients, 'link', 'set', near, 'up')
  ip('-n', inside, 'link', 'set', 'api0', 'up')
}

function plug(hub: string, bridge: string, port: string, inside: string, address: string): void {
  plugAs(hub, port, inside, { bridge, interfaceName: VLAN_INTERFACE, address })
}

type Plug = {
  readonly bridge: string
  readonly interfaceName: string
  readonly address: string
}

function plugAs(hub: string, port: string, inside: string, plugged: Plug): void {
  const { bridge, interfaceName, address } = plugged
  const far = ['peer', 'name', interfaceName, 'netns', inside]
  ip('-n', hub, 'link', 'add', port, 'type', 'veth', ...far)
  ip('-n', inside, 'addr', 'add', address, 'dev', interfaceName)
  ip('-n', inside, 'link', 'set', interfaceName, 'up')
  ip('-n', hub, 'link', 'set', port, 'master', bridge, 'up')
}

/** Cuts links of the hub, one direction at a time. */
export class Links {
  readonly #hub: string
  readonly #down = new Set<string>()

  constructor(hub: string) {
    this.#hub = hub
  }

  /** Frames that come in at one port and would leave by another are dropped; null: any port. */
  drop(from: string | null, to: string | null): void {
    const comes = from === null ? '' : `iifname "${from}"`
    const leaves = to === null ? '' : `oifname "${to}"`
    nft(this.#hub, `add rule bridge cut forward ${comes} ${leaves} drop`)
  }

  /** Both directions. */
  cut(one: string, other: string | null): void {
    this.drop(one, other)
    this.drop(other, one)
  }

  /** Pulls the cable: the other end of it sees no link. */
  unplug(port: string): void {
    this.#down.add(port)
    ip('-n', this.#hub, 'link', 'set', port, 'down')
  }

  /** Everything is whole again. */
  heal(): void {
    nft(this.#hub, 'flush chain bridge cut forward')
    for (const port of this.#down) ip('-n', this.#hub, 'link', 'set', port, 'up')
    this.#down.clear()
  }
}

function nft(namespace: string, command: string): void {
  ip('netns', 'exec', namespace, 'nft', command)
}
