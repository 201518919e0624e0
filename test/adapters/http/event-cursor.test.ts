import t from 'tap'
import { readCursor, writeCursor } from '../../../src/adapters/http/event-cursor.ts'
import { eventStream } from '../../../src/adapters/http/event-stream.ts'
import { placeAfter } from '../../../src/services/events/event-places.ts'
import type { EventPlace, EventQuery, RecordedEvent } from '../../../src/services/services.ts'
import { anApi, WITH_TOKEN } from '../../support/an-api.ts'
import { anInventory, MemoryEvents, MemoryServices } from '../../support/memory-services.ts'

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

/** Two appliances; of the other one all before `oldest` is gone. */
class TwoAppliances extends MemoryEvents {
  override readonly here: string = A
  readonly others: RecordedEvent[] = []
  oldest = 1

  override async list({ after, limit, ...filter }: EventQuery) {
    const own = await super.list({
      ...{ ...filter, limit: 1000 },
      ...(after === undefined ? {} : { after: new Map([['', after.get(A) ?? 0]]) }),
    })
    const theirs = this.isPartial
      ? []
      : this.others.filter(({ id }) => id >= this.oldest && id > (after?.get(B) ?? 0))
    const all = [...own.map((event) => ({ ...event, appliance: A })), ...theirs]
    all.sort((one, other) => one.atMs - other.atMs)
    return after === undefined ? all.slice(-limit) : all.slice(0, limit)
  }

  override async recent(query: EventQuery & { readonly after: EventPlace }) {
    return { events: await this.list(query), behind: this.isPartial ? [B] : [] }
  }

  override placed = async (place: EventPlace) => new Map([[A, 0], [B, 0], ...place])

  override ranges = () => {
    const own = { oldest: 1, newest: this.added }
    return new Map([
      [A, own],
      [B, { oldest: this.oldest, newest: this.others.at(-1)?.id ?? 0 }],
    ])
  }

  added = 0

  both(atMs: number, id: number): void {
    this.others.push({ id, appliance: B, atMs, event: 'x.y', mac: null, network: null, fields: {} })
    this.added += 1
    this.add({ atMs: atMs + 1 })
  }
}

t.test('the list of two appliances goes on where it ended', async (t) => {
  const events = new TwoAppliances()
  const { app } = await anApi(t, {
    services: { ...new MemoryServices(await anInventory()), events },
  })
  const list = async (query: string) =>
    (await app.inject({ url: `/v1/events${query}`, headers: WITH_TOKEN })).json()
  t.same(await list(''), { events: [], next: `${A}:0,${B}:0`, oldest: 1, partial: false })
  for (let nth = 1; nth <= 3; nth++) events.both(nth * 10, nth)
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
  events.isPartial = true
  t.match(await list('?limit=9'), { partial: true, next: `${B}:3,${A}:3` })
})

t.test(
  'the stream of two appliances has a place in both, and tells of a gap in each',
  async (t) => {
    const events = new TwoAppliances()
    for (let nth = 1; nth <= 3; nth++) events.both(nth * 10, nth)
    events.oldest = 3
    const after = readCursor(`${A}:2,${B}:0`, A)
    const stream = eventStream(events, { after, filter: {} }, new AbortController().signal)
    await stream.next()
    t.match((await stream.next()).value, `{"after":0,"first":3,"appliance":"${B}"}`)
    t.match((await stream.next()).value, `id: ${A}:2,${B}:3\n`)
    t.match((await stream.next()).value, `id: ${A}:3,${B}:3\n`)
    events.isPartial = true
    events.both(40, 4)
    t.match((await stream.next()).value, `id: ${A}:4,${B}:3\n`, 'the other one is away')
    events.isPartial = false
    events.both(50, 5)
    const found = [await stream.next(), await stream.next(), await stream.next()]
    t.same(
      found.map(({ value }) => /^id: (.*)$/m.exec(String(value))?.[1]),
      [`${A}:4,${B}:4`, `${A}:4,${B}:5`, `${A}:5,${B}:5`],
      'and misses nothing',
    )
    await stream.return()
  },
)
