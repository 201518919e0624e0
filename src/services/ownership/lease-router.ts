import { type Binding, type LeaseChange, placeOf } from '../../leases/binding.ts'
import type { RetryingLeaseStore } from '../../leases/retrying-lease-store.ts'
import type { SharedLeases } from './shared-leases.ts'

/** What leads changes to where their network is kept. */
export type LeaseRouterParts = {
  /** Leases of networks that this machine keeps. */
  readonly here: RetryingLeaseStore
  /** Null: none are shared. */
  readonly shared: SharedLeases | null
  readonly isShared: (network: string) => boolean
}

/** Where bindings are stored: on this machine, or with other appliances, as the network has it. */
export class LeaseRouter {
  readonly #parts: LeaseRouterParts

  constructor(parts: LeaseRouterParts) {
    this.#parts = parts
  }

  /**
   * The network that changes of one message are of, where it is shared: those are stored apart, so
   * that a database far away keeps no other client waiting. Null: this machine keeps them.
   */
  laneOf(changes: readonly LeaseChange[]): string | null {
    const [first] = changes
    if (first === undefined || this.#parts.shared === null) return null
    const network = placeOf(first).scope
    return this.#parts.isShared(network) ? network : null
  }

  /** Changes of a shared network wait for their turn: `commit` is called with them, once. */
  expect(changes: readonly LeaseChange[]): void {
    this.#parts.shared?.expect(changes)
  }

  /** Whether shared leases are stored so far away that several commits should be under way at once. */
  get isStoreFar(): boolean {
    return this.#parts.shared?.isStoreFar === true
  }

  /** Resolves when the changes, which are of one lane, are on disk. */
  async commit(changes: readonly LeaseChange[]): Promise<void> {
    const { here, shared } = this.#parts
    if (shared === null || this.laneOf(changes) === null) await here.commit(changes)
    else await shared.commit(changes)
  }

  /** Stores or does not, and owes nothing: for changes that the table makes once they are on disk. */
  async commitOnce(changes: readonly LeaseChange[]): Promise<void> {
    const { here, shared } = this.#parts
    if (shared === null || this.laneOf(changes) === null) await here.commitOnce(changes)
    else await shared.commitOnce(changes)
  }

  /** Whether the record is on disk as it is. */
  isStored({ scope, address }: Pick<Binding, 'scope' | 'address'>): boolean {
    const { here, shared, isShared } = this.#parts
    if (shared !== null && isShared(scope)) return shared.isStored(scope, address)
    return here.isStored(address)
  }

  /** What may be repeated of a record of the table while it cannot be stored; undefined for nothing. */
  promiseOf(record: Binding): Binding | undefined {
    const { shared, isShared } = this.#parts
    if (shared !== null && isShared(record.scope)) return shared.promiseOf(record)
    return this.isStored(record) ? record : undefined
  }

  /** Whether leases of the network, which others may serve, could not be stored a moment ago. */
  isFailing(network: string): boolean {
    const { shared, isShared } = this.#parts
    return shared !== null && isShared(network) && shared.isFailing(network)
  }
}
