import type { Mac } from '../../net/mac.ts'
import { TokenBucket } from '../../net/token-bucket.ts'

/** What the table needs to know of a device. Times in milliseconds since the epoch. */
export type TableEntry = { readonly mac: Mac; readonly lastSeenAtMs: number }

/** Devices that are listed at most: more than an operator reads, and less than a megabyte. */
const MOST_DEVICES = 1_000

/** A device that has been silent for so long is no longer listed, in milliseconds: a week. */
export const FORGOTTEN_AFTER_MS = 604_800_000

/** How many devices that asked more than once may lose their place to others. */
const DISPLACED = { burst: 100, perSecond: 0.1 }

/** Hardware addresses that are remembered as seen once while the table is full: 256 KiB. */
const SLOTS = 65_536

/**
 * A bounded table of devices that resists made-up hardware addresses. While there is room a device is
 * listed at its first request. In a full table:
 *
 * 1. A device is listed when it asks a second time. A phone repeats itself within seconds; random
 *    addresses hardly ever do.
 * 2. It takes the place of the device that asked only once, the oldest of these first.
 * 3. Where all have asked more than once, it takes that of the device that was silent for longest, a
 *    hundred times and then once in ten seconds. To empty the table takes hours, not one flood.
 *
 * A device that was silent for a week loses its place first. All steps take constant time.
 */
export class DeviceTable<Entry extends TableEntry> {
  readonly #most: number
  /** Both in the order in which devices were last seen, the longest silent first. */
  readonly #once = new Map<Mac, Entry>()
  readonly #repeated = new Map<Mac, Entry>()
  readonly #displaced = new TokenBucket(DISPLACED)
  /** The last of `#repeated`: a device that asks again at once has its place already. */
  #newest: Entry | null = null
  /** Made when the table is full for the first time. */
  #seenOnce: Uint32Array | null = null

  /** @param most - Entries at most; 1 or more. */
  constructor(most = MOST_DEVICES) {
    this.#most = most
  }

  get size(): number {
    return this.#once.size + this.#repeated.size
  }

  get(mac: Mac): Entry | undefined {
    return this.#repeated.get(mac) ?? this.#once.get(mac)
  }

  /** Whether a device that is not listed gets a place now; if so, one is free afterwards. */
  makeRoom(mac: Mac, nowMs: number): boolean {
    if (this.size < this.#most) return true
    this.#newest = null
    if (this.#dropSilent(this.#once, nowMs) || this.#dropSilent(this.#repeated, nowMs)) return true
    if (!this.#isSecondTime(mac)) return false
    if (dropFirst(this.#once)) return true
    return this.#displaced.take(nowMs) && dropFirst(this.#repeated)
  }

  /** Lists a device that is new; `makeRoom` has been asked. */
  add(entry: Entry): void {
    this.#once.set(entry.mac, entry)
  }

  /** Keeps a listed device as it is now, and as one that has asked more than once. */
  update(entry: Entry): void {
    if (entry === this.#newest) return
    this.#once.delete(entry.mac)
    this.#repeated.delete(entry.mac)
    this.#repeated.set(entry.mac, entry)
    this.#newest = entry
  }

  /** Whether it was listed. */
  delete(mac: Mac): boolean {
    if (this.#newest?.mac === mac) this.#newest = null
    return this.#once.delete(mac) || this.#repeated.delete(mac)
  }

  /** Those that were not silent for too long, the last seen first. */
  list(nowMs: number): readonly Entry[] {
    return [...this.#once.values(), ...this.#repeated.values()]
      .filter(({ lastSeenAtMs }) => nowMs - lastSeenAtMs < FORGOTTEN_AFTER_MS)
      .sort((a, b) => b.lastSeenAtMs - a.lastSeenAtMs)
  }

  #dropSilent(devices: Map<Mac, Entry>, nowMs: number): boolean {
    const [longest] = devices.values()
    if (longest === undefined || nowMs - longest.lastSeenAtMs < FORGOTTEN_AFTER_MS) return false
    return devices.delete(longest.mac)
  }

  /** A slot for each hash: who comes later overwrites, so that it never grows. */
  #isSecondTime(mac: Mac): boolean {
    this.#seenOnce ??= new Uint32Array(SLOTS)
    const low = Number.parseInt(mac.slice(4), 16)
    const slot = (Math.imul(low, 0x9e37_79b1) >>> 16) % SLOTS
    // 0 is an empty slot.
    const mark = low === 0 ? 1 : low
    if (this.#seenOnce[slot] === mark) return true
    this.#seenOnce[slot] = mark
    return false
  }
}

function dropFirst<Entry>(devices: Map<Mac, Entry>): boolean {
  const [first] = devices.keys()
  return first !== undefined && devices.delete(first)
}
