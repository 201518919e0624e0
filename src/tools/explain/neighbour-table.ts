import type { Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'
import type { ServerEvent } from './server-log/server-event.ts'

/**
 * Which hardware address sent which client's requests. One that sent those of several is a
 * router's, and says nothing about any of them.
 */
export class NeighbourTable {
  readonly #senders = new Map<Ipv4, { readonly mac: Mac; readonly atMs: number }>()

  seen(client: Ipv4, mac: Mac | null, atMs: number): void {
    if (mac !== null && !this.#senders.has(client)) this.#senders.set(client, { mac, atMs })
  }

  /** As if DHCP had told them, but for the doubt: what a phone says of itself counts for more. */
  events(): readonly ServerEvent[] {
    const clients = new Map<Mac, number>()
    for (const { mac } of this.#senders.values()) clients.set(mac, (clients.get(mac) ?? 0) + 1)
    return [...this.#senders].flatMap(([address, { mac, atMs }]) =>
      clients.get(mac) === 1
        ? [{ kind: 'address', mac, address, hostName: null, isGuess: true, atMs } as const]
        : [],
    )
  }
}
