import t from 'tap'
import { SqliteEventStore } from '../../../src/adapters/sqlite/event-store.ts'
import type { StoredEvent } from '../../../src/services/events/stored-event.ts'
import { aDatabase, tamper } from '../../support/a-database.ts'

type EventDraft = Omit<StoredEvent, 'id'>

const anEvent = (fields: Partial<EventDraft> = {}): EventDraft => ({
  atMs: 1_700_000_000_000,
  event: 'dhcp.offer.sent',
  mac: '000E84C060A6',
  network: 'bench',
  fields: { yiaddr: '10.20.0.50', names: ['a', null] },
  ...fields,
})

/** Appends with the next ids, and gives them back. */
async function append(store: SqliteEventStore, drafts: readonly EventDraft[]): Promise<number[]> {
  const events = drafts.map((draft, index) => ({ ...draft, id: store.newestId + 1 + index }))
  await store.append(events)
  return events.map(({ id }) => id)
}

const database = await aDatabase()

t.test('events keep their rising ids and come back by them', async (t) => {
  const store = await SqliteEventStore.open(database)
  t.equal(store.newestId, 0)
  t.same(await append(store, [anEvent(), anEvent({ mac: null, network: null })]), [1, 2])
  t.same(await append(store, [anEvent({ atMs: 2, fields: {} })]), [3])
  t.equal(store.newestId, 3)
  t.same(await store.list({ afterId: 1, limit: 10 }), {
    events: [
      { id: 2, ...anEvent({ mac: null, network: null }) },
      { id: 3, ...anEvent({ atMs: 2, fields: {} }) },
    ],
    faults: [],
  })
  const reopened = await SqliteEventStore.open(database)
  t.equal(reopened.newestId, 3, 'continues after the last one, also after a restart')
  t.same(await append(reopened, [anEvent()]), [4])
})

t.test('lists by cursor, phone and beginning of the name', async (t) => {
  const store = await SqliteEventStore.open(database)
  const names = ['dhcp.offer.sent', 'dhcp.ack.sent', 'tftp.transfer.ended', 'dhcpx.other']
  await append(
    store,
    Array.from({ length: 40 }, (_, index) =>
      anEvent({ event: names[index % 4] ?? '', mac: index % 2 ? 'AAAAAAAAAAAA' : 'BBBBBBBBBBBB' }),
    ),
  )
  const ids = async (query: Parameters<typeof store.list>[0]) =>
    (await store.list(query)).events.map(({ id }) => id)
  t.same(await ids({ limit: 3 }), [38, 39, 40], 'the newest, when no cursor is given')
  t.same(await ids({ afterId: 0, limit: 3 }), [1, 2, 3])
  t.same(await ids({ afterId: 38, limit: 3 }), [39, 40])
  t.same(await ids({ afterId: 40, limit: 3 }), [])
  t.same(await ids({ afterId: 0, limit: 3, mac: 'AAAAAAAAAAAA' }), [2, 4, 6])
  t.same(await ids({ limit: 2, network: 'bench' }), [39, 40])
  t.same(await ids({ limit: 2, network: 'lab' }), [])
  t.same(await ids({ limit: -1 }), [], 'a limit below nothing is nothing')
  t.equal((await ids({ afterId: 0, limit: 1e9 })).length, 40)
})

t.test('only the newest rows are kept', async (t) => {
  const store = await SqliteEventStore.open(database, { keepRows: 100, trimRows: 10 })
  for (let round = 0; round < 30; round++) {
    await append(
      store,
      Array.from({ length: 10 }, () => anEvent()),
    )
  }
  const { events } = await store.list({ afterId: 0, limit: 1000 })
  t.equal(events.length, 100)
  t.equal(events[0]?.id, 201)
  t.equal(store.oldestId, 201)
  t.equal((await SqliteEventStore.open(database)).oldestId, 201, 'read at the start as well')
})

t.test('a history that is too long becomes shorter by portions', async (t) => {
  const long = await SqliteEventStore.open(database)
  await append(
    long,
    Array.from({ length: 500 }, () => anEvent()),
  )
  const short = await SqliteEventStore.open(database, { keepRows: 50, trimRows: 10 })
  const kept = async () => (await short.list({ afterId: 0, limit: 1000 })).events.length
  await append(
    short,
    Array.from({ length: 10 }, () => anEvent()),
  )
  t.equal(await kept(), 490, '10 came, 20 went')
  for (let round = 0; round < 50; round++) {
    await append(
      short,
      Array.from({ length: 10 }, () => anEvent()),
    )
  }
  t.equal(await kept(), 50)
})

t.test(
  'the oldest id is that of the first event; where it cannot be read, the last known',
  async (t) => {
    const store = await SqliteEventStore.open(database, { keepRows: 2, trimRows: 1 })
    t.equal(store.oldestId, 0)
    await append(store, [anEvent(), anEvent()])
    t.equal(store.oldestId, 1)
    const unread = t.intercept(database, 'read', { value: () => Promise.reject(new Error('busy')) })
    await t.resolves(append(store, [anEvent()]), 'the event is on disk all the same')
    t.equal(store.oldestId, 1)
    unread.restore()
    await append(store, [anEvent()])
    t.equal(store.oldestId, 3)
  },
)

t.test('a broken row is left out and named, the others come back', async (t) => {
  const store = await SqliteEventStore.open(database)
  const cases = [
    { sql: "fields = 'no json'", fault: /event 1 is left out: missing is not a record/ },
    { sql: "fields = '3'", fault: /3 is not a record/ },
    { sql: "fields = 'null'", fault: /null is not a record/ },
    { sql: 'at_ms = -7', fault: /atMs is -7/ },
  ]
  await append(store, [anEvent(), anEvent()])
  for (const { sql, fault } of cases) {
    tamper(
      database,
      `UPDATE events SET fields = '{}', at_ms = 1; UPDATE events SET ${sql} WHERE id = 1`,
    )
    const { events, faults } = await store.list({ limit: 10 })
    t.match(events, [{ id: 2 }], sql)
    t.equal(events.length, 1, sql)
    t.match(faults, [fault], sql)
  }
})

t.test('a rare event is found by its name, a frequent one from the end', async (t) => {
  const store = await SqliteEventStore.open(database)
  const many = Array.from({ length: 6_000 }, (_, index) =>
    anEvent({ event: index === 2 ? 'phone.serial.seen' : 'dhcp.ack.sent' }),
  )
  await append(store, many)
  const read = t.capture(database, 'read', database.read)
  const planOf = async (query: Omit<Parameters<typeof store.list>[0], 'limit'>) => {
    const { events } = await store.list({ limit: 2, ...query })
    const [sql, values] = read().at(-1)?.args ?? ['']
    const steps = await database.read(`EXPLAIN QUERY PLAN ${sql}`, values)
    read()
    return { ids: events.map(({ id }) => id), plan: steps.map(({ detail }) => detail).join('; ') }
  }
  t.match(await planOf({ prefix: 'phone.' }), { ids: [3], plan: /INDEX events_by_name/ })
  t.match(await planOf({ names: ['phone.serial.seen'] }), {
    ids: [3],
    plan: /INDEX events_by_name/,
  })
  t.match(await planOf({ prefix: 'dhcp.' }), {
    ids: [5_999, 6_000],
    plan: /USING INTEGER PRIMARY KEY/,
  })
  t.match(await planOf({ prefix: 'phone.', mac: '000E84C060A6' }), { plan: /INDEX events_by_mac/ })
  t.same(await store.list({ limit: 2, names: [] }), { events: [], faults: [] })
  t.notMatch((await planOf({ prefix: 'dhcp.' })).plan, 'TEMP B-TREE')
})
