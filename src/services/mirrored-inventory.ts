import type {
  InventoryChange,
  InventorySnapshot,
  SharedInventoryStore,
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
  #version = 0
  #listener: () => void = () => {}

  constructor(source: InventorySource, copy: InventoryCopy) {
    this.#source = source
    this.#copy = copy
  }

  /**
   * Brings the copy up to date and reads it. Where the source is away the copy is read as it is, and
   * the fault says so; the first start needs the source.
   */
  async load(): Promise<InventorySnapshot> {
    const version = await this.#copy.version()
    const fault = await this.#refresh(version).catch((error: unknown) => {
      if (version === null) throw error
      this.#version = version
      return `the shared inventory cannot be read, and the copy of version ${version} is used: ${reasonOf(error)}`
    })
    const snapshot = await this.#copy.load()
    return fault === undefined ? snapshot : { ...snapshot, faults: [...snapshot.faults, fault] }
  }

  async commit(changes: readonly InventoryChange[]): Promise<void> {
    this.#version = await this.#source.commit(changes, this.#version)
    await this.#keep(changes)
  }

  async catchUp(): Promise<readonly InventoryChange[]> {
    const since = await this.#source.changesSince(this.#version)
    if (since === null) {
      const before = await this.#copy.load()
      const changes = await this.#bytesOf(differences(before, await this.#source.load()))
      await this.#keep(changes)
      return changes
    }
    const changes = await this.#bytesOf(since.changes)
    this.#version = since.version
    await this.#keep(changes)
    return changes
  }

  follow(listener: () => void): void {
    this.#listener = listener
  }

  /** The source has announced a change, or the connection to it is back. */
  onAnnounced(): void {
    this.#listener()
  }

  async #refresh(version: number | null): Promise<undefined> {
    const since = version === null ? null : await this.#source.changesSince(version)
    if (since === null) {
      const whole = await this.#source.load()
      const before = await this.#copy.load()
      if (version === null) refuseToLose(before, whole)
      this.#version = whole.version
      await this.#keep(await this.#bytesOf(differences(before, whole)))
      return
    }
    this.#version = since.version
    await this.#keep(await this.#bytesOf(since.changes))
  }

  /** The version goes last: a copy that was interrupted reads the same changes again. */
  async #keep(changes: readonly InventoryChange[]): Promise<void> {
    if (changes.length > 0) await this.#copy.commit(changes)
    await this.#copy.setVersion(this.#version)
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

/**
 * A machine that has an inventory of its own, from before it shared one, would lose it to an empty or
 * another source: that is for the operator to decide.
 *
 * @throws Error that says what would be lost and what to do.
 */
function refuseToLose(copy: InventorySnapshot, shared: SharedInventory): void {
  const lost = differences(copy, shared).filter(({ value }) => value === null)
  if (lost.length === 0) return
  const [first] = lost
  throw new Error(
    `this machine has ${lost.length} entries that the shared inventory lacks, ${first?.kind} ${first?.key} among them; copy them with \`switchhook database move\`, or delete them here first`,
  )
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
