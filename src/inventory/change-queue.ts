import { isDeepStrictEqual } from 'node:util'
import type { InventoryListener, InventoryNotice } from './inventory-notice.ts'
import type { EntryProblem, RevisionConflict, Stored } from './inventory-outcome.ts'
import { InventoryBehind, type InventoryChange, type InventoryStore } from './inventory-store.ts'

/** More entries of one kind than this are refused; far above any site, far below any memory. */
const MAX_ENTRIES = 50_000

/** How often a change is checked again because others were faster. */
const MAX_CATCH_UPS = 3

/**
 * Where changes line up: each is checked, stored and announced before the next is looked at, so
 * that a check still holds when its change is stored.
 */
export class ChangeQueue {
  readonly #store: InventoryStore
  readonly #listeners = new Set<InventoryListener>()
  readonly #catchUp: () => Promise<void>
  #last: Promise<unknown> = Promise.resolve()

  /** @param catchUp - Applies what other appliances have changed; called inside a turn. */
  constructor(store: InventoryStore, catchUp: () => Promise<void> = async () => {}) {
    this.#store = store
    this.#catchUp = catchUp
  }

  /**
   * Runs the change when all before it have ended, well or badly. Where another appliance was faster,
   * it is run again on what that one has stored: a check still holds when its change is stored.
   */
  inTurn<Outcome>(change: () => Promise<Outcome>): Promise<Outcome> {
    const turn = this.#last.then(() => this.#untilStored(change))
    this.#last = turn.catch(() => {})
    return turn
  }

  async #untilStored<Outcome>(change: () => Promise<Outcome>): Promise<Outcome> {
    for (let behind = 0; ; behind += 1) {
      try {
        return await change()
      } catch (error) {
        if (!(error instanceof InventoryBehind) || behind === MAX_CATCH_UPS) throw error
        await this.#catchUp()
      }
    }
  }

  /** Stores a change; rejects with the store's error. */
  commit(change: InventoryChange): Promise<void> {
    return this.#store.commit([change])
  }

  /** Stores changes, all or none; rejects with the store's error. */
  commitAll(changes: readonly InventoryChange[]): Promise<void> {
    return this.#store.commit(changes)
  }

  announce(notice: InventoryNotice): void {
    for (const listener of this.#listeners) listener(notice)
  }

  /** Tells the listener of each change from now on, until the function that comes back is called. */
  onChange(listener: InventoryListener): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }
}

/**
 * Whether another caller has changed the entry since it was read.
 *
 * @param expectedRevision - Undefined: do not care. 0: there must be no such entry.
 */
export function findConflict(
  current: { readonly revision: number } | undefined,
  expectedRevision: number | undefined,
): RevisionConflict | undefined {
  const revision = current?.revision ?? 0
  if (expectedRevision === undefined || expectedRevision === revision) return undefined
  return { kind: 'conflict', revision }
}

/** What is wrong if one more entry would be too many. */
export function findRoomProblems(
  entries: ReadonlyMap<unknown, unknown>,
  current: unknown,
): EntryProblem[] {
  return current === undefined ? findCrowding(entries.size + 1) : []
}

/** What is wrong if there were so many entries. */
export function findCrowding(entries: number): EntryProblem[] {
  if (entries <= MAX_ENTRIES) return []
  return [{ path: '', message: `there are ${MAX_ENTRIES} already, which is the most` }]
}

/** The outcome if the entry says what stands there already: nothing is stored, no revision counted. */
export function findUnchanged<Entry extends { readonly revision: number }>(
  entry: Entry,
  current: Entry | undefined,
): Stored<Entry> | undefined {
  if (current === undefined) return undefined
  const isSame = isDeepStrictEqual({ ...entry, revision: current.revision }, current)
  return isSame ? { kind: 'unchanged', value: current } : undefined
}

/** The outcome of a change that is on disk. */
export function storedOver<Entry>(value: Entry, before: Entry | undefined): Stored<Entry> {
  return { kind: before === undefined ? 'created' : 'replaced', value }
}

/** Entries in the order of their keys. */
export function sortedEntries<Key extends string, Entry>(
  entries: ReadonlyMap<Key, Entry>,
): readonly Entry[] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry)
}
