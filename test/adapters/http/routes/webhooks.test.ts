import t from 'tap'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'

const BODY = { url: 'https://example.net/hook', events: ['conversion'], secret: 'hush-hush' }

async function aWebhookApi(t: Parameters<typeof anApi>[0]) {
  const { app, lines } = await anApi(t)
  const headers = { ...WITH_TOKEN, 'content-type': 'application/json' }
  const create = (body: object) =>
    app.inject({ method: 'POST', url: '/v1/webhooks', headers, payload: body })
  const get = (url: string) => app.inject({ url, headers: WITH_TOKEN })
  return { app, lines, create, get }
}

t.test('a webhook is made, listed and deleted; its secret never comes out', async (t) => {
  const { app, lines, create, get } = await aWebhookApi(t)
  const made = await create(BODY)
  t.equal(made.statusCode, 201)
  const url = made.headers.location as string
  t.same(made.json(), {
    id: 'hook-1',
    url: BODY.url,
    events: BODY.events,
    createdAt: '2026-03-01T09:30:00.000Z',
    delivery: {
      state: 'idle',
      waiting: 0,
      delivered: 0,
      dropped: 0,
      lastDeliveredAt: null,
      lastFailure: null,
      nextAttemptAt: null,
    },
  })
  const [all, one] = [await get('/v1/webhooks'), await get(url)]
  t.same(all.json(), [made.json()])
  t.same(one.json(), made.json())
  t.notMatch(`${made.body}${all.body}${one.body}${lines.join()}`, 'hush-hush')
  const gone = () => app.inject({ method: 'DELETE', url, headers: WITH_TOKEN })
  t.equal((await gone()).statusCode, 204)
  t.match((await gone()).json(), { status: 404, detail: 'webhook hook-1 does not exist' })
  t.equal((await get(url)).statusCode, 404)
})

t.test('what is no webhook is refused, each fault by its path, without the secret', async (t) => {
  const { create, get } = await aWebhookApi(t)
  const { secret, ...rest } = BODY
  for (const body of [
    {},
    rest,
    { ...BODY, secret: 'short' },
    { ...BODY, events: [] },
    { ...BODY, url: '' },
    { ...BODY, id: 'mine' },
  ]) {
    t.equal((await create(body)).statusCode, 400, JSON.stringify(body))
  }
  const refused = await create({ url: 'ftp://example.net/', events: ['conversations'], secret })
  t.equal(refused.statusCode, 422)
  t.match(refused.json().problems, [{ path: '/url' }, { path: '/events/0' }])
  t.notMatch(refused.body, secret)
  t.same((await get('/v1/webhooks')).json(), [])
})

t.test('their number is bounded', async (t) => {
  const { create } = await aWebhookApi(t)
  for (let number = 1; number <= 20; number++) t.equal((await create(BODY)).statusCode, 201)
  t.match((await create(BODY)).json(), { status: 409, type: '/docs#conflict' })
})

t.test('a webhook is changed field by field; its secret never comes out', async (t) => {
  const { app, create, get, lines } = await aWebhookApi(t)
  const headers = { ...WITH_TOKEN, 'content-type': 'application/json' }
  const change = (payload: object, id = 'hook-1') =>
    app.inject({ method: 'PATCH', url: `/v1/webhooks/${id}`, headers, payload })
  await create(BODY)
  const changed = await change({ events: ['rollout'], secret: 'hush-again' })
  t.equal(changed.statusCode, 200)
  t.match(changed.json(), { id: 'hook-1', url: BODY.url, events: ['rollout'] })
  t.same((await get('/v1/webhooks')).json(), [changed.json()])
  t.notMatch(`${changed.body}${lines.join()}`, 'hush')
  t.equal((await change({ url: 'https://example.net/other' })).json().events[0], 'rollout')
  for (const body of [{}, { events: [] }, { id: 'mine' }, { secret: 'short' }]) {
    t.equal((await change(body)).statusCode, 400, JSON.stringify(body))
  }
  t.match((await change({ events: ['conversations'] })).json(), {
    status: 422,
    problems: [{ path: '/events/0' }],
  })
  t.match((await change(BODY, 'hook-2')).json(), {
    status: 404,
    detail: 'webhook hook-2 does not exist',
  })
})
