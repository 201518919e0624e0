import type { Test } from 'tap'
import { WireError } from '../../src/wire/wire-error.ts'
import { readVectors, type Vector } from './vector.ts'

/** What is needed to hold a codec to its laws. */
export type Codec<Value> = {
  /** The folder below `test/vectors`. */
  readonly vectors: string
  readonly decode: (bytes: Uint8Array) => Value
  /** A value as the names and texts that vectors expect, complete: nothing decoded is left out. */
  readonly describe: (value: Value) => Readonly<Record<string, string>>
  readonly encode: (value: Value) => Uint8Array
}

const RANDOM_INPUTS = 4000
const MAX_RANDOM_OCTETS = 1500
/** Far above what one datagram takes even on a busy machine: only an endless loop gets there. */
const MAX_DECODE_MS = 1000

/**
 * Holds one codec to the laws that hold for every codec: vectors decode to their values and encode
 * to their bytes, and whatever else comes decodes or throws `WireError` within a bounded time.
 */
export function holdCodecToLaws<Value>(t: Test, codec: Codec<Value>): void {
  const vectors = readVectors(codec.vectors)
  t.ok(vectors.length > 0, `there are vectors in ${codec.vectors}`)
  t.test('decode(vector) equals its values', async (t) => {
    for (const { name, bytes, values } of vectors) {
      t.same(codec.describe(codec.decode(bytes)), values, name)
    }
  })
  t.test("encode(values) equals the vector's bytes", async (t) => {
    for (const vector of vectors.filter(({ notEncoded }) => notEncoded === undefined)) {
      const encoded = codec.encode(codec.decode(vector.bytes))
      t.equal(hex(encoded), hex(vector.bytes), vector.name)
    }
  })
  t.test('every prefix of a vector decodes or throws WireError', async (t) => {
    for (const { name, bytes } of vectors) {
      const faults = faultsOf(codec, prefixesOf(bytes))
      t.same(faults, [], name)
    }
  })
  t.test('seeded random bytes decode or throw WireError', async (t) => {
    t.same(faultsOf(codec, randomInputs(vectors)), [])
  })
}

function* prefixesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let length = 0; length < bytes.length; length++) yield bytes.subarray(0, length)
}

/** Half of it pure noise, half of it vectors with a few octets changed: those get further in. */
function* randomInputs(vectors: readonly Vector[]): Generator<Uint8Array> {
  const random = seeded(0x5eed)
  for (let round = 0; round < RANDOM_INPUTS; round++) {
    const noise = new Uint8Array(random(MAX_RANDOM_OCTETS)).map(() => random(256))
    const base = vectors[random(vectors.length)]
    if (round % 2 === 0 || base === undefined) {
      yield noise
      continue
    }
    const changed = Uint8Array.from(base.bytes)
    for (let change = random(8); change >= 0; change--) {
      changed[random(changed.length)] = random(256)
    }
    yield changed
  }
}

function faultsOf<Value>(codec: Codec<Value>, inputs: Iterable<Uint8Array>): string[] {
  const faults: string[] = []
  for (const input of inputs) {
    const beganAtMs = performance.now()
    try {
      codec.describe(codec.decode(input))
    } catch (error) {
      if (!(error instanceof WireError)) faults.push(`${hex(input)}: ${String(error)}`)
      else if (error.offset < 0 || error.offset > input.length) faults.push(`${hex(input)}: offset`)
    }
    const tookMs = performance.now() - beganAtMs
    if (tookMs > MAX_DECODE_MS) faults.push(`${hex(input)}: ${tookMs} ms`)
  }
  return faults
}

/** A linear congruential generator (the constants of Numerical Recipes), the same on every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
