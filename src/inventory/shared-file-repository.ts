import { type ByteCache, type HeldBytes, holdAll, releaseAll, whileHolding } from './byte-cache.ts'
import { type ChangeQueue, findRoomProblems, sortedEntries, storedOver } from './change-queue.ts'
import type { SharedFile } from './firmware.ts'
import type { DeleteOutcome, Refused, Stored } from './inventory-outcome.ts'
import { findFileProblems } from './shared-file-rules.ts'

/** The shared files of the inventory, by name; their bytes are held in the cache. */
export class SharedFileRepository {
  readonly #queue: ChangeQueue
  readonly #cache: ByteCache
  readonly #byName = new Map<string, SharedFile>()

  constructor(queue: ChangeQueue, cache: ByteCache) {
    this.#queue = queue
    this.#cache = cache
  }

  all(): readonly SharedFile[] {
    return sortedEntries(this.#byName)
  }

  get(name: string): SharedFile | undefined {
    return this.#byName.get(name)
  }

  /** Takes over a file that is stored already, with its bytes; gives the fault if they are not right. */
  restore(file: SharedFile, blobs: ReadonlyMap<string, Uint8Array>): string | undefined {
    const { name, sha256 } = file
    const hold = holdAll(this.#cache, [{ name, sha256, bytes: blobs.get(sha256) }])
    if (hold.kind === 'failed') return hold.fault
    this.#byName.set(name, file)
    return undefined
  }

  put(name: string, content: Uint8Array, nowMs: number): Promise<Stored<SharedFile> | Refused> {
    return this.#queue.inTurn(async () => {
      const current = this.#byName.get(name)
      const problems = [
        ...findRoomProblems(this.#byName, current),
        ...findFileProblems(name, content),
      ]
      if (problems.length > 0) return { kind: 'refused', problems }
      const hold = holdAll(this.#cache, [{ name, bytes: content }])
      if (hold.kind === 'held') return this.#store(name, hold.files, nowMs)
      return { kind: 'refused', problems: [{ path: '', message: hold.fault }] }
    })
  }

  delete(name: string): Promise<DeleteOutcome> {
    return this.#queue.inTurn(async () => {
      const file = this.#byName.get(name)
      if (file === undefined) return { kind: 'not-found' }
      await this.#queue.commit({ kind: 'delete-file', name })
      this.applyDeleted(name)
      return { kind: 'deleted' }
    })
  }

  /** Shows and announces a file that is stored; gives the fault if its bytes are not right. */
  apply(file: SharedFile, content: Uint8Array): string | undefined {
    const before = this.#byName.get(file.name)
    const fault = this.restore(file, new Map([[file.sha256, content]]))
    if (fault === undefined) this.#announceStored(file, before)
    return fault
  }

  /** Forgets a file that is stored no more, and announces it. */
  applyDeleted(name: string): undefined {
    const file = this.#byName.get(name)
    if (file === undefined) return
    this.#byName.delete(name)
    releaseAll(this.#cache, [file])
    this.#queue.announce({ kind: 'file-deleted', file })
  }

  async #store(
    name: string,
    held: readonly HeldBytes[],
    nowMs: number,
  ): Promise<Stored<SharedFile>> {
    const current = this.#byName.get(name)
    const [{ bytes: content, sha256 }] = held as [HeldBytes]
    if (current?.sha256 === sha256) {
      releaseAll(this.#cache, held)
      return { kind: 'unchanged', value: current }
    }
    const file: SharedFile = { name, bytes: content.length, sha256, addedAtMs: nowMs }
    const commit = this.#queue.commit({ kind: 'put-file', file, content })
    await whileHolding(this.#cache, held, commit)
    this.#byName.set(name, file)
    this.#announceStored(file, current)
    return storedOver(file, current)
  }

  #announceStored(file: SharedFile, before: SharedFile | undefined): void {
    releaseAll(this.#cache, before === undefined ? [] : [before])
    this.#queue.announce({ kind: 'file-stored', file, before: before ?? null })
  }
}
