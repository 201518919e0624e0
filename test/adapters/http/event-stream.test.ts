import t from 'tap'
import { eventStream } from '../../../src/adapters/http/event-stream.ts'
import { MemoryEvents } from '../../support/memory-services.ts'

const EVERYTHING = { after: new Map([['', 0]]), filter: {} }

t.test('a client that does not read costs one page, however many events come', async (t) => {
  const events = new MemoryEvents(100_000)
  let listed = 0
  const list = events.list.bind(events)
  events.list = async (query) => {
    const page = await list(query)
    listed += page.length
    return page
  }
  const stream = eventStream(events, EVERYTHING, new AbortController().signal)
  await stream.next()
  for (let number = 0; number < 5_000; number++) events.add()
  t.match((await stream.next()).value, 'id: 1\n')
  t.ok(listed <= 100, `${listed} events were taken from the log`)
  const wrong: string[] = []
  for (let id = 2; id <= 5_000; id++) {
    const { value } = await stream.next()
    if (!String(value).startsWith(`id: ${id}\n`)) wrong.push(`wanted ${id}, got ${value}`)
  }
  t.same(wrong, [])
  await stream.return()
  t.equal(events.following(), 0)
})

t.test('a client that falls behind a bounded log is told of the gap and goes on', async (t) => {
  const events = new MemoryEvents(50)
  const stream = eventStream(events, EVERYTHING, new AbortController().signal)
  await stream.next()
  for (let number = 0; number < 100; number++) events.add()
  t.match((await stream.next()).value, 'event: gap\ndata: {"after":0,"first":51}')
  t.match((await stream.next()).value, 'id: 51\nevent: dhcp.ack.sent\n')
  await stream.return()
})

t.test('an abort ends the stream', async (t) => {
  const events = new MemoryEvents()
  const client = new AbortController()
  const stream = eventStream(events, EVERYTHING, client.signal)
  await stream.next()
  const waiting = stream.next()
  client.abort()
  t.same(await waiting, { value: undefined, done: true })
  t.equal(events.following(), 0)
})
