import { type Binding, type LeaseChange, placeOf } from '../../leases/binding.ts'
import type { Ipv4 } from '../../net/ipv4.ts'
import { NotOwner } from '../../ownership/not-owner.ts'

/** Where bindings of shared networks are kept; each write carries the tokens of its networks. */
export interface FencedLeaseStore {
  /** All bindings of the networks. A row that cannot be read is left out and reported. */
  load(networks: readonly string[]): Promise<StoredLeases>
  /** @throws {@link NotOwner} where a token is no longer valid; another error where it is not known. */
  commit(changes: readonly LeaseChange[]): Promise<void>
}

/** What was read of networks. */
export type StoredLeases = {
  readonly bindings: readonly Binding[]
  readonly faults: readonly string[]
}

/** What the shared leases need. */
export type SharedLeasesParts = {
  readonly store: FencedLeaseStore
  /** A network was lost: its token is no longer valid. */
  readonly onRefused: (network: string) => void
  /** What the table has at an address. */
  readonly recordAt: (address: Ipv4) => Binding | undefined
}

/**
 * Leases of networks that this appliance shares with others, as their owner stores them.
 *
 * The table is ahead of the store while a commit is under way, and stays ahead where one failed. What
 * is not known to be stored is remembered by address and goes along with the next commit: the token
 * makes that right, because no other appliance can have written while it is valid. With the token all of it
 * is forgotten, and what was not stored was never acknowledged.
 */
export class SharedLeases {
  readonly #parts: SharedLeasesParts
  /** By network, then by address: the last change that is not known to be stored. */
  readonly #unsure = new Map<string, Map<Ipv4, LeaseChange>>()
  /** By network, then by address: how many changes wait for the commit that is under way to end. */
  readonly #waiting = new Map<string, Map<Ipv4, number>>()

  constructor(parts: SharedLeasesParts) {
    this.#parts = parts
  }

  /** Reads a network, complete once its former owner's token is no longer valid. */
  read(network: string): Promise<StoredLeases> {
    return this.#parts.store.load([network])
  }

  /** Whether the table's record of the address is known to be stored as it is. */
  isStored(network: string, address: Ipv4): boolean {
    if (this.#waiting.get(network)?.has(address) === true) return false
    return this.#unsure.get(network)?.has(address) !== true
  }

  /**
   * The table has made changes that wait for their turn; `commit` follows with them, once. Until
   * then they are not stored, and an appliance that is not sure any more does not repeat them.
   */
  expect(changes: readonly LeaseChange[]): void {
    for (const change of changes) {
      const { scope, address } = placeOf(change)
      const waiting = mapIn(this.#waiting, scope)
      waiting.set(address, (waiting.get(address) ?? 0) + 1)
    }
  }

  /** Resolves when the changes are stored, and with them what was owed before. */
  async commit(changes: readonly LeaseChange[]): Promise<void> {
    const networks = new Set(changes.map((change) => placeOf(change).scope))
    const owed = [...networks].flatMap((network) => [
      ...(this.#unsure.get(network)?.values() ?? []),
    ])
    for (const change of changes) {
      const { scope, address } = placeOf(change)
      mapIn(this.#unsure, scope).set(address, change)
      this.#waitsNoLonger(scope, address)
    }
    await this.#store([...owed, ...changes])
  }

  /** The same for changes that the table makes once they are stored: nothing is owed of them. */
  async commitOnce(changes: readonly LeaseChange[]): Promise<void> {
    try {
      await this.#store(changes)
    } catch (error) {
      for (const change of changes) this.#oweRecord(change)
      throw error
    }
  }

  /** The network was read, or is forgotten: nothing of it is owed any more. */
  forget(network: string): void {
    this.#unsure.delete(network)
  }

  async #store(changes: readonly LeaseChange[]): Promise<void> {
    try {
      await this.#parts.store.commit(changes)
    } catch (error) {
      if (error instanceof NotOwner) for (const network of error.networks) this.#lose(network)
      throw error
    }
    for (const change of changes) {
      const { scope, address } = placeOf(change)
      const unsure = this.#unsure.get(scope)
      // Changed again meanwhile, it is owed again.
      if (unsure?.get(address) === change) unsure.delete(address)
    }
  }

  #lose(network: string): void {
    this.forget(network)
    this.#parts.onRefused(network)
  }

  /** It may be stored or not: the table's record of the address decides, and goes along next time. */
  #oweRecord(change: LeaseChange): void {
    const { scope, address } = placeOf(change)
    const binding = this.#parts.recordAt(address)
    if (binding?.scope !== scope) return
    mapIn(this.#unsure, binding.scope).set(binding.address, { kind: 'put', binding })
  }

  #waitsNoLonger(network: string, address: Ipv4): void {
    const waiting = this.#waiting.get(network)
    const count = waiting?.get(address) ?? 0
    if (count > 1) waiting?.set(address, count - 1)
    else waiting?.delete(address)
  }
}

function mapIn<Value>(byNetwork: Map<string, Map<Ipv4, Value>>, network: string) {
  const known = byNetwork.get(network)
  if (known !== undefined) return known
  const made = new Map<Ipv4, Value>()
  byNetwork.set(network, made)
  return made
}
