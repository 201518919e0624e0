import { isDeepStrictEqual } from 'node:util'
import { type ByteCache, type HeldBytes, holdAll, releaseAll, whileHolding } from './byte-cache.ts'
import { type ChangeQueue, findRoomProblems, sortedEntries, storedOver } from './change-queue.ts'
import type { StoredFirmware } from './firmware.ts'
import type { DeleteOutcome, Refused, Stored } from './inventory-outcome.ts'
import type { Profile } from './phone.ts'

/** A firmware set to be stored: checked, with the bytes of each file by its name. */
export type FirmwareDraft = Omit<StoredFirmware, 'files'> & {
  readonly contents: ReadonlyMap<string, Uint8Array>
}

/** Who needs a load, in words (`phone 000E84C060A6`); if empty, the load may be deleted. */
export type FirmwareUsers = (load: string) => readonly string[]

/** The firmware sets of the inventory, by load; their bytes are held in the cache. */
export class FirmwareRepository {
  readonly #queue: ChangeQueue
  readonly #cache: ByteCache
  readonly #profiles: () => readonly Profile[]
  readonly #byLoad = new Map<string, StoredFirmware>()
  #othersNeeding: FirmwareUsers = () => []

  /** @param profiles - All profiles: a load that one of them names stays. */
  constructor(queue: ChangeQueue, cache: ByteCache, profiles: () => readonly Profile[]) {
    this.#queue = queue
    this.#cache = cache
    this.#profiles = profiles
  }

  /** Names who needs firmware besides the profiles. */
  keepFor(users: FirmwareUsers): void {
    this.#othersNeeding = users
  }

  all(): readonly StoredFirmware[] {
    return sortedEntries(this.#byLoad)
  }

  get(load: string): StoredFirmware | undefined {
    return this.#byLoad.get(load)
  }

  /** Takes over a set that is stored already, with its bytes; gives the fault if they are not right. */
  restore(set: StoredFirmware, blobs: ReadonlyMap<string, Uint8Array>): string | undefined {
    const files = set.files.map(({ name, sha256 }) => ({ name, sha256, bytes: blobs.get(sha256) }))
    const hold = holdAll(this.#cache, files)
    if (hold.kind === 'failed') return `${hold.name}: ${hold.fault}`
    this.#byLoad.set(set.load, set)
    return undefined
  }

  put(draft: FirmwareDraft): Promise<Stored<StoredFirmware> | Refused> {
    return this.#queue.inTurn(async () => {
      const current = this.#byLoad.get(draft.load)
      const problems = findRoomProblems(this.#byLoad, current)
      if (problems.length > 0) return { kind: 'refused', problems }
      const named = Array.from(draft.contents, ([name, bytes]) => ({ name, bytes }))
      const hold = holdAll(this.#cache, named)
      if (hold.kind === 'held') return this.#store(draft, hold.files, current)
      return { kind: 'refused', problems: [{ path: hold.name, message: hold.fault }] }
    })
  }

  delete(load: string): Promise<DeleteOutcome> {
    return this.#queue.inTurn(async () => {
      const firmware = this.#byLoad.get(load)
      if (firmware === undefined) return { kind: 'not-found' }
      const by = [...this.#profilesNaming(load), ...this.#othersNeeding(load)]
      if (by.length > 0) return { kind: 'in-use', by }
      await this.#queue.commit({ kind: 'delete-firmware', load })
      this.applyDeleted(load)
      return { kind: 'deleted' }
    })
  }

  /** Shows and announces a set that is stored; gives the fault if its bytes are not right. */
  apply(set: StoredFirmware, blobs: ReadonlyMap<string, Uint8Array>): string | undefined {
    const before = this.#byLoad.get(set.load)
    const fault = this.restore(set, blobs)
    if (fault === undefined) this.#announceStored(set, before)
    return fault
  }

  /** Forgets a set that is stored no more, and announces it. */
  applyDeleted(load: string): undefined {
    const firmware = this.#byLoad.get(load)
    if (firmware === undefined) return
    this.#byLoad.delete(load)
    releaseAll(this.#cache, firmware.files)
    this.#queue.announce({ kind: 'firmware-deleted', firmware })
  }

  #profilesNaming(load: string): readonly string[] {
    const naming = this.#profiles().filter((profile) => profile.load === load)
    return naming.map(({ name }) => `profile ${name}`)
  }

  async #store(
    { contents, ...head }: FirmwareDraft,
    held: readonly HeldBytes[],
    current: StoredFirmware | undefined,
  ): Promise<Stored<StoredFirmware>> {
    const names = [...contents.keys()]
    const files = held.map(({ bytes, sha256 }, index) => ({
      name: names[index] ?? '',
      bytes: bytes.length,
      sha256,
    }))
    const firmware: StoredFirmware = { ...head, files }
    // The day of the import makes no difference.
    if (current && isDeepStrictEqual({ ...firmware, addedAtMs: current.addedAtMs }, current)) {
      releaseAll(this.#cache, held)
      return { kind: 'unchanged', value: current }
    }
    const blobs = new Map(held.map(({ sha256, bytes }) => [sha256, bytes]))
    const commit = this.#queue.commit({ kind: 'put-firmware', firmware, blobs })
    await whileHolding(this.#cache, held, commit)
    this.#byLoad.set(firmware.load, firmware)
    this.#announceStored(firmware, current)
    return storedOver(firmware, current)
  }

  #announceStored(firmware: StoredFirmware, before: StoredFirmware | undefined): void {
    releaseAll(this.#cache, before?.files ?? [])
    this.#queue.announce({ kind: 'firmware-stored', firmware, before: before ?? null })
  }
}
