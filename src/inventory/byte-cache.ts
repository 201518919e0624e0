/** Bytes of a file, and the lower-case hex of their SHA-256. */
export type HeldBytes = { readonly bytes: Uint8Array; readonly sha256: string }

/**
 * The port to the memory in which everything lies that is served. The inventory holds in it what
 * belongs to a firmware set or is a shared file, as long as it does.
 */
export interface ByteCache {
  /**
   * Takes a copy, or finds the one that is there; it may go again before it is retained and
   * another one is put.
   *
   * @throws Error where there is no room.
   */
  put(bytes: Uint8Array): HeldBytes
  get(sha256: string): HeldBytes | undefined
  retain(file: HeldBytes): void
  release(file: HeldBytes): void
}

/** All bytes of one entry, held together or not at all. */
export type HoldOutcome =
  | { readonly kind: 'held'; readonly files: readonly HeldBytes[] }
  | { readonly kind: 'failed'; readonly name: string; readonly fault: string }

/** A file to be held. Bytes that are missing, or have another hash than `sha256`, are a fault. */
export type FileToHold = {
  readonly name: string
  readonly bytes: Uint8Array | undefined
  readonly sha256?: string
}

/** Puts and retains the bytes of an entry's files; none of them is held if one fails. */
export function holdAll(cache: ByteCache, files: readonly FileToHold[]): HoldOutcome {
  const held: HeldBytes[] = []
  for (const { name, bytes, sha256 } of files) {
    const outcome = hold(cache, bytes, sha256)
    if (typeof outcome === 'string') {
      releaseAll(cache, held)
      return { kind: 'failed', name, fault: outcome }
    }
    held.push(outcome)
  }
  return { kind: 'held', files: held }
}

/** Lets go of what is held if the commit fails, and fails with it. */
export async function whileHolding(
  cache: ByteCache,
  held: readonly HeldBytes[],
  commit: Promise<void>,
): Promise<void> {
  try {
    await commit
  } catch (thrown) {
    releaseAll(cache, held)
    throw thrown
  }
}

/** Lets go of what `holdAll` held. */
export function releaseAll(cache: ByteCache, files: Iterable<{ readonly sha256: string }>): void {
  for (const { sha256 } of files) {
    const file = cache.get(sha256)
    if (file !== undefined) cache.release(file)
  }
}

/** The bytes, or what is wrong with them. */
function hold(
  cache: ByteCache,
  bytes: Uint8Array | undefined,
  sha256: string | undefined,
): HeldBytes | string {
  if (bytes === undefined) return 'its bytes are missing'
  try {
    const file = cache.put(bytes)
    if (sha256 !== undefined && sha256 !== file.sha256) return 'its bytes are damaged'
    cache.retain(file)
    return file
  } catch (thrown) {
    // A full cache is for the operator to hear of, not the end of the program.
    return thrown instanceof Error ? thrown.message : String(thrown)
  }
}
