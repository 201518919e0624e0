import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import t from 'tap'
import {
  MAX_CONNECTIONS,
  MAX_CONNECTIONS_OF_ONE,
} from '../../../src/adapters/http/connection-limit.ts'
import { anApi } from '../../support/an-api.ts'
import { idleConnections } from '../../support/idle-connections.ts'

const TOO_MANY = 20

t.test(
  'connections are bounded; the rest is closed at once, and that is logged once',
  async (t) => {
    const { app, lines } = await anApi(t)
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const connections = await idleConnections(
      t,
      Number(new URL(url).port),
      MAX_CONNECTIONS + TOO_MANY,
      // From as many clients as it takes.
      (index) => `127.0.0.${2 + (index % 5)}`,
    )
    t.equal(connections.held(), MAX_CONNECTIONS)
    await t.rejects(ask(`${url}/healthz`), 'none is left')
    const said = lines.filter((line) => line.includes('http.connections.full'))
    t.equal(said.length, 1)
    t.match(JSON.parse(said[0] ?? '{}'), { level: 40, most: MAX_CONNECTIONS, refused: 1 })

    connections.end()
    while ((await promisify(app.server.getConnections.bind(app.server))()) > 0) await pause(10)
    t.equal(await ask(`${url}/healthz`), 200)
  },
)

t.test('one client has its share of the connections, and the others theirs', async (t) => {
  const { app, lines } = await anApi(t)
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const port = Number(new URL(url).port)
  const greedy = await idleConnections(t, port, MAX_CONNECTIONS, () => '127.0.0.9')
  t.equal(greedy.held(), MAX_CONNECTIONS_OF_ONE)
  t.equal(await ask(`${url}/healthz`), 200, 'another client is answered')
  const said = lines.filter((line) => line.includes('http.connections.of.one'))
  t.equal(said.length, 10, 'not a line for each')
  greedy.end()
  while ((await promisify(app.server.getConnections.bind(app.server))()) > 0) await pause(10)
  const again = await idleConnections(t, port, 1, () => '127.0.0.9')
  t.equal(again.held(), 1, 'and so is that one, once it has let go')
})

t.test('who sends no request, or half a header, or garbage, does not stay', async (t) => {
  const { app } = await anApi(t)
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const port = Number(new URL(url).port)
  const cases = [
    { bytes: '' },
    { bytes: 'GET /readyz HTTP/1.1\r\nHost: localhost\r\nX-a: ' },
    { bytes: '\0garbage\r\n\r\n' },
  ]
  const beganAt = performance.now()
  for (const { bytes } of cases) {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    t.teardown(() => socket.destroy())
    socket.on('error', () => {})
    socket.resume()
    await once(socket, 'connect')
    socket.write(bytes)
  }
  const held = promisify(app.server.getConnections.bind(app.server))
  while ((await held()) > 0 && performance.now() - beganAt < 20_000) await pause(50)
  const seconds = (performance.now() - beganAt) / 1000
  t.ok(seconds < 16, `closed after ${seconds.toFixed(1)} s, although the clients are still there`)
})

/** A request on a connection of its own; `fetch` would open one after the other until it gets through. */
async function ask(url: string): Promise<number | undefined> {
  const request = get(url, { agent: false })
  const [answer] = (await once(request, 'response')) as [IncomingMessage]
  answer.resume()
  return answer.statusCode
}
