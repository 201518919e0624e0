import t from 'tap'
import {
  type EventStoreOptions,
  SqliteEventStore,
} from '../../../src/adapters/sqlite/event-store.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { eventService, recordedOf } from '../../../src/services/api/events.ts'
import { Journal, RECENT } from '../../../src/services/events/journal.ts'
import { aDatabase, tamper } from '../../support/a-database.ts'

const PHONES = ['000E84C060A6' as Mac, '000E84C060A7' as Mac]
const NETWORKS = ['bench', 'lab', 'lab']
const BROKEN = new Error('disk full')

const database = await aDatabase()

/** Events of two phones in turn, on `bench` every third. */
function record(journal: Journal, count: number): void {
  for (let nth = 0; nth < count; nth++) {
    const place = journal.newestId
    journal.record({
      atMs: 1_700_000_000_000 + place,
      event: 'dhcp.ack.sent',
      mac: PHONES[place % 2] ?? null,
      network: NETWORKS[place % 3] ?? null,
      fields: {},
    })
  }
}

/** The service over a store; where it `forgets`, memory begins empty, as if it had moved on. */
async function aService(options: EventStoreOptions & { readonly forgets?: boolean } = {}) {
  const store = await SqliteEventStore.open(database, options)
  const { events: stored } = await store.list({ limit: RECENT })
  const faults: unknown[] = []
  const memory = options.forgets === true ? [] : stored.map(recordedOf)
  const journal = new Journal(store, store.newestId, (error) => faults.push(error), memory)
  const events = eventService(journal, store)
  const ids = async (query: Parameters<typeof events.list>[0]) =>
    (await events.list(query)).map(({ id }) => id)
  return { store, journal, events, ids, faults }
}

/** As `aService`, with so many events in the store and none in memory. */
async function aPast(count: number, options: EventStoreOptions = {}) {
  const before = await aService(options)
  record(before.journal, count)
  await before.journal.flush()
  return aService({ ...options, forgets: true })
}

const QUERIES = [
  { why: 'the newest', query: { limit: 3 }, ids: [28, 29, 30] },
  { why: 'the first ones behind a cursor', query: { after: 0, limit: 3 }, ids: [1, 2, 3] },
  { why: 'to the end', query: { after: 28, limit: 3 }, ids: [29, 30] },
  { why: 'nothing after the last', query: { after: 30, limit: 3 }, ids: [] },
  { why: 'nothing behind what was never there', query: { after: 99, limit: 3 }, ids: [] },
  { why: 'of a phone', query: { after: 0, limit: 3, mac: PHONES[1] }, ids: [2, 4, 6] },
  { why: 'the newest of a phone', query: { limit: 2, mac: PHONES[0] }, ids: [27, 29] },
  { why: 'of a network', query: { after: 3, limit: 4, network: 'bench' }, ids: [4, 7, 10, 13] },
  { why: 'the newest of a network', query: { limit: 2, network: 'bench' }, ids: [25, 28] },
  {
    why: 'of both',
    query: { after: 0, limit: 9, mac: PHONES[0], network: 'bench' },
    ids: [1, 7, 13, 19, 25],
  },
  {
    why: 'more than there are',
    query: { after: 0, limit: 999, network: 'bench' },
    ids: [1, 4, 7, 10, 13, 16, 19, 22, 25, 28],
  },
] as const

t.test('the same comes out of memory, out of the store, and out of both', async (t) => {
  const past = await aPast(30)
  const reread = await aService()
  const half = await aService({ forgets: true })
  for (const { why, query, ids } of QUERIES) {
    t.same(await past.ids(query as never), ids, `${why}, from the store`)
    t.same(await reread.ids(query as never), ids, `${why}, from memory`)
  }
  record(half.journal, 5)
  t.same(await half.ids({ after: 27, limit: 6 }), [28, 29, 30, 31, 32, 33])
  t.same(await half.ids({ limit: 7 }), [29, 30, 31, 32, 33, 34, 35])
  t.same(
    await half.ids({ after: 0, limit: 99, network: 'bench' }),
    [1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 34],
  )
})

/** Each event at its second, the third of every three with another name. */
function recordKinds(journal: Journal, count: number): void {
  const names = ['dhcp.ack.sent', 'dhcp.offer.sent', 'conversion.stalled']
  for (let nth = 0; nth < count; nth++) {
    const event = names[nth % 3] ?? ''
    journal.record({ atMs: nth * 1_000, event, mac: null, network: null, fields: {} })
  }
}

const FILTERS = [
  { why: 'the beginning of a name', filter: { prefix: 'dhcp.' }, ids: [1, 2, 4, 5, 7, 8] },
  { why: 'a whole name', filter: { prefix: 'dhcp.ack.sent' }, ids: [1, 4, 7] },
  { why: 'warnings', filter: { level: 'warn' }, ids: [3, 6, 9] },
  { why: 'no more than info', filter: { level: 'info' }, ids: [1, 3, 4, 6, 7, 9] },
  { why: 'every level', filter: { level: 'debug' }, ids: [1, 2, 3, 4, 5, 6, 7, 8, 9] },
  { why: 'none of a level', filter: { level: 'fatal' }, ids: [] },
  { why: 'from a moment on', filter: { sinceMs: 7_000 }, ids: [8, 9] },
  { why: 'before a moment', filter: { untilMs: 2_000 }, ids: [1, 2] },
  { why: 'of both', filter: { prefix: 'dhcp.', sinceMs: 3_000, untilMs: 7_000 }, ids: [4, 5, 7] },
] as const

t.test(
  'events are found by name, level and time, out of memory and out of the store',
  async (t) => {
    const before = await aService()
    recordKinds(before.journal, 9)
    await before.journal.flush()
    const past = await aService({ forgets: true })
    for (const { why, filter, ids } of FILTERS) {
      t.same(await before.ids({ after: 0, limit: 99, ...filter }), ids, `${why}, from memory`)
      t.same(await past.ids({ after: 0, limit: 99, ...filter }), ids, `${why}, from the store`)
      t.same(await past.ids({ limit: 2, ...filter }), ids.slice(-2), `the newest, ${why}`)
    }
  },
)

t.test('a rare network is found among many events of another one', async (t) => {
  const { ids } = await aPast(30)
  t.same(
    await ids({ after: 0, limit: 1, network: 'bench', mac: PHONES[1] as Mac }),
    [4],
    'the limit counts what fits',
  )
})

t.test(
  'an event is told once it is on disk: its number is no other event ever after',
  async (t) => {
    for (const query of [{ after: 0, limit: 9 }, { limit: 2 }]) {
      const { store, journal, events } = await aService()
      let isOnDisk = false
      const append = async () => {
        await new Promise((resolve) => setImmediate(resolve))
        isOnDisk = true
      }
      t.intercept(store, 'append', { value: append })
      record(journal, 2)
      t.match(await events.list(query), [
        { id: 1, mac: PHONES[0], network: 'bench' },
        { id: 2, mac: PHONES[1] },
      ])
      t.ok(isOnDisk)
    }
  },
)

t.test('what the disk has refused is still listed from memory', async (t) => {
  const { store, journal, ids, faults } = await aService()
  t.intercept(store, 'append', { value: () => Promise.reject(BROKEN) })
  record(journal, 3)
  t.same(await ids({ limit: 9 }), [1, 2, 3])
  t.same(await ids({ after: 1, limit: 9 }), [2, 3])
  t.same(faults, [BROKEN])
})

t.test('rows that make no sense do not end a page before its time', async (t) => {
  const { ids } = await aPast(30)
  tamper(database, "UPDATE events SET fields = 'no json' WHERE id BETWEEN 3 AND 12")
  t.same(await ids({ after: 0, limit: 4 }), [1, 2, 13, 14])
  t.same(await ids({ after: 2, limit: 2 }), [13, 14])
})

t.test('the range is nothing before the first event', async (t) => {
  const { events, journal } = await aService()
  t.same(events.range(), { oldest: 0, newest: 0 })
  record(journal, 1)
  t.same(events.range(), { oldest: 1, newest: 1 })
  await journal.flush()
  t.same(events.range(), { oldest: 1, newest: 1 })
})

t.test('the range begins where the store begins, also after it was trimmed', async (t) => {
  const limits = { keepRows: 100, trimRows: 10 }
  const { store, events, journal } = await aPast(150, { ...limits, keepRows: 1_000 })
  t.same(events.range(), { oldest: 1, newest: 150 }, 'read at the start')
  const trimmed = await aService({ ...limits, forgets: true })
  for (let round = 0; round < 10; round++) {
    record(trimmed.journal, 10)
    await trimmed.journal.flush()
  }
  const { events: kept } = await store.list({ afterId: 0, limit: 1_000 })
  t.ok((kept[0]?.id ?? 0) > 100, 'the store has let go of old ones')
  t.same(trimmed.events.range(), { oldest: kept[0]?.id, newest: 250 })
  t.same((await aService(limits)).events.range(), { oldest: kept[0]?.id, newest: 250 })
  t.equal(journal.newestId, 150)
})

t.test('a reader goes on with its cursor after a restart', async (t) => {
  await aPast(30)
  const { journal, ids, events } = await aService()
  record(journal, 2)
  t.same(await ids({ after: 29, limit: 9 }), [30, 31, 32])
  t.same(events.range(), { oldest: 1, newest: 32 })
  await journal.flush()
})

t.test('who subscribes hears of each event', async (t) => {
  const { journal, events } = await aService()
  let heard = 0
  const leave = events.subscribe(() => heard++)
  record(journal, 2)
  leave()
  record(journal, 1)
  t.equal(heard, 2)
  await journal.flush()
})

t.test('a page that damaged rows have made short is filled up', async (t) => {
  const event = (id: number) => ({
    ...{ id, atMs: id, event: 'dhcp.ack.sent', mac: null, network: 'bench', fields: {} },
  })
  const limits: number[] = []
  const journal = new Journal({ append: async () => undefined }, 5, () => undefined)
  const events = eventService(journal, {
    oldestId: 1,
    list: async ({ limit }: { limit: number }) => {
      limits.push(limit)
      // Rows 2 and 3 make no sense.
      const rows = [1, 2, 3, 4, 5].slice(0, limit)
      return {
        events: rows.filter((id) => id !== 2 && id !== 3).map(event),
        faults: rows.filter((id) => id === 2 || id === 3).map((id) => `row ${id}`),
      }
    },
  } as never)
  const page = await events.list({ after: 0, limit: 3 })
  t.same(
    page.map(({ id }) => id),
    [1, 4, 5],
  )
  t.same(limits, [3, 5])
})
