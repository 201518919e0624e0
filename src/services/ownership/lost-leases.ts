import type { Binding } from '../../leases/binding.ts'
import type { Ipv4 } from '../../net/ipv4.ts'
import type { SharedLeases, StoredLeases } from './shared-leases.ts'

/** What leases that a failover has lost are found by. */
export type LostLeasesParts = {
  readonly leases: Pick<SharedLeases, 'read' | 'commit'>
  /** All records of the table. */
  readonly bindings: () => Iterable<Binding>
  /** What the table has at an address now. */
  readonly recordAt: (address: Ipv4) => Binding | undefined
  /** So many were written again. */
  readonly onFound: (network: string, count: number) => void
  readonly onFault: (error: unknown) => void
}

/** Records that are written at once. */
const BATCH = 1_000

/** Times travel as distances from a clock: so much of a difference is none, in milliseconds. */
const SAME_WITHIN_MS = 1_000

/**
 * Leases of the networks that this appliance owns, after a failover of the database.
 *
 * A standby that did not confirm each commit lacks the last of them when it is promoted. While the
 * token of the owner still counts there, what the table has and the database lacks is written again.
 */
export class LostLeases {
  readonly #parts: LostLeasesParts
  /** By network: the timeline of the database on which all of it is known to be stored. */
  readonly #timelines = new Map<string, number>()
  readonly #comparing = new Set<string>()

  constructor(parts: LostLeasesParts) {
    this.#parts = parts
  }

  /** The table has what was read of a network from a server of this timeline. */
  onRead(network: string, timeline: number): void {
    this.#timelines.set(network, timeline)
  }

  /** Another appliance changes the network from now on. */
  forget(network: string): void {
    this.#timelines.delete(network)
  }

  /** A server of this timeline has confirmed that the network is still ours. */
  onBeat(network: string, timeline: number): void {
    const known = this.#timelines.get(network)
    if (known === undefined || known === timeline || this.#comparing.has(network)) return
    this.#comparing.add(network)
    void this.#compare(network)
      .then(() => {
        if (this.#timelines.get(network) === known) this.#timelines.set(network, timeline)
      }, this.#parts.onFault)
      .finally(() => this.#comparing.delete(network))
  }

  async #compare(network: string): Promise<void> {
    const { leases, onFound } = this.#parts
    const stored = await leases.read(network)
    const lost = this.#lostOf(network, stored)
    for (let from = 0; from < lost.length; from += BATCH) {
      // As the table has them at this moment: a lease may have been renewed while we looked.
      const now = lost
        .slice(from, from + BATCH)
        .flatMap((address) => this.#recordIn(network, address))
      if (now.length > 0) await leases.commit(now.map((binding) => ({ kind: 'put', binding })))
    }
    if (lost.length > 0) onFound(network, lost.length)
  }

  #lostOf(network: string, { bindings }: StoredLeases): readonly Ipv4[] {
    const stored = new Map(bindings.map((binding) => [binding.address, binding]))
    const lost: Ipv4[] = []
    for (const binding of this.#parts.bindings()) {
      if (binding.scope !== network) continue
      if (!isSame(binding, stored.get(binding.address))) lost.push(binding.address)
    }
    return lost
  }

  #recordIn(network: string, address: Ipv4): readonly Binding[] {
    const binding = this.#parts.recordAt(address)
    return binding?.scope === network ? [binding] : []
  }
}

function isSame(binding: Binding, stored: Binding | undefined): boolean {
  return (
    stored !== undefined &&
    stored.client === binding.client &&
    stored.state === binding.state &&
    Math.abs(stored.expiresAtMs - binding.expiresAtMs) <= SAME_WITHIN_MS
  )
}
