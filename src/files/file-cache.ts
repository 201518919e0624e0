import { createHash } from 'node:crypto'

/**
 * Bytes that are served. Every transfer reads the same ones: they never change once made, and callers
 * get views, never copies. They are in memory that is never moved, because the kernel reads them by
 * their address.
 */
export type CachedFile = {
  readonly bytes: Uint8Array
  /** Lower-case hex of the SHA-256 of `bytes`: the key in the cache. */
  readonly sha256: string
}

/**
 * Makes content of a copy of `bytes` without a cache: for what is made for one client, costs little
 * to make again, and must be there even when the cache is full.
 */
export function makeCachedFile(bytes: Uint8Array): CachedFile {
  return { bytes: copyOf(bytes), sha256: sha256Of(bytes) }
}

/** On an ArrayBuffer of its own: V8 moves the bytes of a small array that has none yet. */
function copyOf(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new ArrayBuffer(bytes.length))
  copy.set(bytes)
  return copy
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** What the cache has done since it was made. */
export type FileCacheCounters = {
  /** Contents in the cache now, and their bytes. */
  readonly files: number
  readonly sizeBytes: number
  /** `get` and `put` that found the content there, and those that did not. */
  readonly hits: number
  readonly misses: number
  /** Unused contents that made room for others, and their bytes. */
  readonly evictions: number
  readonly evictedBytes: number
}

/** New content does not fit, even with all unused content gone. Sizes are in bytes. */
export class FileCacheFullError extends Error {
  override readonly name = 'FileCacheFullError'
  readonly neededBytes: number
  readonly heldBytes: number
  readonly maxBytes: number

  constructor(neededBytes: number, heldBytes: number, maxBytes: number) {
    super(
      `content of ${neededBytes} bytes does not fit: ${heldBytes} of ${maxBytes} bytes of the file cache are in use`,
    )
    this.neededBytes = neededBytes
    this.heldBytes = heldBytes
    this.maxBytes = maxBytes
  }
}

type Entry = { readonly file: CachedFile; holders: number }

/**
 * Everything that can be downloaded, once, found by the SHA-256 of its bytes.
 *
 * A user of content holds it: a firmware set as long as it is stored, a transfer as long
 * as it runs. Content without a holder stays until room is needed, the longest unused goes first. Bytes
 * that were handed out stay valid even after that; they only do not count any more.
 */
export class FileCache {
  readonly #maxBytes: number
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry>()
  #sizeBytes = 0
  #heldBytes = 0
  #hits = 0
  #misses = 0
  #evictions = 0
  #evictedBytes = 0

  /** @param maxBytes - Bytes of content, held and unheld together. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /**
   * Takes a copy of `bytes`, or finds the copy that is there already. It is not held yet: hold it
   * before the next `put` if it must stay.
   *
   * @throws {@link FileCacheFullError} where what is held leaves no room.
   */
  put(bytes: Uint8Array): CachedFile {
    const sha256 = sha256Of(bytes)
    const known = this.get(sha256)
    if (known !== undefined) return known
    this.#makeRoom(bytes.length)
    const file = { bytes: copyOf(bytes), sha256 }
    this.#entries.set(sha256, { file, holders: 0 })
    this.#sizeBytes += bytes.length
    return file
  }

  /** The content with this hash, lower-case hex; undefined where it is not in the cache. */
  get(sha256: string): CachedFile | undefined {
    const entry = this.#entries.get(sha256)
    if (entry === undefined) {
      this.#misses++
      return undefined
    }
    this.#hits++
    this.#entries.delete(sha256)
    this.#entries.set(sha256, entry)
    return entry.file
  }

  /** Holds content once more. Content that has left the cache meanwhile needs no holding. */
  retain(file: CachedFile): void {
    const entry = this.#entryOf(file)
    if (entry === undefined) return
    if (entry.holders === 0) this.#heldBytes += file.bytes.length
    entry.holders++
  }

  /** Takes one hold back. More releases than holds do nothing. */
  release(file: CachedFile): void {
    const entry = this.#entryOf(file)
    if (entry === undefined || entry.holders === 0) return
    entry.holders--
    if (entry.holders === 0) this.#heldBytes -= file.bytes.length
  }

  /** A snapshot. */
  counters(): FileCacheCounters {
    return {
      files: this.#entries.size,
      sizeBytes: this.#sizeBytes,
      hits: this.#hits,
      misses: this.#misses,
      evictions: this.#evictions,
      evictedBytes: this.#evictedBytes,
    }
  }

  /** The same hash may have come back as other bytes; holds belong to the bytes. */
  #entryOf(file: CachedFile): Entry | undefined {
    const entry = this.#entries.get(file.sha256)
    return entry?.file === file ? entry : undefined
  }

  #makeRoom(neededBytes: number): void {
    if (this.#heldBytes + neededBytes > this.#maxBytes) {
      throw new FileCacheFullError(neededBytes, this.#heldBytes, this.#maxBytes)
    }
    for (const [sha256, { file, holders }] of this.#entries) {
      if (this.#sizeBytes + neededBytes <= this.#maxBytes) return
      if (holders > 0) continue
      this.#entries.delete(sha256)
      this.#sizeBytes -= file.bytes.length
      this.#evictions++
      this.#evictedBytes += file.bytes.length
    }
  }
}
