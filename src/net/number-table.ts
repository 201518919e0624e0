/** Places of a new table: more than most appliances ever have transfers. */
const FIRST_CAPACITY = 1_024
/** No key is negative. */
const FREE = -1

/**
 * Small numbers by whole numbers of up to 53 bits, in two arrays that only ever grow. A `Map` would make
 * an object for each key above 31 bits, and it leaves its old memory behind as entries come and go: all
 * of that stays until the next full collection.
 *
 * Open addressing with linear probing; at most half of the places are in use.
 */
export class NumberTable {
  #keys = new Float64Array(FIRST_CAPACITY).fill(FREE)
  #values = new Int32Array(FIRST_CAPACITY)
  #size = 0

  get size(): number {
    return this.#size
  }

  /** The number of a key; undefined where there is none. */
  get(key: number): number | undefined {
    const slot = this.#slotOf(key)
    return this.#keys[slot] === key ? this.#values[slot] : undefined
  }

  /**
   * @param key - 0 to 2^53 - 1.
   * @param value - 32 bits, signed.
   */
  set(key: number, value: number): void {
    if (this.#size * 2 >= this.#keys.length) this.#grow()
    const slot = this.#slotOf(key)
    if (this.#keys[slot] === FREE) this.#size++
    this.#keys[slot] = key
    this.#values[slot] = value
  }

  /** Removes a key; does nothing where it is not there. */
  delete(key: number): void {
    const keys = this.#keys
    let hole = this.#slotOf(key)
    if (keys[hole] === FREE) return
    const mask = keys.length - 1
    // What was pushed on past the hole moves back, or it would not be found any more.
    for (let at = (hole + 1) & mask; keys[at] !== FREE; at = (at + 1) & mask) {
      const home = homeOf(keys[at] as number) & mask
      if (((at - home) & mask) < ((at - hole) & mask)) continue
      keys[hole] = keys[at] as number
      this.#values[hole] = this.#values[at] as number
      hole = at
    }
    keys[hole] = FREE
    this.#size--
  }

  /** Where the key is, or else the free place where it belongs. */
  #slotOf(key: number): number {
    const keys = this.#keys
    const mask = keys.length - 1
    let slot = homeOf(key) & mask
    while (keys[slot] !== key && keys[slot] !== FREE) slot = (slot + 1) & mask
    return slot
  }

  #grow(): void {
    const [keys, values] = [this.#keys, this.#values]
    this.#keys = new Float64Array(keys.length * 2).fill(FREE)
    this.#values = new Int32Array(keys.length * 2)
    this.#size = 0
    // Not by entries, each of which would be an object.
    for (let slot = 0; slot < keys.length; slot++) {
      const key = keys[slot] as number
      if (key !== FREE) this.set(key, values[slot] as number)
    }
  }
}

/** Spreads neighbouring ports and addresses over all 32 bits (Fibonacci hashing, high half folded in). */
function homeOf(key: number): number {
  const mixed = Math.imul((key >>> 0) ^ Math.imul(key / 0x1_0000_0000, 0x85eb_ca6b), 0x9e37_79b1)
  return mixed ^ (mixed >>> 15)
}
