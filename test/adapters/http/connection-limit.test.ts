import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import t from 'tap'
import { MAX_CONNECTIONS } from '../../../src/adapters/http/connection-limit.ts'
import { anApi } from '../../support/an-api.ts'
import { idleConnections } from '../../support/idle-connections.ts'

const TOO_MANY = 20

t.test('connections are bounded; the rest is closed at once, and that is said once', async (t) => {
  const { app, lines } = await anApi(t)
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const connections = await idleConnections(
    t,
    Number(new URL(url).port),
    MAX_CONNECTIONS + TOO_MANY,
  )
  t.equal(connections.held(), MAX_CONNECTIONS)
  await t.rejects(ask(`${url}/healthz`), 'none is left')
  const said = lines.filter((line) => line.includes('http.connections.full'))
  t.equal(said.length, 1)
  t.match(JSON.parse(said[0] ?? '{}'), { level: 40, most: MAX_CONNECTIONS, refused: 1 })

  connections.end()
  while ((await promisify(app.server.getConnections.bind(app.server))()) > 0) await pause(10)
  t.equal(await ask(`${url}/healthz`), 200)
})

/** A request on a connection of its own; `fetch` would open one after the other until it gets through. */
async function ask(url: string): Promise<number | undefined> {
  const request = get(url, { agent: false })
  const [answer] = (await once(request, 'response')) as [IncomingMessage]
  answer.resume()
  return answer.statusCode
}
