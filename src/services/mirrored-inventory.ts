import {
  InventoryBehind,
  type InventoryChange,
  type InventorySnapshot,
  type SharedInventoryStore,
} from '../inventory/inventory-store.ts'
import {
  type ChangesSince,
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
  /** Of which inventory the copy is one. */
  #origin: number | null = null
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
    this.#origin = await this.#copy.origin()
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
    const version = await this.#source.commit(changes, seen)
    await this.#keep(changes, { version, origin: this.#origin })
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
    const isSame = since !== null && this.#isOurs(since)
    const { changes, ...stand } = isSame ? since : await this.#whole()
    const complete = await this.#bytesOf(changes)
    this.#fault = null
    await this.#keep(complete, stand)
    return complete
  }

  async #whole(): Promise<ChangesSince> {
    const whole = await this.#source.load()
    const before = await this.#copy.load()
    if (this.#version === null || !this.#isOurs(whole)) {
      this.#refuseLoss(before, whole)
    }
    const { version, origin } = whole
    return { version, origin, changes: differences(before, whole) }
  }

  /** @throws Where the copy has what the source lacks: that is for the operator to decide. */
  #refuseLoss(copy: InventorySnapshot, shared: SharedInventory): void {
    const loss = findLoss(copy, shared)
    this.#fault = null
    if (loss === null) return
    if (this.#version === null) {
      this.#fault = `this machine has ${loss}; copy them with \`switchhook database move\`, or delete them here first`
      throw new WouldLose(this.#fault)
    }
    // It serves on from its copy, as if the source were away.
    this.#fault = `this is not the inventory that this machine has shared before, but another one: the copy here has ${loss}. Restore the former one; to give up the copy, start with an empty dataDir`
    throw new Error(this.#fault)
  }

  /** Whether the copy is one of this inventory: a copy from before inventories were numbered is. */
  #isOurs({ origin }: Pick<ChangesSince, 'origin'>): boolean {
    return this.#origin === null || this.#origin === origin
  }

  /**
   * Stores changes in the copy. The version goes last: where a copy is interrupted, or cannot be written,
   * the same changes are read again. So is all of another inventory, whose versions count other changes.
   */
  async #keep(
    changes: readonly InventoryChange[],
    { version, origin }: { readonly version: number; readonly origin: number | null },
  ): Promise<void> {
    if (changes.length > 0) await this.#copy.commit(changes)
    if (origin !== null && origin !== this.#origin) await this.#copy.setOrigin(origin)
    this.#origin = origin
    await this.#copy.setVersion(version)
    this.#version = version
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

/** What a copy has and what is shared lacks, in words; null where it has nothing of its own. */
function findLoss(copy: InventorySnapshot, shared: SharedInventory): string | null {
  const lost = differences(copy, shared).filter(({ value }) => value === null)
  const [first] = lost
  if (first === undefined) return null
  return `${lost.length} entries that the shared inventory lacks, ${first.kind} ${first.key} among them`
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
