/**
 * Bytes that are served: on a SharedArrayBuffer, so that every transfer and every worker reads the
 * same ones. Never changed once made; views are handed out, never copies.
 */
export type CachedFile = {
  readonly bytes: Uint8Array
  /** Lower-case hex of the SHA-256 of `bytes`: the key in the cache. */
  readonly sha256: string
}
