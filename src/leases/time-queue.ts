import type { Ipv4 } from '../net/ipv4.ts'

type Entry = { readonly address: Ipv4; timeMs: number }

/**
 * Addresses by a point in time, the earliest first.
 *
 * Built for times that mostly move later (renewals): an entry keeps a time that is at most its
 * true one, and the truth is asked only when the entry comes to the front. So a renewal costs
 * nothing here, and a queue of 50,000 addresses is as quick as one of 50.
 */
export class TimeQueue {
  readonly #trueTimeMs: (address: Ipv4) => number
  readonly #heap: Entry[] = []
  readonly #positions = new Map<Ipv4, number>()

  /** @param trueTimeMs - The time that an address stands under now. */
  constructor(trueTimeMs: (address: Ipv4) => number) {
    this.#trueTimeMs = trueTimeMs
  }

  get size(): number {
    return this.#heap.length
  }

  /** Takes the address in, or moves it forward if its time is now earlier than before. */
  update(address: Ipv4): void {
    const timeMs = this.#trueTimeMs(address)
    const position = this.#positions.get(address)
    if (position === undefined) {
      this.#heap.push({ address, timeMs })
      this.#positions.set(address, this.#heap.length - 1)
      this.#rise(this.#heap.length - 1)
      return
    }
    const entry = this.#at(position)
    if (timeMs >= entry.timeMs) return
    entry.timeMs = timeMs
    this.#rise(position)
  }

  /** The address with the earliest time, if that is not after `nowMs`. It stays in the queue. */
  first(nowMs: number): Ipv4 | undefined {
    for (;;) {
      const entry = this.#heap[0]
      if (entry === undefined || entry.timeMs > nowMs) return undefined
      const trueMs = this.#trueTimeMs(entry.address)
      if (trueMs <= entry.timeMs) return entry.address
      entry.timeMs = trueMs
      this.#sink(0)
    }
  }

  /** Does not return the address again before `untilMs`, unless its time becomes earlier. */
  postpone(address: Ipv4, untilMs: number): void {
    const position = this.#positions.get(address)
    if (position === undefined) return
    const entry = this.#at(position)
    if (untilMs <= entry.timeMs) return
    entry.timeMs = untilMs
    this.#sink(position)
  }

  #rise(from: number): void {
    let position = from
    while (position > 0) {
      const parent = (position - 1) >> 1
      if (this.#at(parent).timeMs <= this.#at(position).timeMs) return
      this.#swap(parent, position)
      position = parent
    }
  }

  #sink(from: number): void {
    let position = from
    for (;;) {
      let least = position
      for (const child of [2 * position + 1, 2 * position + 2]) {
        if (child >= this.#heap.length) break
        if (this.#at(child).timeMs < this.#at(least).timeMs) least = child
      }
      if (least === position) return
      this.#swap(least, position)
      position = least
    }
  }

  #swap(a: number, b: number): void {
    const first = this.#at(a)
    const second = this.#at(b)
    this.#heap[a] = second
    this.#heap[b] = first
    this.#positions.set(second.address, a)
    this.#positions.set(first.address, b)
  }

  #at(position: number): Entry {
    // Positions come from the map or from the bounds above, so there is always an entry.
    return this.#heap[position] as Entry
  }
}
