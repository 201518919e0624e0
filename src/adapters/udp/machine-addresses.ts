import { networkInterfaces } from 'node:os'
import { type Ipv4, parseIpv4 } from '../../net/ipv4.ts'

/** How long a list serves: asking the system costs up to a millisecond. */
const SERVES_MS = 3000

/** What the system has, as `os.networkInterfaces` tells it. */
export type ListInterfaces = () => NodeJS.Dict<readonly { readonly address: string }[]>

/** The IPv4 addresses of this machine, on whatever interface, at most three seconds old. */
export class MachineAddresses {
  readonly #clockMs: () => number
  readonly #list: ListInterfaces
  #addresses: ReadonlySet<Ipv4> = new Set()
  #readAtMs = Number.NEGATIVE_INFINITY

  constructor(clockMs: () => number, list: ListInterfaces = networkInterfaces) {
    this.#clockMs = clockMs
    this.#list = list
  }

  has(address: Ipv4): boolean {
    const nowMs = this.#clockMs()
    if (nowMs - this.#readAtMs >= SERVES_MS) {
      this.#addresses = new Set(this.#read())
      this.#readAtMs = nowMs
    }
    return this.#addresses.has(address)
  }

  *#read(): Iterable<Ipv4> {
    for (const addresses of Object.values(this.#list())) {
      for (const { address } of addresses ?? []) {
        // IPv6 is none.
        const parsed = parseIpv4(address)
        if (parsed !== undefined) yield parsed
      }
    }
  }
}
