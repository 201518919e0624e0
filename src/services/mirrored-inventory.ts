import {
  InventoryBehind,
  type InventoryChange,
  type InventorySnapshot,
  type SharedInventoryStore,
} from '../inventory/inventory-store.ts'
import {
  deletionOf,
  differences,
  type InventoryCopy,
  type InventorySource,
  type SharedChange,
  type SharedInventory,
} from '../inventory/shared-inventory.ts'

/**
 * The inventory of several appliances, as one of them has it: changes are stored in the source and
 * then in this machine's copy, from which it starts and serves while the source is away.
 *
 * The copy is never ahead of the source. It may be behind, by what others have changed; a change that
 * is made meanwhile is refused with `InventoryBehind` and checked again after `catchUp`.
 */
export class MirroredInventory implements SharedInventoryStore {
  readonly #source: InventorySource
  readonly #copy: InventoryCopy
  /**
   * As the source tells it. Null: nothing was read from the source yet, and the copy is what this
   * machine had alone.
   */
  #version: number | null = null
  #fault: string | null = null
  #listener: () => void = () => {}

  constructor(source: InventorySource, copy: InventoryCopy) {
    this.#source = source
    this.#copy = copy
  }

  /**
   * Brings the copy up to date and reads it. Where the source is away the copy is read as it is, and
   * the fault says so.
   *
   * @throws Error where the copy has what the source lacks: nothing is lost unasked.
   */
  async load(): Promise<InventorySnapshot> {
    this.#version = await this.#copy.version()
    const fault = await this.#refresh().then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof WouldLose) throw error
        return `the shared inventory cannot be read, and ${this.#copyInWords()} is used: ${reasonOf(error)}`
      },
    )
    const snapshot = await this.#copy.load()
    return fault === undefined ? snapshot : { ...snapshot, faults: [...snapshot.faults, fault] }
  }

  async commit(changes: readonly InventoryChange[]): Promise<void> {
    const seen = this.#version
    if (seen === null) throw new InventoryBehind()
    this.#version = await this.#source.commit(changes, seen)
    try {
      await this.#keep(changes)
    } catch (error) {
      // It is stored in the source: the next change finds its copy old, and reads it from there.
      this.#version = seen
      throw error
    }
  }

  catchUp(): Promise<readonly InventoryChange[]> {
    return this.#refresh()
  }

  follow(listener: () => void): void {
    this.#listener = listener
  }

  /** The source has announced a change, or the connection to it is back. */
  onAnnounced(): void {
    this.#listener()
  }

  /** Why this machine cannot take what is shared, for the operator to decide; null: it can. */
  get fault(): string | null {
    return this.#fault
  }

  /** Brings the copy up to date; gives what has changed in it. */
  async #refresh(): Promise<readonly InventoryChange[]> {
    const version = this.#version
    const since = version === null ? null : await this.#source.changesSince(version)
    const { changes, now } = since === null ? await this.#whole() : { ...since, now: since.version }
    const complete = await this.#bytesOf(changes)
    this.#version = now
    await this.#keep(complete)
    return complete
  }

  async #whole() {
    const whole = await this.#source.load()
    const before = await this.#copy.load()
    if (this.#version === null) {
      this.#fault = findLoss(before, whole)
      if (this.#fault !== null) throw new WouldLose(this.#fault)
    }
    return { changes: differences(before, whole), now: whole.version }
  }

  /** The version goes last: a copy that was interrupted reads the same changes again. */
  async #keep(changes: readonly InventoryChange[]): Promise<void> {
    if (changes.length > 0) await this.#copy.commit(changes)
    if (this.#version !== null) await this.#copy.setVersion(this.#version)
  }

  #copyInWords(): string {
    return this.#version === null ? 'what this machine has' : 'the copy that it keeps'
  }

  async #bytesOf(changes: readonly SharedChange[]): Promise<readonly InventoryChange[]> {
    const complete: InventoryChange[] = []
    for (const change of changes) {
      const one = await this.#withBytes(change)
      if (one !== null) complete.push(one)
    }
    return complete
  }

  /** Null where the bytes have been deleted meanwhile: a later change says what is there now. */
  async #withBytes(change: SharedChange): Promise<InventoryChange | null> {
    if (change.value === null) return deletionOf(change)
    switch (change.kind) {
      case 'phone':
        return { kind: 'put-phone', phone: change.value }
      case 'profile':
        return { kind: 'put-profile', profile: change.value }
      case 'firmware': {
        const blobs = new Map<string, Uint8Array>()
        for (const { sha256 } of change.value.files) {
          const bytes = await this.#source.blob(sha256)
          if (bytes === undefined) return null
          blobs.set(sha256, bytes)
        }
        return { kind: 'put-firmware', firmware: change.value, blobs }
      }
      case 'file': {
        const content = await this.#source.blob(change.value.sha256)
        return content === undefined ? null : { kind: 'put-file', file: change.value, content }
      }
      default:
        return change satisfies never
    }
  }
}

/** What this machine had alone would be lost. */
class WouldLose extends Error {}

/**
 * A machine that has an inventory of its own, from before it shared one, would lose it to an empty or
 * another source: that is for the operator to decide. What would be lost and what to do, or null.
 */
function findLoss(copy: InventorySnapshot, shared: SharedInventory): string | null {
  const lost = differences(copy, shared).filter(({ value }) => value === null)
  const [first] = lost
  if (first === undefined) return null
  return `this machine has ${lost.length} entries that the shared inventory lacks, ${first.kind} ${first.key} among them; copy them with \`switchhook database move\`, or delete them here first`
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
