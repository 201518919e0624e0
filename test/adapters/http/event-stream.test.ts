import t from 'tap'
import { eventStream } from '../../../src/adapters/http/event-stream.ts'
import { eventService } from '../../../src/services/api/events.ts'
import { mergedEvents } from '../../../src/services/api/merged-events.ts'
import { Journal } from '../../../src/services/events/journal.ts'
import { MemoryEventStore } from '../../support/in-memory/memory-event-store.ts'
import { countFollowers } from '../../support/in-memory/watched.ts'
import { NOW_MS } from '../../support/values.ts'

/** The events of an appliance that is the only one; its store keeps so many. */
function someEvents(keep: number) {
  const store = new MemoryEventStore(keep)
  const journal = new Journal(store, 0, () => undefined)
  const events = mergedEvents(eventService(journal, store), null)
  const following = countFollowers(events)
  const event = { event: 'dhcp.ack.sent', mac: null, network: null, fields: {} }
  const add = () => journal.record({ atMs: NOW_MS, ...event })
  return { events, following, add }
}

const EVERYTHING = { after: new Map([['', 0]]), filter: {} }

t.test('a client that does not read costs one page, however many events come', async (t) => {
  const { events, following, add } = someEvents(100_000)
  let listed = 0
  const readRecent = events.recent
  events.recent = async (query) => {
    const recent = await readRecent(query)
    listed += recent.events.length
    return recent
  }
  const stream = eventStream(events, EVERYTHING, new AbortController().signal)
  await stream.next()
  for (let number = 0; number < 5_000; number++) add()
  t.match((await stream.next()).value, 'id: 1\n')
  t.equal(listed, 100, 'events were taken from the log')
  const wrong: string[] = []
  for (let id = 2; id <= 5_000; id++) {
    const { value } = await stream.next()
    if (!String(value).startsWith(`id: ${id}\n`)) wrong.push(`wanted ${id}, got ${value}`)
  }
  t.same(wrong, [])
  await stream.return()
  t.equal(following(), 0)
})

t.test('a client that falls behind a bounded log is told of the gap and goes on', async (t) => {
  const { events, add } = someEvents(50)
  const stream = eventStream(events, EVERYTHING, new AbortController().signal)
  await stream.next()
  for (let number = 0; number < 5_010; number++) add()
  t.match((await stream.next()).value, 'event: gap\ndata: {"after":0,"first":1002}')
  t.match((await stream.next()).value, 'id: 1002\nevent: dhcp.ack.sent\n')
  await stream.return()
})

t.test('an abort ends the stream', async (t) => {
  const { events, following } = someEvents(50)
  const client = new AbortController()
  const stream = eventStream(events, EVERYTHING, client.signal)
  await stream.next()
  const waiting = stream.next()
  client.abort()
  t.same(await waiting, { value: undefined, done: true })
  t.equal(following(), 0)
})
