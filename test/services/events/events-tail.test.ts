import t from 'tap'
import { EventsTail } from '../../../src/services/events/events-tail.ts'
import type {
  EventOfAppliance,
  SharedEventQuery,
} from '../../../src/services/events/shared-events.ts'

const A = 'lab/sw-a'
const B = 'lab/sw-b'

/** Appliances that have recorded so many events each. */
function aSource(newest: Record<string, number>) {
  const asked: SharedEventQuery[] = []
  const eventOf = (appliance: string, id: number): EventOfAppliance => ({
    ...{ appliance, id, atMs: id, event: 'x.y', mac: null, network: null, fields: {} },
  })
  const read = async (query: SharedEventQuery) => {
    asked.push(query)
    return query.of.flatMap(({ appliance, id }) =>
      Array.from({ length: query.limit }, (_, nth) => id + 1 + nth)
        .filter((one) => one <= (newest[appliance] ?? 0))
        .map((one) => eventOf(appliance, one)),
    )
  }
  const ranges = () =>
    new Map(
      Object.entries(newest).map(([appliance, id]) => [
        appliance,
        { appliance, oldest: 1, newest: id },
      ]),
    )
  return { asked, read, ranges, newest }
}

const idsOf = (events: readonly EventOfAppliance[] | null) => events?.map(({ id }) => id) ?? null

t.test('what others record is read once, from the moment on that somebody follows', async (t) => {
  const source = aSource({ [A]: 5, [B]: 7 })
  const tail = new EventsTail(source.read)
  t.equal(tail.after(A, 5), null, 'nothing is held yet')
  await tail.readTo(source.ranges(), false)
  t.same(source.asked, [], 'nobody follows')
  t.same(idsOf(tail.after(A, 5)), [])
  t.equal(tail.after(A, 4), null, 'who begins there asks for itself')
  source.newest[A] = 8
  await tail.readTo(source.ranges(), true)
  t.equal(source.asked.length, 1)
  t.same(source.asked[0]?.of, [{ appliance: A, id: 5 }], 'only of those that have recorded')
  t.same(idsOf(tail.after(A, 5)), [6, 7, 8])
  t.same(idsOf(tail.after(A, 7)), [8])
  t.same(idsOf(tail.after(B, 7)), [])
  await tail.readTo(source.ranges(), true)
  t.equal(source.asked.length, 1, 'there is no news')
  source.newest['lab/sw-c'] = 3
  await tail.readTo(source.ranges(), true)
  t.same(idsOf(tail.after('lab/sw-c', 3)), [], 'a new one begins at its end')
  await tail.readTo(source.ranges(), false)
  t.equal(tail.after(A, 5), null, 'nobody follows any more')
})

t.test('what is held has a bound, and so has what is read at once', async (t) => {
  const source = aSource({ [A]: 0 })
  const tail = new EventsTail(source.read)
  await tail.readTo(source.ranges(), true)
  source.newest[A] = 1_700
  await tail.readTo(source.ranges(), true)
  t.equal(source.asked.length, 4)
  t.equal(tail.after(A, 0)?.length, 1_700)
  source.newest[A] = 2_600
  await tail.readTo(source.ranges(), true)
  t.equal(tail.after(A, 0), null)
  t.equal(tail.after(A, 600)?.length, 2_000)
  source.newest[A] = 9_000
  await tail.readTo(source.ranges(), true)
  t.equal(source.asked.length, 4 + 2 + 4)
  t.equal(tail.after(A, 8_999), null, 'too many for one look: who follows asks for itself')
  t.same(idsOf(tail.after(A, 9_000)), [])
})
