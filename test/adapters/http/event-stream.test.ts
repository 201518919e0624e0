import t from 'tap'
import { eventStream } from '../../../src/adapters/http/event-stream.ts'
import { someEvents } from '../../support/in-memory/some-events.ts'
import { countFollowers } from '../../support/in-memory/watched.ts'

const EVERYTHING = { after: new Map([['', 0]]), filter: {} }

t.test('a client that does not read costs one page, however many events come', async (t) => {
  const { events, add } = someEvents(100_000)
  const following = countFollowers(events)
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
  const { events } = someEvents(50)
  const following = countFollowers(events)
  const client = new AbortController()
  const stream = eventStream(events, EVERYTHING, client.signal)
  await stream.next()
  const waiting = stream.next()
  client.abort()
  t.same(await waiting, { value: undefined, done: true })
  t.equal(following(), 0)
})
