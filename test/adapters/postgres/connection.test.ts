import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import t, { type Test } from 'tap'
import { PostgresConnection } from '../../../src/adapters/postgres/connection.ts'

/** A host that takes connections and treats each as `onConnection` does; how many there were. */
async function aHost(t: Test, isSilent: boolean) {
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    socket.on('error', () => {})
    if (!isSilent) socket.destroy()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const host = { host: '127.0.0.1', port, database: 'd', user: 'u', password: 'p', ssl: false }
  return { host, count: () => connections }
}

const nothing = { name: 'test', timeoutMs: 5000 }

t.test('who waits while no host can be reached fails with that attempt', async (t) => {
  const { host, count } = await aHost(t, false)
  const connection = new PostgresConnection([host], nothing)
  const asked = [1, 2, 3].map(() => connection.query('SELECT 1'))
  const ends = await Promise.allSettled(asked)
  for (const end of ends) {
    t.match(end, { status: 'rejected', reason: { fault: 'away', message: /^127\.0\.0\.1:/ } })
  }
  t.equal(count(), 1, 'and not with one of its own')
  await t.rejects(connection.query('SELECT 1'), { message: /^127/ })
  t.equal(count(), 2, 'who asks later makes another')
  await connection.close()
})

t.test('a host that says nothing is given up after the time for it', async (t) => {
  const silent = await aHost(t, true)
  const other = await aHost(t, false)
  const connection = new PostgresConnection([silent.host, other.host], {
    ...nothing,
    connectMs: 50,
  })
  await t.rejects(connection.query('SELECT 1'), { fault: 'away', message: /timeout.*;/ })
  t.same([silent.count(), other.count()], [1, 1], 'and the next one is asked')
  await connection.close()
})

/** What a server says of itself; a sound one of version 15, unless something else is asked for. */
const SOUND = {
  ...{
    standby: 'f',
    fsync: 'on',
    isReadOnly: 'off',
    version: '150018',
    timeline: '1',
    process: '4711',
  },
}

const message = (type: string, body: Buffer) => {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

const int32 = (...values: readonly number[]) => {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeInt32BE(value, index * 4)
  return bytes
}

const READY = message('Z', Buffer.from('I'))

const REFUSED = Buffer.concat([
  message('E', Buffer.from('SERROR\0VERROR\0C0A000\0Mnot supported\0\0')),
  READY,
])

/** A row of text columns, and that the query is done (PostgreSQL 15 documentation, section 55.7). */
function rowOf(columns: Readonly<Record<string, string>>): Buffer {
  const count = Buffer.alloc(2)
  count.writeInt16BE(Object.keys(columns).length)
  const types = { standby: 16, fsync: 25, isReadOnly: 25 } as Readonly<Record<string, number>>
  const described = Object.keys(columns).map((name) => {
    const type = int32(types[name] ?? 23)
    const rest = Buffer.from([0, 4, 255, 255, 255, 255, 0, 0])
    return Buffer.concat([Buffer.from(`${name}\0`), Buffer.alloc(6), type, rest])
  })
  const values = Object.values(columns).map((value) =>
    Buffer.concat([int32(value.length), Buffer.from(value)]),
  )
  return Buffer.concat([
    message('T', Buffer.concat([count, ...described])),
    message('D', Buffer.concat([count, ...values])),
    message('C', Buffer.from('SELECT 1\0')),
    READY,
  ])
}

/** A server that is played: Debian has one version of PostgreSQL, and these differ from it. */
async function aPlayedServer(t: Test, said: Partial<typeof SOUND>) {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    let isGreeted = false
    socket.on('data', (bytes) => {
      if (isGreeted) {
        const isRefused = said.timeline === 'none' && bytes.includes('pg_walfile_name')
        if (bytes[0] === 0x51) socket.write(isRefused ? REFUSED : rowOf({ ...SOUND, ...said }))
        return
      }
      isGreeted = true
      const key = message('K', int32(4711, 1))
      socket.write(Buffer.concat([message('R', int32(0)), key, READY]))
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  return { host: '127.0.0.1', port, database: 'd', user: 'u', password: 'p', ssl: false }
}

const UNFIT = [
  { said: { version: '120022' }, says: /PostgreSQL 120022 is older than version 13/ },
  { said: { standby: 't' }, says: /it is a standby, which is read-only/ },
  { said: { fsync: 'off' }, says: /its fsync is off/ },
  { said: { isReadOnly: 'on' }, says: /it is read-only: default_transaction_read_only is on/ },
  { said: { process: '99' }, says: /a connection pooler stands before it/ },
]

t.test('a server that cannot hold our data is refused with the reason', async (t) => {
  for (const { said, says } of UNFIT) {
    const connection = new PostgresConnection([await aPlayedServer(t, said)], nothing)
    await t.rejects(connection.connect(), { fault: 'away', message: says })
    await connection.close()
  }
  const sound = new PostgresConnection([await aPlayedServer(t, {})], nothing)
  await sound.connect()
  await sound.close()
})

t.test('after a newer timeline was seen, an older one is a former primary', async (t) => {
  const hosts = [await aPlayedServer(t, { timeline: '7' })]
  const before = new PostgresConnection(hosts, nothing)
  await before.connect()
  await before.close()
  hosts[0] = await aPlayedServer(t, { timeline: '6' })
  const after = new PostgresConnection(hosts, nothing)
  await t.rejects(after.connect(), { message: /former primary \(timeline 6, and 7 was seen\)/ })
  hosts[0] = await aPlayedServer(t, { timeline: '8' })
  await after.connect()
  await after.close()
  hosts[0] = await aPlayedServer(t, { timeline: 'none' })
  const other = new PostgresConnection(hosts, nothing)
  await other.connect()
  await other.close()
})

t.test('a connection to a former primary is left when another one finds the new one', async (t) => {
  const hosts = [await aPlayedServer(t, { timeline: '7' })]
  const lost: string[] = []
  const early = new PostgresConnection(hosts, { ...nothing, onLost: (why) => lost.push(why) })
  await early.query('SELECT 1')
  t.equal(early.timeline, 7)
  hosts[0] = await aPlayedServer(t, { timeline: '8' })
  const later = new PostgresConnection(hosts, nothing)
  await later.connect()
  t.same(lost, [])
  const seen: number[] = []
  await early.queryOnTimeline('SELECT 1', (timeline) => {
    seen.push(timeline)
    return []
  })
  t.same(seen, [8], 'what was stored on the former one would be lost')
  t.same(lost, ['it is a former primary (timeline 7, not 8)'])
  await early.query('SELECT 1')
  t.equal(lost.length, 1)
  for (const connection of [early, later]) await connection.close()
})
