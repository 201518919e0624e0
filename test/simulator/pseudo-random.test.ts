import t from 'tap'
import { hashOf, PseudoRandom } from '../../src/simulator/pseudo-random.ts'

t.test('the same seed gives the same numbers, another seed others', async (t) => {
  for (const seed of [7, 'P0S3-8-12-00']) {
    t.same(new PseudoRandom(seed).bytes(64), new PseudoRandom(seed).bytes(64))
  }
  t.notSame(new PseudoRandom(7).bytes(64), new PseudoRandom(8).bytes(64))
})

t.test('numbers spread over their range', async (t) => {
  const random = new PseudoRandom(3)
  const seen = new Set(Array.from({ length: 200 }, () => random.below(10)))
  t.same([...seen].sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  t.equal(random.bytes(7).length, 7)
  const happened = Array.from({ length: 1_000 }, () => random.happens(0.25)).filter(Boolean).length
  t.ok(happened > 200 && happened < 300, `${happened} of 1000 at a quarter`)
  t.equal(random.happens(0), false)
  t.equal(random.happens(1), true)
})

t.test('FNV-1a as published: vectors of draft-eastlake-fnv', async (t) => {
  const cases = [
    { text: '', hash: 0x811c9dc5 },
    { text: 'a', hash: 0xe40c292c },
    { text: 'foobar', hash: 0xbf9cf968 },
  ]
  for (const { text, hash } of cases) t.equal(hashOf(new TextEncoder().encode(text)), hash, text)
})
