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
