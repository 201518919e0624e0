import t from 'tap'
import { allEvents, placeAfter } from '../../../src/services/events/event-places.ts'
import type { EventQuery, RecordedEvent } from '../../../src/services/services.ts'

const event = (id: number): RecordedEvent => ({
  ...{ id, atMs: id, event: 'dhcp.ack.sent', mac: null, network: 'bench', fields: {} },
})

t.test('a place is the newest id of each appliance, and never moves back', async (t) => {
  const before = new Map([['lab/a', 7]])
  const after = placeAfter(before, [
    { appliance: 'lab/a', id: 3 },
    { appliance: 'lab/b', id: 9 },
    { id: 2 },
  ])
  t.same(
    [...after],
    [
      ['lab/a', 7],
      ['lab/b', 9],
      ['', 2],
    ],
  )
  t.same([...before], [['lab/a', 7]], 'the old place is as it was')
})

t.test('all events are read a page at a time, each once', async (t) => {
  const kept = Array.from({ length: 4_500 }, (_, index) => event(index + 1))
  const queries: EventQuery[] = []
  const list = async (query: EventQuery) => {
    queries.push(query)
    const from = query.after?.get('') ?? 0
    return kept.filter(({ id }) => id > from).slice(0, query.limit)
  }
  const read: number[] = []
  for await (const page of allEvents({ here: '', list }, { prefix: 'dhcp.' })) {
    read.push(...page.map(({ id }) => id))
  }
  t.same(
    read,
    kept.map(({ id }) => id),
  )
  t.equal(queries.length, 3)
  t.match(queries, [{ prefix: 'dhcp.' }, { prefix: 'dhcp.' }, { prefix: 'dhcp.' }])
})

t.test('no event at all is no page', async (t) => {
  const pages: unknown[] = []
  for await (const page of allEvents({ here: '', list: async () => [] }, {})) pages.push(page)
  t.same(pages, [])
})
