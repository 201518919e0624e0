import type { Ipv4 } from '../net/ipv4.ts'
import { NumberTable } from '../net/number-table.ts'

const FIRST_CAPACITY = 256

/**
 * Addresses by a point in time, the earliest first.
 *
 * Built for times that mostly move later (renewals): an entry keeps a time that is at most its
 * true one, and the truth is asked only when the entry comes to the front. So a renewal costs
 * nothing here, and a queue of 50,000 addresses is as quick as one of 50. It is a heap in two arrays:
 * each lease stands in two queues, and an object for each would be more than the lease itself.
 */
export class TimeQueue {
  readonly #trueTimeMs: (address: Ipv4) => number
  /** By position in the heap. */
  #addresses = new Uint32Array(FIRST_CAPACITY)
  #timesMs = new Float64Array(FIRST_CAPACITY)
  #size = 0
  readonly #positions = new NumberTable()

  /** @param trueTimeMs - The time that an address stands under now. */
  constructor(trueTimeMs: (address: Ipv4) => number) {
    this.#trueTimeMs = trueTimeMs
  }

  get size(): number {
    return this.#size
  }

  /** Takes the address in, or moves it forward if its time is now earlier than before. */
  update(address: Ipv4): void {
    const timeMs = this.#trueTimeMs(address)
    const position = this.#positions.get(address)
    if (position === undefined) this.#add(address, timeMs)
    else if (timeMs < this.#timeAt(position)) this.#rise(position, address, timeMs)
  }

  /** The address with the earliest time, if that is not after `nowMs`. It stays in the queue. */
  first(nowMs: number): Ipv4 | undefined {
    while (this.#size > 0 && this.#timeAt(0) <= nowMs) {
      const address = this.#addresses[0] as Ipv4
      const trueMs = this.#trueTimeMs(address)
      if (trueMs <= this.#timeAt(0)) return address
      this.#sink(0, address, trueMs)
    }
    return undefined
  }

  /** Does not return the address again before `untilMs`, unless its time becomes earlier. */
  postpone(address: Ipv4, untilMs: number): void {
    const position = this.#positions.get(address)
    if (position === undefined || untilMs <= this.#timeAt(position)) return
    this.#sink(position, address, untilMs)
  }

  #add(address: Ipv4, timeMs: number): void {
    if (this.#size === this.#addresses.length) this.#grow()
    this.#size++
    this.#rise(this.#size - 1, address, timeMs)
  }

  #grow(): void {
    const [addresses, timesMs] = [this.#addresses, this.#timesMs]
    this.#addresses = new Uint32Array(addresses.length * 2)
    this.#addresses.set(addresses)
    this.#timesMs = new Float64Array(timesMs.length * 2)
    this.#timesMs.set(timesMs)
  }

  /** Puts an address at a position, or nearer to the front. */
  #rise(from: number, address: Ipv4, timeMs: number): void {
    let position = from
    while (position > 0) {
      const parent = (position - 1) >> 1
      if (this.#timeAt(parent) <= timeMs) break
      this.#move(parent, position)
      position = parent
    }
    this.#put(position, address, timeMs)
  }

  /** Puts an address at a position, or further from the front. */
  #sink(from: number, address: Ipv4, timeMs: number): void {
    let position = from
    for (;;) {
      const child = this.#earlierChildOf(position)
      if (child >= this.#size || timeMs <= this.#timeAt(child)) break
      this.#move(child, position)
      position = child
    }
    this.#put(position, address, timeMs)
  }

  #earlierChildOf(position: number): number {
    const [left, right] = [2 * position + 1, 2 * position + 2]
    return right < this.#size && this.#timeAt(right) < this.#timeAt(left) ? right : left
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#addresses[from] as Ipv4, this.#timeAt(from))
  }

  #put(position: number, address: Ipv4, timeMs: number): void {
    this.#addresses[position] = address
    this.#timesMs[position] = timeMs
    this.#positions.set(address, position)
  }

  /** Positions come from the table or from the bounds above, so there is always a time. */
  #timeAt(position: number): number {
    return this.#timesMs[position] as number
  }
}
