import t, { type Test } from 'tap'
import { eventStream } from '../../../src/adapters/http/event-stream.ts'
import { PostgresEventStore } from '../../../src/adapters/postgres/event-store.ts'
import { SqliteEventStore } from '../../../src/adapters/sqlite/event-store.ts'
import { SharedMarks } from '../../../src/adapters/sqlite/shared-marks.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { type EventHistory, eventService } from '../../../src/services/api/events.ts'
import { mergedEvents } from '../../../src/services/api/merged-events.ts'
import { Journal } from '../../../src/services/events/journal.ts'
import {
  type EventSource,
  newestNumber,
  SharedEvents,
} from '../../../src/services/events/shared-events.ts'
import type { EventPlace, EventQuery } from '../../../src/services/services.ts'
import { aFreshDatabase } from '../../support/a-database.ts'
import { aPostgres, LACKING_POSTGRES } from '../../support/a-postgres.ts'
import { PostgresCluster, urlOf } from '../../support/postgres-cluster.ts'
import { eventually } from '../../system/support/lab.ts'

t.setTimeout(180_000)

const SOON_MS = 30_000
const yes = () => true
const no = () => false

const PHONE = '000E84C060A6' as Mac
const OTHER = '000E84C060A7' as Mac
const A = 'lab/sw-a'
const B = 'lab/sw-b'

type Folder = Awaited<ReturnType<typeof aFreshDatabase>>

/** A source that can be taken away. */
function anOutage(source: EventSource) {
  let isAway = false
  const asked = <Answer>(ask: () => Promise<Answer>) =>
    isAway ? Promise.reject(new Error('away')) : ask()
  return {
    setAway: (away: boolean) => {
      isAway = away
    },
    isThere: () => !isAway,
    source: {
      put: (appliance, events, after) => asked(() => source.put(appliance, events, after)),
      ranges: () => asked(() => source.ranges()),
      placesBefore: (appliances, ms) => asked(() => source.placesBefore(appliances, ms)),
      list: (query) => asked(() => source.list(query)),
    } satisfies EventSource,
  }
}

/** An appliance with its own SQLite; on the same folder again, it has been started again. */
async function anAppliance(
  here: string,
  source: EventSource,
  folder: Folder,
  isThere = () => true,
) {
  const store = await SqliteEventStore.open(folder)
  const marks = new SharedMarks(folder)
  const faults: unknown[] = []
  const newest = Math.max(store.newestId, await newestNumber(marks))
  const journal = new Journal(store, newest, (error) => faults.push(error))
  const onFault = (error: unknown) => faults.push(error)
  const shared = new SharedEvents({
    ...{ here, source, journal, history: store, marks, isThere, onFault },
  })
  const events = mergedEvents(eventService(journal, store), shared)
  const record = (atMs: number, event = 'dhcp.ack.sent', mac: Mac | null = PHONE) =>
    journal.record({ atMs, event, mac, network: 'voice', fields: { nul: '\0' } })
  const list = async (query: Partial<EventQuery> = {}) =>
    (await events.list({ limit: 100, ...query })).map(nameOf)
  return { here, folder, store, marks, journal, shared, events, record, list, faults }
}

type Appliance = Awaited<ReturnType<typeof anAppliance>>

const nameOf = ({ appliance = '', id }: { readonly appliance?: string; readonly id: number }) =>
  `${appliance.slice(-1)}${id}`

const isPartial = async ({ events }: Appliance) => (await events.page({ limit: 1 })).isPartial

async function exchange(...appliances: readonly Appliance[]): Promise<void> {
  for (const { journal, shared } of [...appliances, ...appliances]) {
    await journal.flush()
    await shared.exchange()
  }
}

async function aPair(t: Test) {
  const cluster = PostgresCluster.start(t)
  const source = new PostgresEventStore(aPostgres(t, cluster.url))
  const outage = anOutage(source)
  const a = await anAppliance(A, outage.source, await aFreshDatabase(t), outage.isThere)
  const b = await anAppliance(B, outage.source, await aFreshDatabase(t), outage.isThere)
  return { cluster, source, outage, a, b }
}

/** All pages after a place, each of so many. */
async function readOn({ events }: Appliance, after: EventPlace, limit: number) {
  const found: string[] = []
  for (let place = await events.placed(after); ; ) {
    const page = await events.list({ after: place, limit })
    if (page.length === 0) return found
    found.push(...page.map(nameOf))
    const moved = page.map(({ appliance = '', id }) => [appliance, id] as const)
    place = new Map([...place, ...moved])
  }
}

const FILTERS: readonly Omit<Parameters<EventHistory['list']>[0], 'limit'>[] = [
  {},
  { mac: OTHER },
  { network: 'voice' },
  { network: 'lobby' },
  { prefix: 'dhcp.' },
  { prefix: 'dhcp.ack.sent' },
  { prefix: 'd' },
  { prefix: 'x' },
  { names: ['conversion.stalled', 'dhcp.nak.sent'] },
  { names: [] },
  { sinceMs: 5 },
  { untilMs: 5 },
  { sinceMs: 3, untilMs: 6, prefix: 'dhcp.', mac: PHONE },
]

t.test('with PostgreSQL: both stores find the same', { skip: LACKING_POSTGRES }, async (t) => {
  const { source, a } = await aPair(t)
  const names = ['dhcp.ack.sent', 'conversion.stalled', 'dhcp.nak.sent', 'DHCP.x', 'dhcpé.y', 'd_x']
  for (let nth = 0; nth < 24; nth++) {
    a.record(
      nth % 8,
      names[nth % names.length],
      nth % 3 === 0 ? OTHER : nth % 3 === 1 ? PHONE : null,
    )
  }
  await exchange(a)
  for (const filter of FILTERS) {
    for (const limit of [3, 100]) {
      const newest = await source.list({
        ...filter,
        ...{ of: [{ appliance: A, id: 0 }], isNewest: true, limit },
      })
      const here = await a.store.list({ ...filter, limit })
      t.same(
        newest.map(({ appliance: _appliance, ...event }) => event),
        here.events,
        `the newest ${limit} of ${JSON.stringify(filter)}`,
      )
      const of = [{ appliance: A, id: 7 }]
      const there = await source.list({ ...filter, of, isNewest: false, limit })
      const own = await a.store.list({ ...filter, afterId: 7, limit })
      t.same(
        there.map(({ id }) => id),
        own.events.map(({ id }) => id),
        `${limit} of ${JSON.stringify(filter)} after a place`,
      )
    }
  }
})

t.test('with PostgreSQL: one list of both, on both', { skip: LACKING_POSTGRES }, async (t) => {
  const { outage, a, b } = await aPair(t)
  a.record(10)
  b.record(20, 'conversion.started')
  a.record(30)
  b.record(30)
  a.record(25)
  b.record(40, 'conversion.stalled', OTHER)
  await exchange(a, b)
  const all = ['a1', 'b1', 'a2', 'a3', 'b2', 'b3']

  await t.test('by time, appliance and id; an appliance by its ids', async (t) => {
    for (const side of [a, b]) {
      t.same(await side.list(), all, side.here)
      t.same(await side.list({ limit: 2 }), ['b2', 'b3'], 'the newest')
      t.same(await side.list({ mac: OTHER }), ['b3'])
      t.same(await side.list({ prefix: 'conversion.' }), ['b1', 'b3'])
      t.same(await side.list({ level: 'warn' }), ['b3'])
      t.same(await side.list({ sinceMs: 20, untilMs: 30 }), ['b1', 'a3'])
      t.equal(await isPartial(side), false)
    }
  })
  await t.test('page after page gives each once, from any place', async (t) => {
    for (const limit of [1, 2, 5]) {
      t.same(await readOn(a, new Map([[A, 0]]), limit), all)
      t.same(await readOn(b, new Map([[B, 0]]), limit), all)
      t.same(
        await readOn(
          b,
          new Map([
            [A, 1],
            [B, 2],
          ]),
          limit,
        ),
        ['a2', 'a3', 'b3'],
      )
    }
  })
  await t.test(
    'a place without the others begins there with the moment of its event',
    async (t) => {
      t.same(await readOn(b, new Map([[B, 1]]), 5), ['a2', 'a3', 'b2', 'b3'])
      t.same(await readOn(a, new Map([[A, 3]]), 5), ['b2', 'b3'], 'of 25')
      t.same(await readOn(a, new Map([[A, 99]]), 5), [], 'what was never there')
    },
  )
  await t.test('a follower hears of what others recorded', async (t) => {
    let heard = 0
    const leave = a.events.subscribe(() => heard++)
    b.record(50)
    await exchange(b)
    t.equal(heard, 0)
    await exchange(a)
    t.equal(heard, 1)
    leave()
    b.record(60)
    await exchange(b, a)
    t.equal(heard, 1)
  })
  await t.test('while PostgreSQL is away there are those of this appliance', async (t) => {
    outage.setAway(true)
    for (let nth = 0; nth < 2_500; nth++) a.record(100 + nth)
    await exchange(a)
    t.equal(await isPartial(a), true)
    t.same(await a.list({ limit: 2 }), ['a2502', 'a2503'])
    t.same(await readOn(a, new Map([[A, 2_502]]), 9), ['a2503'])
    t.same(await a.list({ mac: OTHER }), [])
  })
  await t.test('and when it is back nothing is missing', async (t) => {
    outage.setAway(false)
    await exchange(a, b)
    t.equal(await isPartial(a), false)
    const found = await readOn(b, new Map([[A, 0]]), 1_000)
    t.equal(found.length, 2_503 + 5)
    t.equal(new Set(found).size, found.length)
    t.same(await a.list({ mac: OTHER }), ['b3'])
  })
  await t.test(
    'a source that breaks in the middle is a fault, and the rest is listed',
    async (t) => {
      const before = a.faults.length
      t.intercept(outage.source, 'list', { value: () => Promise.reject(new Error('broken')) })
      t.same(await a.list({ limit: 1 }), ['a2503'])
      t.equal(await isPartial(a), true)
      t.match(a.faults.slice(before), [{ message: 'broken' }])
    },
  )
})

t.test(
  'with PostgreSQL: what was sent before a crash is sent again, and there once',
  { skip: LACKING_POSTGRES },
  async (t) => {
    const { source, a, b } = await aPair(t)
    for (let nth = 1; nth <= 3; nth++) a.record(nth)
    await exchange(a)
    a.record(4)
    await a.journal.flush()
    // As if it had died between the event and the note of it.
    await a.marks.set('events.sent', 1)
    const again = await anAppliance(A, source, a.folder)
    again.record(5)
    await exchange(again, b)
    t.same(await b.list(), ['a1', 'a2', 'a3', 'a4', 'a5'])
    t.same(await again.list(), ['a1', 'a2', 'a3', 'a4', 'a5'])
  },
)

t.test(
  'with PostgreSQL: an appliance that lost its folder takes no number twice',
  { skip: LACKING_POSTGRES },
  async (t) => {
    const { cluster, source, outage, a, b } = await aPair(t)
    for (let nth = 1; nth <= 5; nth++) a.record(nth)
    await exchange(a)
    // It starts without PostgreSQL, and begins to count again.
    outage.setAway(true)
    const empty = await anAppliance(A, outage.source, await aFreshDatabase(t), outage.isThere)
    empty.record(11)
    empty.record(12)
    await exchange(empty)
    outage.setAway(false)
    await exchange(empty)
    empty.record(13)
    await exchange(empty, b)
    const all = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7', 'a8']
    t.same(await b.list(), all)
    const times = (await b.events.list({ limit: 9 })).map(({ atMs }) => atMs)
    t.same(times, [1, 2, 3, 4, 5, 11, 12, 13])
    t.same(await empty.list(), ['a1', 'a2', 'a8'], 'its own have the numbers of its own')

    const restarted = await anAppliance(A, source, empty.folder)
    restarted.record(14)
    await exchange(restarted, b)
    t.same(await b.list(), [...all, 'a9'])

    await t.test('and what a failover has lost is sent again under its number', async (t) => {
      cluster.sql('DELETE FROM switchhook.event WHERE id > 6')
      await exchange(restarted, b)
      t.same(await b.list(), [...all, 'a9'])
    })
    await t.test('nor does one whose folder is an older copy', async (t) => {
      await restarted.marks.set('events.sent', 2)
      await restarted.folder.write([{ sql: 'DELETE FROM events WHERE id > 2', rows: [[]] }])
      const restored = await anAppliance(A, source, restarted.folder)
      restored.record(21)
      await exchange(restored, b)
      t.same(
        (await b.events.list({ limit: 1 })).map(({ atMs }) => atMs),
        [21],
      )
      t.equal((await b.list()).length, 10)
    })
    await t.test('what was sent before its numbers changed is not sent again', async (t) => {
      cluster.sql('DELETE FROM switchhook.event')
      await exchange(restarted, b)
      const before = (await b.list()).length
      await exchange(restarted, b)
      t.equal((await b.list()).length, before, 'and nothing twice')
    })
  },
)

t.test(
  'with PostgreSQL: events that an asynchronous failover has lost are sent again',
  { skip: LACKING_POSTGRES },
  async (t) => {
    const primary = PostgresCluster.start(t)
    await aPostgres(t, primary.url).connect()
    const standby = PostgresCluster.startStandby(t, primary)
    const connection = aPostgres(t, urlOf(primary, standby))
    const source = new PostgresEventStore(connection)
    const a = await anAppliance(A, source, await aFreshDatabase(t))
    const b = await anAppliance(B, source, await aFreshDatabase(t))
    for (let nth = 1; nth <= 3; nth++) a.record(nth)
    await exchange(a, b)
    const count = async () => standby.sql('SELECT count(*) FROM switchhook.event').trim()
    await eventually(count, (now) => now === '3', SOON_MS)
    standby.stopReceiving()
    for (let nth = 4; nth <= 5; nth++) a.record(nth)
    await exchange(a, b)
    t.same(await b.list(), ['a1', 'a2', 'a3', 'a4', 'a5'])
    primary.stop('immediate')
    standby.promote()
    t.equal(await count(), '3', 'the last two are lost there')
    const reached = () => connection.query('SELECT 1').then(yes, no)
    await eventually(reached, Boolean, SOON_MS)
    await exchange(a, b)
    t.equal(await count(), '5', 'without a new one')
    t.same(await b.list(), ['a1', 'a2', 'a3', 'a4', 'a5'])

    await t.test('also where the failover comes between the look and the write', async (t) => {
      standby.sql('DELETE FROM switchhook.event WHERE id > 2')
      const look = [{ appliance: A, oldest: 1, newest: 5 }]
      const ranges = t.intercept(source, 'ranges', { value: async () => look })
      a.record(6)
      await a.journal.flush()
      await a.shared.exchange()
      ranges.restore()
      const stored = standby.sql('SELECT id FROM switchhook.event ORDER BY id').trim()
      t.equal(stored, '1\n2\n3\n4\n5\n6')
    })
    t.same([...a.faults, ...b.faults], [])
  },
)

t.test(
  'with PostgreSQL: all who follow ask once, and what happens here waits for nobody',
  { skip: LACKING_POSTGRES },
  async (t) => {
    const { outage, b } = await aPair(t)
    let asked = 0
    let hanging: Promise<void> = Promise.resolve()
    const counted: EventSource = {
      ...outage.source,
      list: async (query) => {
        asked += 1
        await hanging
        return outage.source.list(query)
      },
    }
    const a = await anAppliance(A, counted, await aFreshDatabase(t))
    b.record(0)
    await exchange(a, b)
    const placeOf = (id: number): EventPlace =>
      new Map([
        [A, 0],
        [B, id],
      ])
    const follow = async (after: EventPlace) => {
      const stream = eventStream(a.events, { after, filter: {} }, new AbortController().signal)
      t.teardown(() => stream.return())
      await stream.next()
      return async (count: number) => {
        const found: string[] = []
        while (found.length < count) {
          const { value } = await stream.next()
          const data = /^data: (.*)$/m.exec(String(value))?.[1]
          if (data === undefined) continue
          const { appliance, id } = JSON.parse(data) as { appliance: string; id: number }
          found.push(`${appliance.slice(-1)}${id}`)
        }
        return found
      }
    }
    const streams = await Promise.all(Array.from({ length: 5 }, () => follow(placeOf(1))))
    for (let nth = 1; nth <= 3; nth++) b.record(nth)
    await exchange(b)
    asked = 0
    await a.shared.exchange()
    for (const next of streams) t.same(await next(3), ['b2', 'b3', 'b4'])
    t.equal(asked, 1)
    const local = Array.from({ length: 20 }, (_, nth) => `a${nth + 1}`)
    for (let nth = 1; nth <= 20; nth++) a.record(10 + nth)
    for (const next of streams) t.same(await next(20), local)
    t.equal(asked, 1, 'what happens here asks nobody')

    let answer = () => {}
    hanging = new Promise((resolve) => {
      answer = resolve
    })
    const late = await follow(placeOf(0))
    t.same(await late(20), local, 'while the question about the others hangs')
    a.record(99)
    t.same(await late(1), ['a21'])
    t.equal(asked, 2, 'one question at a time')
    answer()
    t.same(await late(4), ['b1', 'b2', 'b3', 'b4'])
    b.record(100)
    await exchange(b)
    await a.shared.exchange()
    for (const next of [...streams, late]) t.match(await next(1), [/b5|a21/])
    t.same(a.faults, [])
  },
)

t.test(
  'with PostgreSQL: of each appliance the newest are kept',
  { skip: LACKING_POSTGRES },
  async (t) => {
    const { cluster, b } = await aPair(t)
    const source = new PostgresEventStore(aPostgres(t, cluster.url), 10)
    const a = await anAppliance(A, source, await aFreshDatabase(t))
    b.record(1)
    for (let nth = 1; nth <= 25; nth++) a.record(nth)
    await exchange(b, a)
    const ranges = await source.ranges()
    t.same(ranges, [
      { appliance: A, oldest: 16, newest: 25 },
      { appliance: B, oldest: 1, newest: 1 },
    ])
    await exchange(b)
    t.same(b.events.ranges().get(A), { appliance: A, oldest: 16, newest: 25 })
  },
)

t.test(
  'with PostgreSQL: a rare event among many is found by an index',
  { skip: LACKING_POSTGRES },
  async (t) => {
    const connection = aPostgres(t, PostgresCluster.start(t).url)
    const source = new PostgresEventStore(connection)
    await connection.query(`
      INSERT INTO event SELECT '${A}', n, n, CASE n WHEN 3 THEN 'phone.serial.seen'
        ELSE 'dhcp.ack.sent' END, CASE n WHEN 3 THEN '${PHONE}' ELSE '${OTHER}' END, 'voice', '{}'
      FROM generate_series(1, 50000) AS n`)
    await connection.query('ANALYZE event')
    const rowsRead = async () => {
      await connection.query('SELECT pg_stat_force_next_flush()')
      const [row] = await connection.query(`
        SELECT idx_tup_fetch + seq_tup_read AS count FROM pg_stat_user_tables WHERE relname = 'event'`)
      return Number(row?.['count'])
    }
    const of = [{ appliance: A, id: 0 }]
    const rare = [{ prefix: 'phone.serial.seen' }, { mac: PHONE }, { names: ['phone.serial.seen'] }]
    for (const filter of rare) {
      const before = await rowsRead()
      const found = await source.list({ of, isNewest: true, limit: 100, ...filter })
      t.match(found, [{ id: 3 }])
      const rows = (await rowsRead()) - before
      t.ok(rows > 0 && rows < 1_000, `${rows} rows were read for ${JSON.stringify(filter)}`)
    }
  },
)
