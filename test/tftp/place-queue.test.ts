import fc from 'fast-check'
import t from 'tap'
import { PlaceQueue } from '../../src/tftp/place-queue.ts'

t.test('the first is always the one that came first of those that are left', (t) => {
  const steps = fc.array(fc.record({ isAdded: fc.boolean(), place: fc.nat(12) }))
  fc.assert(
    fc.property(steps, (all) => {
      const queue = new PlaceQueue()
      const set = new Set<number>()
      for (const { isAdded, place } of all) {
        if (isAdded && !set.has(place)) {
          queue.add(place)
          set.add(place)
        } else if (!isAdded) {
          queue.delete(place)
          set.delete(place)
        }
        const [first] = set
        if (queue.first !== first) return false
      }
      return true
    }),
  )
  t.end()
})
