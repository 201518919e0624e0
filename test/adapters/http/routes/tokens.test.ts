import t from 'tap'
import { MOST_TOKENS } from '../../../../src/services/access/tokens.ts'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'
import { changesIn } from '../../../support/in-memory/watched.ts'

const JSON_TYPE = { ...WITH_TOKEN, 'content-type': 'application/json' }

async function aTokenApi(t: Parameters<typeof anApi>[0]) {
  const { app, appliance, lines } = await anApi(t)
  const create = (body: object) =>
    app.inject({ method: 'POST', url: '/v1/tokens', headers: JSON_TYPE, payload: body })
  const get = async (headers: Record<string, string> = WITH_TOKEN) =>
    app.inject({ url: '/v1/tokens', headers })
  return { app, appliance, lines, create, get }
}

t.test('a token is shown once, works, and is nowhere afterwards', async (t) => {
  const { create, get, lines, appliance } = await aTokenApi(t)
  const response = await create({ name: 'grafana', role: 'read' })
  t.equal(response.statusCode, 201)
  t.equal(response.headers.location, '/v1/tokens/grafana')
  t.equal(response.headers['cache-control'], 'no-store')
  const { token, ...rest } = response.json()
  const shown = { name: 'grafana', role: 'read', createdAt: '2026-03-01T09:30:00.000Z' }
  t.same(rest, { ...shown, lastUsedAt: null })
  const listed = await get({ authorization: `Bearer ${token}` })
  t.same(listed.json(), [{ ...shown, lastUsedAt: '2026-03-01T09:30:00.000Z' }])
  const told = JSON.stringify(changesIn(appliance.state.journal))
  const everywhere = `${listed.body}${lines.join()}${told}`
  t.notMatch(everywhere, token)
})

t.test('a name is used once, and their number is limited', async (t) => {
  const { create } = await aTokenApi(t)
  const statusOf = async (name: string) => (await create({ name, role: 'read' })).statusCode
  t.equal(await statusOf('one'), 201)
  const again = await create({ name: 'one', role: 'operator' })
  t.match(again.json(), { type: '/docs#conflict', detail: /token one exists already/ })
  for (let number = 2; number <= MOST_TOKENS; number++) await statusOf(`token-${number}`)
  t.match((await create({ name: 'more', role: 'read' })).json(), { status: 409, detail: /as many/ })
})

t.test('a role or a name that is none is refused', async (t) => {
  const { create, get } = await aTokenApi(t)
  const bodies = [
    {},
    { name: 'x' },
    { name: 'x', role: 'administrator' },
    { name: '', role: 'read' },
    { name: 'a b', role: 'read' },
    { name: 'a/b', role: 'read' },
    { name: 'x'.repeat(65), role: 'read' },
    { name: 'x', role: 'read', token: 'mine' },
  ]
  for (const body of bodies) t.equal((await create(body)).statusCode, 400, JSON.stringify(body))
  t.same((await get()).json(), [])
})

t.test('a token that is not there cannot be deleted', async (t) => {
  const { app } = await aTokenApi(t)
  const gone = await app.inject({ method: 'DELETE', url: '/v1/tokens/x', headers: WITH_TOKEN })
  t.match(gone.json(), { status: 404, detail: 'token x does not exist' })
})
