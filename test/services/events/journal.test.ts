import t from 'tap'
import { SqliteEventStore } from '../../../src/adapters/sqlite/event-store.ts'
import {
  Journal,
  type JournalEntry,
  MOST_WAITING,
  RECENT,
  type RecordedEvent,
} from '../../../src/services/events/journal.ts'
import { aDatabase } from '../../support/a-database.ts'
import { MAC } from '../../support/conversion-builders.ts'
import { SlowStore, turn } from '../../support/slow-store.ts'

const anEntry = (event = 'dhcp.ack.sent'): JournalEntry => ({
  atMs: 1_700_000_000_000,
  event,
  mac: MAC,
  network: 'bench',
  fields: { address: '10.20.0.50' },
})

function aJournal(newestId = 0, stored: readonly RecordedEvent[] = []) {
  const slow = new SlowStore<RecordedEvent>()
  const faults: unknown[] = []
  const onFault = (error: unknown) => faults.push(error)
  const journal = new Journal({ append: slow.write }, newestId, onFault, stored)
  const record = (times: number) => {
    for (let time = 0; time < times; time++) journal.record(anEntry())
  }
  const written = () => slow.batches.map((batch) => batch.map(({ id }) => id))
  return { journal, slow, faults, record, written }
}

const throwIt = (error: unknown) => {
  throw error
}

const database = await aDatabase()

t.test('an event has its number at once, after the newest of the store', async (t) => {
  const { journal, record } = aJournal(41)
  t.equal(journal.newestId, 41)
  record(2)
  t.equal(journal.newestId, 43)
  t.same(journal.recent(), [
    { id: 42, ...anEntry() },
    { id: 43, ...anEntry() },
  ])
})

t.test('numbers go on after those that others know of already, and never back', async (t) => {
  const { journal, record } = aJournal(41)
  journal.skipTo(50)
  journal.skipTo(45)
  record(1)
  t.match(journal.recent(), [{ id: 51 }])
})

t.test('one write is in flight: what comes meanwhile is the next batch, in order', async (t) => {
  const { slow, record, written } = aJournal()
  record(3)
  await turn()
  record(2)
  await turn()
  t.equal(slow.underWay, 1)
  t.same(written(), [[1, 2, 3]])
  await slow.succeed()
  t.same(written(), [
    [1, 2, 3],
    [4, 5],
  ])
})

t.test('a batch holds a thousand events at most', async (t) => {
  const { slow, record } = aJournal()
  record(2_500)
  await turn()
  for (let batch = 0; batch < 3; batch++) await slow.succeed()
  t.same(
    slow.batches.map((batch) => batch.length),
    [1_000, 1_000, 500],
  )
  t.equal(slow.batches[2]?.at(-1)?.id, 2_500)
})

t.test('a store that fails loses that batch alone, and it is said', async (t) => {
  const { journal, slow, faults, record, written } = aJournal()
  record(2)
  await turn()
  record(3)
  await slow.fail(new Error('disk full'))
  t.match(faults, [{ message: 'disk full' }])
  t.equal(journal.lost, 2)
  t.equal(journal.recent().length, 5, 'readers still have them')
  await slow.succeed()
  t.same(written()[1], [3, 4, 5], 'what came after is written')
  record(1)
  await turn()
  t.same(written()[2], [6])
  t.equal(journal.lost, 2)
})

t.test('a store that throws at once stops nothing', async (t) => {
  const ids: number[] = []
  let isBroken = true
  const append = (events: readonly RecordedEvent[]) => {
    if (isBroken) throw new Error('no store')
    ids.push(...events.map(({ id }) => id))
    return Promise.resolve()
  }
  const journal = new Journal({ append }, 0, () => undefined)
  journal.record(anEntry())
  await journal.flush()
  isBroken = false
  journal.record(anEntry())
  await journal.flush()
  t.same(ids, [2])
  t.equal(journal.lost, 1)
})

t.test('memory is bounded for readers, and for a store that never answers', async (t) => {
  const { journal, slow, faults, record } = aJournal()
  record(1)
  await turn()
  record(60_000)
  t.ok(journal.recent().length <= RECENT * 1.25, 'a quarter above the bound at most')
  t.ok(journal.recent().length >= RECENT)
  t.equal(journal.recent().at(-1)?.id, 60_001)
  t.ok(journal.lost >= 60_000 - MOST_WAITING * 1.25, 'the oldest that waited are given up')
  t.ok(journal.lost <= 60_000 - MOST_WAITING, 'and no more than those')
  t.match(faults, [{ message: /are waiting to be stored: the oldest are lost/ }], 'said once')
  await slow.succeed()
  t.equal(slow.batches[1]?.[0]?.id, journal.lost + 2, 'those behind them are written')
})

t.test(
  'flush waits for what was recorded before it, and for nothing that came after',
  async (t) => {
    const { journal, slow, record } = aJournal()
    record(2)
    await turn()
    let isFlushed = false
    const flushed = journal.flush().then(() => {
      isFlushed = true
    })
    record(1)
    await turn()
    t.notOk(isFlushed)
    await slow.succeed()
    t.equal(slow.underWay, 1, 'a later event is on its way')
    await flushed
    t.ok(isFlushed)
  },
)

t.test('flush resolves where nothing waits, and where the store has failed', async (t) => {
  const { journal, slow, record } = aJournal(7)
  await journal.flush()
  record(1)
  const flushed = journal.flush()
  await turn()
  await slow.fail(new Error('disk full'))
  await flushed
  t.equal(journal.lost, 1)
})

t.test('a listener hears of each new event until it leaves', async (t) => {
  const { journal, record } = aJournal()
  const heard: string[] = []
  const listener = () => heard.push(`${journal.newestId}`)
  const leave = journal.subscribe(listener)
  const leaveAgain = journal.subscribe(listener)
  record(1)
  leave()
  record(1)
  leaveAgain()
  record(1)
  t.same(heard, ['1', '1', '2'])
})

t.test('a listener that throws is left out; recording and the others go on', async (t) => {
  const { journal, faults, record, slow } = aJournal()
  let heard = 0
  journal.subscribe(() => {
    throw new Error('broken reader')
  })
  journal.subscribe(() => heard++)
  record(2)
  await turn()
  t.equal(heard, 2)
  t.equal(slow.batches[0]?.length, 2)
  t.match(faults, [{ message: /a listener .* threw/, cause: { message: 'broken reader' } }])
})

t.test('after a restart the newest events of the store are in memory again', async (t) => {
  const store = await SqliteEventStore.open(database)
  const before = new Journal(store, store.newestId, throwIt)
  before.record(anEntry('conversion.started'))
  before.record(anEntry('conversion.stalled'))
  await before.flush()
  const reopened = await SqliteEventStore.open(database)
  const { events } = await reopened.list({ limit: 10 })
  const after = new Journal(reopened, reopened.newestId, throwIt, events as RecordedEvent[])
  after.record(anEntry('conversion.resumed'))
  t.match(after.recent(), [
    { id: 1, event: 'conversion.started', mac: MAC, network: 'bench' },
    { id: 2, event: 'conversion.stalled', fields: { address: '10.20.0.50' } },
    { id: 3, event: 'conversion.resumed' },
  ])
  await after.flush()
})
