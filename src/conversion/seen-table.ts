import type { Mac } from '../net/mac.ts'
import { mergeSeen, type SeenSoftware, saysTheSame } from '../phones/seen-software.ts'

/** What was seen of one enrolled phone; what is stored. */
export type SeenPhone = SeenSoftware & { readonly mac: Mac }

/** Where that survives a restart. */
export interface SeenStore {
  /** All of it, and what of a row made no sense. */
  load(): Promise<{ readonly seen: readonly SeenPhone[]; readonly faults: readonly string[] }>
  /** Null takes one away. Resolves when all are on disk, all or none. */
  save(changes: ReadonlyMap<Mac, SeenPhone | null>): Promise<void>
}

/** What changed by something that was seen. */
export type SeenChange = {
  readonly seen: SeenPhone
  /** Whether load or protocol became other than before. */
  readonly isNews: boolean
}

/**
 * The same thing seen again moves its time at most this often: thousands of phones that register each
 * minute must not be thousands of writes.
 */
const SAME_AGAIN_MS = 600_000

/** What each enrolled phone was seen to run. One entry a phone at most. */
export class SeenTable {
  readonly #seen = new Map<Mac, SeenPhone>()

  /** Takes what was stored. */
  restore(phones: readonly SeenPhone[]): void {
    for (const phone of phones) this.#seen.set(phone.mac, phone)
  }

  get(mac: Mac): SeenPhone | undefined {
    return this.#seen.get(mac)
  }

  /** Something was seen of a phone; undefined where that changes nothing. */
  see(mac: Mac, found: SeenSoftware): SeenChange | undefined {
    const before = this.#seen.get(mac)
    const seen = { ...(before === undefined ? found : mergeSeen(before, found)), mac }
    if (before !== undefined && isSameAgain(before, seen)) return undefined
    this.#seen.set(mac, seen)
    const isNews = before?.load !== seen.load || before?.protocol !== seen.protocol
    return { seen, isNews: isNews && (seen.load !== null || seen.protocol !== null) }
  }

  /** Whether there was anything to forget. */
  forget(mac: Mac): boolean {
    return this.#seen.delete(mac)
  }
}

function isSameAgain(before: SeenPhone, seen: SeenPhone): boolean {
  if (!saysTheSame(before, seen)) return false
  return before.by === seen.by && seen.atMs - before.atMs < SAME_AGAIN_MS
}
