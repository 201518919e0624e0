import t from 'tap'
import { EventStore } from '../../../src/tools/explain/event-store.ts'
import type { ServerEvent } from '../../../src/tools/explain/server-log/server-event.ts'

const EVENTS: readonly ServerEvent[] = [
  { kind: 'boot', mac: '000E84C060A6', vendorClass: null, atMs: 5 } as ServerEvent,
  { kind: 'request', client: 1, name: 'OS79XX.TXT', atMs: 6 } as ServerEvent,
  { kind: 'request', client: 1, name: 'OS79XX.TXT', port: 50_000, atMs: 7 } as ServerEvent,
  {
    kind: 'request',
    client: 1,
    name: 'OS79XX.TXT',
    server: { server: '192.0.2.2', answers: false },
    atMs: 7,
  } as ServerEvent,
  { kind: 'absent', client: 1, name: 'OS79XX.TXT', atMs: 8 } as ServerEvent,
  {
    kind: 'ended',
    client: 1,
    name: 'a',
    outcome: 'completed',
    bytes: null,
    atMs: 9,
  } as ServerEvent,
  { kind: 'ended', client: 1, name: 'a', outcome: 'completed', bytes: 3, atMs: 9 } as ServerEvent,
  {
    kind: 'ended',
    client: 1,
    name: 'a',
    outcome: 'failed',
    bytes: 3,
    port: 9,
    atMs: 9,
  } as ServerEvent,
  { kind: 'absent', client: 1, name: 'a', clock: 'relative', atMs: 10 } as ServerEvent,
]

function aStore(events: readonly ServerEvent[]): EventStore {
  const store = new EventStore()
  for (const event of events) store.add(event)
  return store
}

const all = (store: EventStore) => Array.from(store.inOrder(), (index) => store.at(index))

t.test('what was kept comes back as it was', async (t) => {
  t.same(all(aStore(EVENTS)), EVENTS)
})

t.test('events that differ in time and port alone have one shape', async (t) => {
  const store = aStore([...EVENTS, ...EVENTS])
  t.equal(store.length, 2 * EVENTS.length)
  const shapes: ServerEvent[] = []
  const isOs79xx = store.testShapes((event) => {
    shapes.push(event)
    return 'name' in event && event.name === 'OS79XX.TXT'
  })
  t.equal(shapes.length, EVENTS.length - 1)
  t.equal(store.shapeOf(1), store.shapeOf(2))
  t.match(shapes[store.shapeOf(1)], { kind: 'request', name: 'OS79XX.TXT' })
  t.same([isOs79xx(store.shapeOf(0)), isOs79xx(store.shapeOf(1))], [false, true])
})

t.test('the order is that of time, and of what is at one time that of the log', async (t) => {
  const at = (atMs: number, name: string) =>
    ({ kind: 'request', client: 1, name, atMs }) as ServerEvent
  const store = aStore([at(2, 'c'), at(1, 'a'), at(2, 'd'), at(1, 'b')])
  t.match(all(store), [{ name: 'a' }, { name: 'b' }, { name: 'c' }, { name: 'd' }])
})

t.test('a log without times says so of its own events alone', async (t) => {
  const store = aStore([{ kind: 'absent', client: 1, name: 'a', atMs: 0 } as ServerEvent])
  const from = store.length
  store.add({ kind: 'request', client: 1, name: 'a', atMs: 0 } as ServerEvent)
  store.setUntimed(from)
  store.add({ kind: 'request', client: 1, name: 'a', atMs: 0 } as ServerEvent)
  t.same(
    [0, 1, 2].map((index) => store.at(index).clock),
    [undefined, 'none', undefined],
  )
})

t.test('more pieces than one are kept, and no more than there is room for', async (t) => {
  const store = new EventStore(70_000)
  for (let n = 0; n < 70_001; n++) {
    store.add({ kind: 'request', client: 1, name: `f${n % 3}`, atMs: n } as ServerEvent)
  }
  t.match([store.length, store.isFull], [70_000, true])
  t.match(store.at(69_999), { name: 'f0', atMs: 69_999 })
})
