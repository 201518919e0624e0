import t from 'tap'
import { readCursor, writeCursor } from '../../../src/adapters/http/event-cursor.ts'
import { eventStream } from '../../../src/adapters/http/event-stream.ts'
import { eventService } from '../../../src/services/api/events.ts'
import { mergedEvents } from '../../../src/services/api/merged-events.ts'
import { placeAfter } from '../../../src/services/events/event-places.ts'
import { Journal } from '../../../src/services/events/journal.ts'
import { SharedEvents } from '../../../src/services/events/shared-events.ts'
import { anApi, WITH_TOKEN } from '../../support/an-api.ts'
import { MemoryEventSource } from '../../support/in-memory/memory-event-source.ts'
import { memoryStores } from '../../support/in-memory/memory-stores.ts'

const A = 'lab/sw-a'
const B = 'lab.2/sw_b'

t.test('a cursor is a number, or has a number for each appliance', async (t) => {
  t.same([...(readCursor('12', A) ?? [])], [[A, 12]])
  t.same([...(readCursor('12', '') ?? [])], [['', 12]])
  const both = new Map([
    [A, 12],
    [B, 0],
  ])
  t.equal(writeCursor(both), 'lab/sw-a:12,lab.2/sw_b:0')
  t.same(readCursor(writeCursor(both), B), both)
  t.equal(writeCursor(new Map([['', 7]])), '7')
  t.equal(writeCursor(new Map()), '0')
  for (const text of ['', '-1', 'x', '1.5', 'lab:1', `${A}:x`, `${A}:1,`, `${A}:${'9'.repeat(16)}`])
    t.equal(readCursor(text, A), undefined, text)
  t.equal(readCursor(`${A}:1`, ''), undefined, 'of appliances that this one knows nothing of')
  t.equal(readCursor(Array(2_000).fill(`${A}:1`).join(','), A), undefined, 'endless')
})

t.test('a place never goes back', async (t) => {
  const after = placeAfter(new Map([[A, 5]]), [
    { appliance: A, id: 3 },
    { appliance: B, id: 2 },
  ])
  t.same(
    [...after],
    [
      [A, 5],
      [B, 2],
    ],
  )
})

/** The events of appliance A, which shares them with B. */
function aPair() {
  const source = new MemoryEventSource()
  const { events: history, marks } = memoryStores()
  const journal = new Journal(history, 0, () => undefined)
  const state = { isAway: false }
  const shared = new SharedEvents({
    ...{ here: A, source, journal, history, marks },
    isThere: () => !state.isAway,
    onFault: () => undefined,
  })
  const about = { mac: null, network: null, fields: {} }
  const exchange = async () => {
    if (!state.isAway) await shared.exchange()
  }
  return {
    state,
    events: mergedEvents(eventService(journal, history), shared),
    exchange,
    /** Something happens at B, and a moment later here. */
    both: async (atMs: number, id: number) => {
      await source.put(B, [{ id, atMs, event: 'x.y', ...about }], id - 1)
      journal.record({ atMs: atMs + 1, event: 'dhcp.ack.sent', ...about })
      await exchange()
    },
    forgetBefore: async (id: number) => {
      source.forgetBefore(B, id)
      await exchange()
    },
  }
}

t.test('the list of two appliances goes on where it ended', async (t) => {
  const { state, events, exchange, both } = aPair()
  await exchange()
  const { app } = await anApi(t, { shared: { events } })
  const list = async (query: string) =>
    (await app.inject({ url: `/v1/events${query}`, headers: WITH_TOKEN })).json()
  t.same(await list(''), { events: [], next: `${A}:0`, oldest: 0, partial: false })
  for (let nth = 1; nth <= 3; nth++) await both(nth * 10, nth)
  const first = await list('?after=0&limit=3')
  t.match(first, {
    events: [
      { id: 1, site: 'lab.2', appliance: 'sw_b' },
      { id: 1, site: 'lab', appliance: 'sw-a' },
      { id: 2, site: 'lab.2', appliance: 'sw_b' },
    ],
    next: `${A}:1,${B}:2`,
  })
  const rest = await list(`?after=${encodeURIComponent(first.next)}`)
  t.equal(rest.events.length, 3)
  t.same((await list('?limit=1')).next, `${B}:3,${A}:3`)
  state.isAway = true
  t.match(await list('?limit=9'), { partial: true, next: `${B}:3,${A}:3` })
})

t.test(
  'the stream of two appliances has a place in both, and tells of a gap in each',
  async (t) => {
    const { state, events, both, forgetBefore } = aPair()
    for (let nth = 1; nth <= 3; nth++) await both(nth * 10, nth)
    await forgetBefore(3)
    const after = readCursor(`${A}:2,${B}:0`, A)
    const stream = eventStream(events, { after, filter: {} }, new AbortController().signal)
    await stream.next()
    t.match((await stream.next()).value, `{"after":0,"first":3,"appliance":"${B}"}`)
    /** What the next messages are, and the place after them. */
    const messages = async (count: number) => {
      const events: string[] = []
      let place = ''
      for (let nth = 0; nth < count; nth++) {
        const text = String((await stream.next()).value)
        place = /^id: (.*)$/m.exec(text)?.[1] ?? ''
        const { id, appliance } = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? '{}')
        events.push(`${appliance} ${id}`)
      }
      return { events: events.sort(), place }
    }
    t.same(await messages(2), { events: ['sw-a 3', 'sw_b 3'], place: `${A}:3,${B}:3` })
    state.isAway = true
    await both(40, 4)
    t.same(await messages(1), { events: ['sw-a 4'], place: `${A}:4,${B}:3` }, 'the other is away')
    state.isAway = false
    await both(50, 5)
    t.same(
      await messages(3),
      { events: ['sw-a 5', 'sw_b 4', 'sw_b 5'], place: `${A}:5,${B}:5` },
      'and misses nothing',
    )
    await stream.return()
  },
)
