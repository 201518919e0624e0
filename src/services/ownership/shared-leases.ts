import { type Binding, type LeaseChange, placeOf } from '../../leases/binding.ts'
import type { Ipv4 } from '../../net/ipv4.ts'
import { NotOwner } from '../../ownership/not-owner.ts'
import { NetworkWrites } from './network-writes.ts'

/** Where bindings of shared networks are kept; each write carries the tokens of its networks. */
export interface FencedLeaseStore {
  /** All bindings of the networks. A row that cannot be read is left out and reported. */
  load(networks: readonly string[]): Promise<StoredLeases>
  /** @throws {@link NotOwner} where a token is no longer valid; another error where it is not known. */
  commit(changes: readonly LeaseChange[]): Promise<void>
  /**
   * Whether it is so far away that a commit should be sent before the one in front of it is answered.
   * They are carried out in the order of the calls, and each succeeds or fails by itself.
   */
  readonly isFar: boolean
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
  /** Milliseconds of a clock that does not step. */
  readonly nowMs: () => number
}

/**
 * For so long after a failed write the store counts as failing, in milliseconds. A client repeats its
 * message after 4 s, more or less one (RFC 2131 section 4.1), and a write takes up to 3 s to fail.
 */
const FAILING_FOR_MS = 10_000

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
  readonly #networks = new Map<string, NetworkWrites>()
  /** When the last write of a network failed; no entry where a later one was stored. */
  readonly #failedAtMs = new Map<string, number>()

  constructor(parts: SharedLeasesParts) {
    this.#parts = parts
  }

  /** Reads a network, complete once its former owner's token is no longer valid. */
  read(network: string): Promise<StoredLeases> {
    return this.#parts.store.load([network])
  }

  /** Whether several commits should be under way at once. */
  get isStoreFar(): boolean {
    return this.#parts.store.isFar
  }

  /** The network is ours, and this is what was read of it. */
  load(network: string, bindings: readonly Binding[]): void {
    this.#writesOf(network).load(bindings)
  }

  /** Whether the table's record of the address is known to be stored as it is. */
  isStored(network: string, address: Ipv4): boolean {
    return this.#writesOf(network).isStored(address)
  }

  /**
   * What may be repeated of a record of the table: the record where it is stored, else what was
   * acknowledged before, while no write under way can have ended it; undefined where there is nothing.
   */
  promiseOf(record: Binding): Binding | undefined {
    return this.#writesOf(record.scope).promiseOf(record)
  }

  /** Whether a write of the network failed a moment ago, and none was stored since. */
  isFailing(network: string): boolean {
    const failedAtMs = this.#failedAtMs.get(network)
    return failedAtMs !== undefined && this.#parts.nowMs() - failedAtMs < FAILING_FOR_MS
  }

  /**
   * The table has made changes that wait for their turn; `commit` follows with them, once. Until
   * then they are not stored, and an appliance that is not sure any more does not repeat them.
   */
  expect(changes: readonly LeaseChange[]): void {
    for (const change of changes) this.#writesAt(change).wait(change)
  }

  /** Resolves when the changes are stored, and with them what was owed before. */
  async commit(changes: readonly LeaseChange[]): Promise<void> {
    for (const change of changes) this.#writesAt(change).send(change)
    const networks = new Set(changes.map((change) => placeOf(change).scope))
    const owed = [...networks].flatMap((network) => this.#writesOf(network).owed())
    for (const change of owed) this.#writesAt(change).send(change)
    await this.#store([...owed, ...changes], (change) => this.#writesAt(change).fail(change))
  }

  /** The same for changes that the table makes once they are stored: nothing is owed of them. */
  async commitOnce(changes: readonly LeaseChange[]): Promise<void> {
    for (const change of changes) this.#writesAt(change).send(change)
    await this.#store(changes, (change) => {
      const { scope, address } = placeOf(change)
      const record = this.#parts.recordAt(address)
      this.#writesAt(change).failOnce(change, record?.scope === scope ? record : undefined)
    })
  }

  /** The network was read, or is forgotten: nothing of it is owed any more. */
  forget(network: string): void {
    this.#writesOf(network).forget()
    this.#failedAtMs.delete(network)
  }

  async #store(
    changes: readonly LeaseChange[],
    onFailed: (change: LeaseChange) => void,
  ): Promise<void> {
    try {
      await this.#parts.store.commit(changes)
    } catch (error) {
      for (const change of changes) this.#failedAtMs.set(placeOf(change).scope, this.#parts.nowMs())
      if (error instanceof NotOwner) for (const network of error.networks) this.#lose(network)
      for (const change of changes) onFailed(change)
      throw error
    }
    for (const change of changes) {
      this.#writesAt(change).succeed(change)
      this.#failedAtMs.delete(placeOf(change).scope)
    }
  }

  #lose(network: string): void {
    this.forget(network)
    this.#parts.onRefused(network)
  }

  #writesAt(change: LeaseChange): NetworkWrites {
    return this.#writesOf(placeOf(change).scope)
  }

  #writesOf(network: string): NetworkWrites {
    const known = this.#networks.get(network)
    if (known !== undefined) return known
    const made = new NetworkWrites()
    this.#networks.set(network, made)
    return made
  }
}
