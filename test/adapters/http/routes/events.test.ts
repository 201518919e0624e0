import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { Test } from 'tap'
import t from 'tap'
import type { Api } from '../../../../src/adapters/http/api.ts'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'
import { countFollowers } from '../../../support/in-memory/watched.ts'
import { mac, NOW_MS } from '../../../support/values.ts'

const PHONE = mac('000E84C060A6')
const FOLLOW = { ...WITH_TOKEN, accept: 'text/event-stream' }

/** A stream that is read as text until it holds what is waited for. */
async function follow(t: Test, app: Api, query = '', headers = {}) {
  const response = await app.inject({
    url: `/v1/events${query}`,
    headers: { ...FOLLOW, ...headers },
    payloadAsStream: true,
  })
  const stream: Readable = response.stream()
  t.teardown(() => stream.destroy())
  let text = ''
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  return {
    response,
    stream,
    text: () => text,
    async until(pattern: RegExp) {
      while (!pattern.test(text)) await setImmediate()
      return text
    },
  }
}

t.test('events are listed in order, and the cursor goes on', async (t) => {
  const { app, appliance } = await anApi(t)
  for (let number = 1; number <= 5; number++) appliance.record({ fields: { number } })
  const list = async (query: string) =>
    (await app.inject({ url: `/v1/events${query}`, headers: WITH_TOKEN })).json()
  const newest = await list('?limit=2')
  t.match(newest, { events: [{ id: 4 }, { id: 5, fields: { number: 5 } }], next: 5, oldest: 1 })
  t.match(newest.events[0], {
    at: '2026-03-01T09:30:00.000Z',
    event: 'dhcp.ack.sent',
    mac: null,
    network: null,
  })
  const first = await list('?after=0&limit=3')
  t.match(first, { events: [{ id: 1 }, { id: 2 }, { id: 3 }], next: 3 })
  t.match(await list(`?after=${first.next}`), { events: [{ id: 4 }, { id: 5 }], next: 5 })
  t.same(await list('?after=5'), { events: [], next: 5, oldest: 1 })
})

t.test('an event comes with its level and in words', async (t) => {
  const { app, appliance } = await anApi(t)
  appliance.record({ event: 'dhcp.nak.sent', fields: { address: '10.0.0.1', reason: 'taken' } })
  appliance.record({ event: 'not.in.the.table' })
  const { events } = (await app.inject({ url: '/v1/events', headers: WITH_TOKEN })).json()
  t.match(events, [
    { level: 'info', text: 'was refused 10.0.0.1: taken' },
    { level: 'debug', text: 'not.in.the.table' },
  ])
})

t.test('events of one phone, of one network', async (t) => {
  const { app, appliance } = await anApi(t)
  appliance.record({ mac: PHONE })
  appliance.record({ network: 'bench' })
  const ids = async (query: string) => {
    const response = await app.inject({ url: `/v1/events${query}`, headers: WITH_TOKEN })
    return response.json().events.map(({ id }: { id: number }) => id)
  }
  t.same(await ids('?mac=00:0e:84:c0:60:a6'), [1])
  t.same(await ids('?network=bench'), [2])
})

t.test('events by the beginning of their name, by level, by time', async (t) => {
  const { app, appliance } = await anApi(t)
  appliance.record({ event: 'conversion.stalled', atMs: NOW_MS })
  appliance.record({ event: 'conversion.started', atMs: NOW_MS + 1_000 })
  appliance.record({ event: 'dhcp.offer.sent', atMs: NOW_MS + 2_000 })
  const ids = async (query: string) => {
    const response = await app.inject({ url: `/v1/events${query}`, headers: WITH_TOKEN })
    return response.json().events.map(({ id }: { id: number }) => id)
  }
  t.same(await ids('?event=conversion.'), [1, 2])
  t.same(await ids('?level=warn'), [1])
  t.same(await ids('?level=info'), [1, 2])
  t.same(await ids('?since=2026-03-01T09:30:01Z'), [2, 3])
  t.same(await ids('?since=2026-03-01T10:30:01%2B01:00&until=2026-03-01T09:30:02.000Z'), [2])
  const stream = await follow(t, app, '?after=0&event=conversion.&level=warn')
  appliance.record({ event: 'conversion.stalled' })
  const text = await stream.until(/id: 4/)
  t.notMatch(text, /id: [23]\n/)
})

t.test('a query or a cursor that cannot be read is 400', async (t) => {
  const { app } = await anApi(t)
  for (const query of [
    '?since=yesterday',
    '?until=2026-03-01T09:30:00',
    '?since=2026-13-01T00:00Z',
  ]) {
    const response = await app.inject({ url: `/v1/events${query}`, headers: WITH_TOKEN })
    t.equal(response.statusCode, 400, query)
    t.match(response.json().detail, 'not a time with a zone')
  }
  for (const query of [
    '?level=loud',
    '?after=-1',
    '?after=x',
    '?limit=0',
    '?limit=1001',
    '?mac=x',
    '?token=x',
  ]) {
    const response = await app.inject({ url: `/v1/events${query}`, headers: WITH_TOKEN })
    t.equal(response.statusCode, 400, query)
  }
  for (const id of ['-1', 'x', '1.5', '9'.repeat(20)]) {
    const headers = { ...FOLLOW, 'last-event-id': id }
    const response = await app.inject({ url: '/v1/events', headers })
    t.equal(response.statusCode, 400, id)
    t.match(response.json().problems, [{ path: 'last-event-id' }])
  }
})

t.test('fields with the name of a secret are left out at any depth', async (t) => {
  const { app, appliance } = await anApi(t)
  appliance.record({ fields: { user: 'x', password: 'hush', deep: { authPassword: 'hush' } } })
  const response = await app.inject({ url: '/v1/events', headers: WITH_TOKEN })
  t.same(response.json().events[0].fields, { user: 'x', deep: {} })
})

t.test('WHATWG HTML section 9.2: the stream begins now and carries ids', async (t) => {
  const { app, appliance } = await anApi(t)
  appliance.record()
  const { response, until } = await follow(t, app)
  t.equal(response.statusCode, 200)
  t.match(response.headers['content-type'], 'text/event-stream')
  t.equal(response.headers['cache-control'], 'no-store')
  await until(/\n\n$/)
  appliance.record({ event: 'tftp.transfer.ended', mac: PHONE, fields: { name: 'a\nb' } })
  const text = await until(/id: 2\n/)
  t.notMatch(text, 'id: 1\n')
  const form = /id: 2\nevent: tftp\.transfer\.ended\ndata: (.*)\n\n/
  const [, data = ''] = form.exec(await until(form)) ?? []
  t.match(JSON.parse(data), {
    id: 2,
    event: 'tftp.transfer.ended',
    mac: PHONE,
    fields: { name: 'a\nb' },
  })
})

t.test('WHATWG HTML section 9.2.4: Last-Event-ID goes on where the client was', async (t) => {
  const { app, appliance } = await anApi(t)
  for (let number = 1; number <= 250; number++) appliance.record()
  const { until } = await follow(t, app, '?after=1', { 'last-event-id': '3' })
  const text = await until(/id: 250\n/)
  const ids = [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))
  t.same(
    ids,
    Array.from({ length: 247 }, (_, index) => index + 4),
    'every one, once, in order',
  )
  appliance.record()
  await until(/id: 251\n/)
})

t.test('the stream can be held to one phone', async (t) => {
  const { app, appliance } = await anApi(t)
  const { until } = await follow(t, app, `?mac=${PHONE}&after=0`)
  appliance.record()
  appliance.record({ mac: PHONE })
  const text = await until(/id: 2\n/)
  t.notMatch(text, 'id: 1\n')
})

t.test('a client that comes back too late is told what it missed', async (t) => {
  const { app, appliance } = await anApi(t)
  for (let number = 1; number <= 5010; number++) appliance.record()
  const { until } = await follow(t, app, '', { 'last-event-id': '5' })
  const text = await until(/id: 5010\n/)
  t.match(text, 'event: gap\ndata: {"after":5,"first":1002}\n\nid: 1002\n')
})

t.test('a cursor of another log is a gap as well, not silence for ever', async (t) => {
  const { app, appliance } = await anApi(t)
  appliance.record()
  const { until } = await follow(t, app, '', { 'last-event-id': '900' })
  await until(/event: gap\ndata: \{"after":900,"first":2\}/)
  appliance.record()
  await until(/id: 2\n/)
})

t.test('the log is not followed for a client that has gone', async (t) => {
  const { app, services } = await anApi(t)
  const following = countFollowers(services.events)
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const client = new AbortController()
  const headers = { ...FOLLOW, connection: 'close' }
  const response = await fetch(`${address}/v1/events`, { headers, signal: client.signal })
  t.equal(response.status, 200)
  while (following() === 0) await setImmediate()
  client.abort()
  while (following() > 0) await setImmediate()
  t.pass('unsubscribed')
})

t.test('closing the server ends the streams', async (t) => {
  const { app, services } = await anApi(t)
  const following = countFollowers(services.events)
  const { stream, until } = await follow(t, app)
  await until(/\n\n$/)
  const ended = once(stream, 'end')
  await app.close()
  await ended
  t.equal(following(), 0)
})

t.test('a stream can be read by browsers that send several types', async (t) => {
  const { app } = await anApi(t)
  const { response } = await follow(t, app, '', { accept: 'text/event-stream, */*;q=0.1' })
  t.match(response.headers['content-type'], 'text/event-stream')
})

t.test('HEAD opens no stream', async (t) => {
  const { app } = await anApi(t)
  const response = await app.inject({ method: 'HEAD', url: '/v1/events', headers: FOLLOW })
  t.equal(response.statusCode, 405)
})

t.test('the number of open answers is bounded, and that of each client', async (t) => {
  const { app } = await anApi(t)
  const follow = (remoteAddress: string) =>
    app.inject({ url: '/v1/events', headers: FOLLOW, payloadAsStream: true, remoteAddress })
  for (let number = 0; number < 64; number++) await follow('192.0.2.1')
  const refused = await follow('192.0.2.1')
  t.equal(refused.statusCode, 503, 'one client has its share')
  for (let number = 0; number < 64 * 3; number++) {
    t.equal((await follow(`192.0.2.${2 + (number % 3)}`)).statusCode, 200)
  }
  const response = await app.inject({ url: '/v1/events', headers: FOLLOW })
  t.equal(response.statusCode, 503)
  t.match(response.json(), { type: '/docs#unavailable' })
  const list = await app.inject({ url: '/v1/events', headers: WITH_TOKEN })
  t.equal(list.statusCode, 200, 'lists are still answered')
})
