import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'
import type { Logger } from 'pino'
import { formatIpv4, type Ipv4 } from '../../src/net/ipv4.ts'
import type { Finding } from '../../src/services/readiness.ts'
import { type LinkState, type ReadLinkState, readLinkState } from './link-state.ts'

/** How often they are checked without a request, in milliseconds. */
const LOOK_MS = 5000

/** The system's interfaces, as `os.networkInterfaces` lists them. */
export type ListInterfaces = () => NodeJS.Dict<NetworkInterfaceInfo[]>

/** What is watched: an address of the appliance, and the interface of its network. */
export type WatchedPlace = {
  readonly address: Ipv4
  /** Null where the network is reached through relay agents only. */
  readonly interfaceName: string | null
}

/** Sources of the system's state; the defaults read this system. */
export type SystemViews = { readonly list?: ListInterfaces; readonly linkOf?: ReadLinkState }

/** Whether our interfaces are up and our addresses assigned. */
export type AddressWatch = {
  readonly links: () => Finding
  readonly addresses: () => Finding
  readonly close: () => void
}

/**
 * Logs when an interface or an address of the appliance disappears and when it comes back: until then
 * phones are not served there, and no socket reports it. An address that the system never listed
 * (127.0.0.0/8, addresses routed here) is not missed.
 */
export function watchAddresses(
  places: readonly WatchedPlace[],
  log: Pick<Logger, 'warn' | 'info'>,
  { list = networkInterfaces, linkOf = readLinkState }: SystemViews = {},
): AddressWatch {
  const links = new LinkWatch(places, log, linkOf)
  const addresses = new AddressList(places, log, list)
  const look = () => {
    links.look()
    addresses.look(links.unusable)
  }
  look()
  const timer = setInterval(look, LOOK_MS)
  timer.unref()
  return {
    links: () => {
      look()
      return links.finding()
    },
    addresses: () => {
      look()
      return addresses.finding()
    },
    close: () => clearInterval(timer),
  }
}

/** What is wrong with a link, and the remedy; null if nothing is. */
const LINK_FAULTS: Readonly<Record<LinkState, ((name: string) => string) | null>> = {
  up: null,
  unknown: null,
  down: (name) =>
    `the link of ${name} is down: the interface is disabled, \`ip link set ${name} up\``,
  'no-carrier': (name) =>
    `the link of ${name} is down: no carrier, check the cable and the switch port`,
  gone: (name) => `interface ${name} no longer exists`,
}

class LinkWatch {
  readonly #names: readonly string[]
  readonly #log: Pick<Logger, 'warn' | 'info'>
  readonly #linkOf: ReadLinkState
  readonly #states = new Map<string, LinkState>()

  constructor(
    places: readonly WatchedPlace[],
    log: Pick<Logger, 'warn' | 'info'>,
    linkOf: ReadLinkState,
  ) {
    this.#names = [...new Set(places.flatMap(({ interfaceName }) => interfaceName ?? []))]
    this.#log = log
    this.#linkOf = linkOf
  }

  /** Interfaces whose addresses the system does not list now. */
  get unusable(): ReadonlySet<string> {
    return new Set(this.#faulty().map(({ where }) => where))
  }

  look(): void {
    for (const name of this.#names) {
      const before = this.#states.get(name)
      const state = this.#linkOf(name)
      this.#states.set(name, state)
      if (state === before) continue
      const why = LINK_FAULTS[state]?.(name)
      if (why !== undefined) this.#log.warn({ event: 'link.down', interface: name, state, why })
      else if (before !== undefined && LINK_FAULTS[before] !== null) {
        this.#log.info({ event: 'link.up', interface: name })
      }
    }
  }

  finding(): Finding {
    return {
      name: 'interfaces',
      detail: this.#names.join(', ') || 'none',
      problems: this.#faulty(),
    }
  }

  #faulty() {
    return [...this.#states].flatMap(([where, state]) => {
      const message = LINK_FAULTS[state]?.(where)
      return message === undefined ? [] : [{ where, message }]
    })
  }
}

class AddressList {
  readonly #places: readonly WatchedPlace[]
  readonly #log: Pick<Logger, 'warn' | 'info'>
  readonly #list: ListInterfaces
  readonly #known = new Map<string, 'there' | 'gone'>()

  constructor(
    places: readonly WatchedPlace[],
    log: Pick<Logger, 'warn' | 'info'>,
    list: ListInterfaces,
  ) {
    this.#places = places
    this.#log = log
    this.#list = list
  }

  /** @param unusable - Interfaces reported as down: nothing is known about their addresses. */
  look(unusable: ReadonlySet<string>): void {
    const system = Object.values(this.#list())
    const listed = new Set(system.flatMap((all) => all?.map((one) => one.address)))
    for (const { address: number, interfaceName } of this.#places) {
      const address = formatIpv4(number)
      if (listed.has(address)) this.#onListed(address)
      else if (interfaceName !== null && unusable.has(interfaceName)) this.#onUnusable(address)
      else this.#onMissing(address)
    }
  }

  #onListed(address: string): void {
    if (this.#known.get(address) === 'gone') this.#log.info({ event: 'address.back', address })
    this.#known.set(address, 'there')
  }

  #onUnusable(address: string): void {
    if (this.#known.get(address) === 'gone') this.#known.set(address, 'there')
  }

  #onMissing(address: string): void {
    if (this.#known.get(address) !== 'there') return
    this.#known.set(address, 'gone')
    const why = `it is no longer assigned to an interface; ${CONSEQUENCE}`
    this.#log.warn({ event: 'address.gone', address, why })
  }

  finding(): Finding {
    const gone = [...this.#known].filter(([, state]) => state === 'gone')
    const problems = gone.map(([address]) => ({
      where: address,
      message: `not assigned to an interface: ${address}; ${CONSEQUENCE}`,
    }))
    return { name: 'addresses', detail: 'all assigned', problems }
  }
}

const CONSEQUENCE = 'TFTP clients and relay agents cannot reach the appliance there'
