import type { Mac } from '../net/mac.ts'

/** How long an ending is remembered at least, milliseconds. */
export const ENDING_KEPT_MS = 600_000

/** Bounds the memory: each ending takes a lease that was granted before. */
const MAX_ENDINGS = 65_536

/**
 * When devices lost a lease before its time, by RELEASE, by DECLINE, or to a full pool.
 *
 * The address may be somebody else's a moment later, so its binding does not tell. Whoever trusts a
 * device without a lease asks here first: a forged RELEASE must not turn a phone into one of those.
 */
export class EarlyEndings {
  readonly #atMs = new Map<Mac, number>()

  /** Remembers the latest ending of a device; one without a MAC address is no phone. */
  add(mac: Mac | null, atMs: number): void {
    if (mac === null || atMs < (this.#atMs.get(mac) ?? 0)) return
    // In the order of time, as nearly as the callers' clocks are.
    this.#atMs.delete(mac)
    this.#atMs.set(mac, atMs)
    for (const [earliest, thenMs] of this.#atMs) {
      if (thenMs > atMs - ENDING_KEPT_MS && this.#atMs.size <= MAX_ENDINGS) break
      this.#atMs.delete(earliest)
    }
  }

  /** The latest ending of a device's lease; undefined where none is remembered. */
  of(mac: Mac): number | undefined {
    return this.#atMs.get(mac)
  }
}
