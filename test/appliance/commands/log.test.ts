import { once } from 'node:events'
import { createServer } from 'node:http'
import t, { type Test } from 'tap'
import { ApiClient } from '../../../appliance/client/api-client.ts'
import { aListeningApi } from '../../support/a-listening-api.ts'
import { TOKEN } from '../../support/an-api.ts'
import { switchhook } from '../../support/command-line.ts'
import { mac } from '../../support/values.ts'

const PHONE = mac('000E84C060A6')

t.test('events are printed in words, or as JSON, of one phone or of all', async (t) => {
  const { run, appliance } = await aListeningApi(t)
  appliance.record({
    event: 'conversion.confirmed',
    mac: PHONE,
    fields: { to: 'X', seconds: 9 },
  })
  appliance.record({ event: 'dhcp.rogue.gone', network: 'bench' })
  const log = await run('log')
  t.equal(log.code, 0)
  const lines = log.stdout.split('\n')
  t.equal(lines[0], `2026-03-01T09:30:00.000Z  ${PHONE}  X has booted, 9 s after the start`)
  t.match(lines[1], '  bench  the DHCP server unknown no longer answers')
  const json = (await run('log', '--json', '--mac', PHONE)).stdout.trim().split('\n')
  t.equal(json.length, 1)
  t.match(JSON.parse(json[0] ?? ''), { event: 'conversion.confirmed', mac: PHONE })
  t.equal((await run('log', '--limit', '1', '--network', 'bench')).stdout.split('\n').length, 2)
  t.equal((await run('log', '--limit', '0')).code, 64)
})

/** An API whose connections are scripted, each by what it sends before it breaks. */
async function aBreakingApi(t: Test, streams: readonly (string | number)[]) {
  const asked: (string | undefined)[] = []
  const server = createServer((request, response) => {
    if (request.headers.accept !== 'text/event-stream') {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ events: [event(4)], next: 4 }))
      return
    }
    asked.push(`${request.headers['last-event-id']}`)
    const stream = streams[asked.length - 1]
    if (typeof stream === 'string') response.write(stream, () => response.destroy())
    else response.writeHead(stream ?? 401, { 'content-type': 'application/json' }).end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return { asked, url: `http://127.0.0.1:${port}` }
}

const event = (id: number) => ({
  id,
  at: 'now',
  event: `event-${id}`,
  mac: null,
  network: null,
  fields: {},
})
const message = (id: number) =>
  `id: ${id}\nevent: event-${id}\ndata: ${JSON.stringify(event(id))}\n\n`

t.test(
  '--follow continues after the last event that it has when a connection breaks',
  async (t) => {
    const { asked, url } = await aBreakingApi(t, [
      `retry: 1\n: stream of events\n\n${message(5)}${message(6).slice(0, -9)}`,
      503,
      `event: gap\ndata: {"after":5,"first":6}\n\n${message(6)}`,
    ])
    const { code, stdout, stderr } = await switchhook('log', '--follow', '--api', url)
    t.same(stdout.match(/event-\d/g), ['event-4', 'event-5', 'event-6'], 'each once, none missed')
    t.same(asked, ['4', '5', '5', '6'])
    t.equal(stderr.match(/connection lost/g)?.length, 2)
    t.match(stderr, 'some events are no longer kept: {"after":5,"first":6}')
    t.equal(code, 77, 'a token that is no longer right ends it')
  },
)

t.test('--follow of the real stream prints what happens meanwhile', async (t) => {
  const { appliance, url, app } = await aListeningApi(t)
  appliance.record({ event: 'one' })
  const api = new ApiClient(url, TOKEN)
  const stream = api.follow('/v1/events', '0', () => undefined)
  t.match(JSON.parse((await stream.next()).value.data), { id: 1, event: 'one' })
  const next = stream.next()
  appliance.record({ event: 'two' })
  t.match(JSON.parse((await next).value.data), { id: 2, event: 'two' })
  await Promise.all([stream.return(undefined as never), app.close()])
})

t.test('an appliance that does not answer the first time ends the command', async (t) => {
  t.equal((await switchhook('log', '--follow', '--api', 'http://127.0.0.1:9')).code, 69)
})
