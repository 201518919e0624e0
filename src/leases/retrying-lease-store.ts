import type { Ipv4 } from '../net/ipv4.ts'
import { type LeaseChange, placeOf } from './binding.ts'
import type { LeaseStore } from './lease-store.ts'

/**
 * A lease store that owes what it could not store, and makes up for it when the disk is well again.
 *
 * The lease table goes on after a failed commit, so the two would differ until the client asks again:
 * the row of an address that a client has left would come back as its lease after a restart.
 * It owes one change an address at most; a later one takes its place.
 */
export class RetryingLeaseStore implements LeaseStore {
  readonly #store: LeaseStore
  readonly #owed = new Map<Ipv4, LeaseChange>()
  #isCatchingUp = false

  constructor(store: LeaseStore) {
    this.#store = store
  }

  load(): ReturnType<LeaseStore['load']> {
    return this.#store.load()
  }

  /** Resolves and rejects by these changes alone, whatever else is owed. */
  async commit(changes: readonly LeaseChange[]): Promise<void> {
    this.#forget(changes)
    try {
      await this.#store.commit(changes)
    } catch (error) {
      for (const change of changes) this.#owed.set(placeOf(change).address, change)
      throw error
    }
    this.#forget(changes)
    this.#catchUp()
  }

  /** Stores or does not, and owes nothing: for changes that the table makes once they are on disk. */
  async commitOnce(changes: readonly LeaseChange[]): Promise<void> {
    const owed = changes.flatMap((change) => this.#owed.get(placeOf(change).address) ?? [])
    this.#forget(changes)
    try {
      await this.#store.commit(changes)
    } catch (error) {
      for (const change of owed) this.#owed.set(placeOf(change).address, change)
      throw error
    }
  }

  /** Whether the table's record of the address is on disk as it is. */
  isStored(address: Ipv4): boolean {
    return !this.#owed.has(address)
  }

  #forget(changes: readonly LeaseChange[]): void {
    for (const change of changes) this.#owed.delete(placeOf(change).address)
  }

  #catchUp(): void {
    if (this.#isCatchingUp || this.#owed.size === 0) return
    this.#isCatchingUp = true
    const owed = [...this.#owed.values()]
    this.#store.commit(owed).then(
      () => {
        this.#isCatchingUp = false
        // What has been owed again meanwhile is another change, and stays.
        this.#forget(owed.filter((change) => this.#owed.get(placeOf(change).address) === change))
      },
      // Reported when it failed for the first time; the next commit that succeeds tries again.
      () => {
        this.#isCatchingUp = false
      },
    )
  }
}
