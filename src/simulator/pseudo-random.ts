/**
 * A repeatable source of numbers (the "mulberry32" generator): the same seed gives the same phone, loss
 * and firmware on every run. Good for shuffling, worthless for secrets.
 */
export class PseudoRandom {
  #state: number

  /** @param seed - Of a number, the low 32 bits; of a text, its hash. */
  constructor(seed: number | string) {
    this.#state = typeof seed === 'number' ? seed | 0 : hashOf(new TextEncoder().encode(seed))
  }

  /** An integer from 0 to 2^32 - 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }

  /** An integer from 0 to `limit - 1`. */
  below(limit: number): number {
    return this.next() % limit
  }

  /** Whether something of the given probability (0 to 1) happens this time. */
  happens(probability: number): boolean {
    return this.next() < probability * 2 ** 32
  }

  /** Freshly allocated bytes. */
  bytes(length: number): Uint8Array {
    const words = new Uint32Array(Math.ceil(length / 4))
    for (let index = 0; index < words.length; index++) words[index] = this.next()
    return new Uint8Array(words.buffer, 0, length)
  }
}

/** A 32-bit hash of bytes (FNV-1a): tells accidents apart, not attackers. */
export function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5
  for (const octet of bytes) hash = Math.imul(hash ^ octet, 0x01000193)
  return hash >>> 0
}
