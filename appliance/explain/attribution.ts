import type { Ipv4 } from '../../src/net/ipv4.ts'
import type { Mac } from '../../src/net/mac.ts'
import { readRequestedFile } from '../../src/phones/requested-file.ts'
import type { ServerEvent } from '../../src/wire/server-log/server-event.ts'

type Claim = { readonly atMs: number; readonly mac: Mac }

/**
 * Who held which address when: by DHCP, and by the names that phones ask for, which hold their MAC.
 */
export class Attribution {
  readonly #claims = new Map<Ipv4, Claim[]>()

  /** @param events - In the order of time. */
  constructor(events: readonly ServerEvent[]) {
    for (const event of events) {
      if (event.kind === 'address') this.#claim(event.address, event)
      if (event.kind !== 'request') continue
      const file = readRequestedFile(event.name)
      if ('mac' in file) this.#claim(event.client, { mac: file.mac as Mac, atMs: event.atMs })
    }
  }

  /**
   * Who held the address at this time. Before the first claim it is taken for the first one's: a
   * phone asks for `OS79XX.TXT` before any name that tells who it is.
   */
  macAt(address: Ipv4, atMs: number): Mac | null {
    const claims = this.#claims.get(address) ?? []
    const held = claims.findLast((claim) => claim.atMs <= atMs)
    return (held ?? claims[0])?.mac ?? null
  }

  #claim(address: Ipv4, { atMs, mac }: Claim): void {
    const claims = this.#claims.get(address)
    if (claims === undefined) this.#claims.set(address, [{ atMs, mac }])
    // Only changes are kept: a renewal tells nothing.
    else if (claims.at(-1)?.mac !== mac) claims.push({ atMs, mac })
  }
}
