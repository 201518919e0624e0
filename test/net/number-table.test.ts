import fc from 'fast-check'
import t from 'tap'
import { NumberTable } from '../../src/net/number-table.ts'

/** Pairs of address and port as they come: one client with many ports, and neighbours. */
const keys = fc
  .tuple(fc.constantFrom(0, 0x0a14_0032, 0x0a14_0033, 0xffff_ffff), fc.integer({ min: 0, max: 40 }))
  .map(([client, port]) => client * 65_536 + port)

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('set'), key: keys, value: fc.integer({ min: -5, max: 5_000 }) }),
    fc.record({ kind: fc.constant('delete'), key: keys, value: fc.constant(0) }),
  ),
  { maxLength: 400 },
)

t.test('it holds what a map holds', (t) => {
  fc.assert(
    fc.property(steps, (all) => {
      const table = new NumberTable()
      const map = new Map<number, number>()
      for (const { kind, key, value } of all) {
        if (kind === 'set') map.set(key, value)
        else map.delete(key)
        if (kind === 'set') table.set(key, value)
        else table.delete(key)
        if (table.size !== map.size || table.get(key) !== map.get(key)) return false
      }
      return [...map].every(([key, value]) => table.get(key) === value)
    }),
  )
  t.end()
})

t.test('it grows, and keys that push each other on are found until they are gone', (t) => {
  const table = new NumberTable()
  const all = Array.from({ length: 5_000 }, (_, index) => 0xffff_ffff * 65_536 + index * 13)
  for (const [index, key] of all.entries()) table.set(key, index)
  t.ok(all.every((key, index) => table.get(key) === index))
  for (const key of all.filter((_, index) => index % 2 === 0)) table.delete(key)
  t.equal(table.size, 2_500)
  t.ok(all.every((key, index) => table.get(key) === (index % 2 === 0 ? undefined : index)))
  t.equal(table.get(Number.MAX_SAFE_INTEGER), undefined)
  t.end()
})
