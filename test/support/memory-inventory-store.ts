import type {
  InventoryChange,
  InventorySnapshot,
  InventoryStore,
} from '../../src/inventory/inventory-store.ts'

/** An inventory store in memory: keeps every commit in order, and fails when told to. */
export class MemoryInventoryStore implements InventoryStore {
  readonly committed: InventoryChange[] = []
  /** The next commit rejects with it. */
  failure: Error | undefined
  readonly #snapshot: Partial<InventorySnapshot>

  constructor(snapshot: Partial<InventorySnapshot> = {}) {
    this.#snapshot = snapshot
  }

  async load(): Promise<InventorySnapshot> {
    const empty = {
      phones: [],
      profiles: [],
      firmware: [],
      files: [],
      blobs: new Map(),
      faults: [],
    }
    return { ...empty, ...this.#snapshot }
  }

  async commit(changes: readonly InventoryChange[]): Promise<void> {
    const { failure } = this
    this.failure = undefined
    if (failure !== undefined) throw failure
    this.committed.push(...changes)
  }
}
