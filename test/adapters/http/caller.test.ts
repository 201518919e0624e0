import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import type { Api } from '../../../src/adapters/http/api.ts'
import type { Services } from '../../../src/services/services.ts'
import { anApi, WITH_TOKEN } from '../../support/an-api.ts'
import { aBinding } from '../../support/in-memory/a-binding.ts'
import { changesIn, countFollowers } from '../../support/in-memory/watched.ts'

type Role = 'read' | 'operator'

const PARAMETERS: Readonly<Record<string, string>> = {
  mac: '000E84C060A6',
  address: '10.20.0.50',
  load: 'P0S3-8-12-00',
}

/** Operations that change nothing although they are no GET. */
const READ_ONLY = ['makePlan']

/** Operations that only the token of the configuration is good for. */
const ADMINISTRATION = [
  'createToken',
  'deleteToken',
  'createWebhook',
  'changeWebhook',
  'deleteWebhook',
]

async function headersOf(services: Services, name: string, role: Role) {
  const outcome = await services.tokens.create(name, role)
  if (outcome.kind !== 'created') throw new Error(outcome.kind)
  return { authorization: `Bearer ${outcome.secret}` }
}

/** Every operation of the document, with a path that can be asked. */
async function operationsOf(app: Api) {
  const { paths } = (await app.inject('/openapi.json')).json()
  return Object.entries(paths as Record<string, Record<string, { operationId: string }>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => ({
        operationId,
        method: method.toUpperCase() as 'GET',
        url: path.replace(/\{(\w+)\}/g, (_, name: string) => PARAMETERS[name] ?? 'x'),
        responses: Object.keys((methods[method] as { responses?: object }).responses ?? {}),
      })),
  )
}

t.test('a token to read with is refused every change, and nothing is changed', async (t) => {
  const { app, services, appliance } = await anApi(t)
  appliance.lease(aBinding())
  const headers = await headersOf(services, 'grafana', 'read')
  const operations = await operationsOf(app)
  t.ok(operations.length > 40)
  for (const { operationId, method, url, responses } of operations) {
    const { statusCode, body } = await app.inject({ method, url, headers })
    const isReadOnly = method === 'GET' || READ_ONLY.includes(operationId)
    if (isReadOnly) {
      t.notOk([401, 403].includes(statusCode), `${operationId}: ${statusCode}`)
      continue
    }
    t.equal(statusCode, 403, operationId)
    t.match(JSON.parse(body), {
      type: '/docs#forbidden',
      detail: /^Token grafana has the role read/,
    })
    t.ok(responses.includes('403'), `${operationId} says so`)
  }
  const { journal, leaseTable } = appliance.state
  t.same([changesIn(journal), [...leaseTable.bindings()].length], [[], 1])
})

t.test('a token to operate with is refused tokens and webhooks alone', async (t) => {
  const { app, services } = await anApi(t)
  const headers = await headersOf(services, 'ansible', 'operator')
  for (const { operationId, method, url } of await operationsOf(app)) {
    const { statusCode, body } = await app.inject({ method, url, headers })
    if (ADMINISTRATION.includes(operationId)) {
      t.equal(statusCode, 403, operationId)
      t.match(JSON.parse(body).detail, 'with the token of the configuration only')
    } else t.notOk([401, 403].includes(statusCode), `${operationId}: ${statusCode}`)
  }
})

t.test('what does not exist is said to be missing, whatever the role', async (t) => {
  const { app, services } = await anApi(t)
  const headers = await headersOf(services, 'grafana', 'read')
  const ask = async (method: 'PUT' | 'DELETE', url: string) =>
    (await app.inject({ method, url, headers })).statusCode
  t.equal(await ask('PUT', '/v1/nothing-here'), 404)
})

t.test('an audit event names the token; a token that is deleted is a wrong one', async (t) => {
  const { app, services, appliance } = await anApi(t)
  const headers = await headersOf(services, 'ansible', 'operator')
  const json = { 'content-type': 'application/json' }
  const url = '/v1/phones/000E84C060A6'
  const put = () =>
    app.inject({
      method: 'PUT',
      url,
      headers: { ...headers, ...json },
      payload: '{"model":"7960"}',
    })
  t.equal((await put()).statusCode, 201)
  t.match(changesIn(appliance.state.journal), [
    { action: 'putPhone', by: 'token', tokenName: 'ansible' },
  ])
  const gone = await app.inject({
    method: 'DELETE',
    url: '/v1/tokens/ansible',
    headers: WITH_TOKEN,
  })
  t.equal(gone.statusCode, 204)
  t.equal((await put()).statusCode, 401)
})

t.test(
  'on loopback without a token everything is open, and a named token keeps its role',
  async (t) => {
    const { app, services } = await anApi(t, { token: null })
    const headers = await headersOf(services, 'grafana', 'read')
    const free = (more: object) =>
      app.inject({ method: 'DELETE', url: '/v1/phones/000E84C060A6', headers: { ...more } })
    t.equal((await free({})).statusCode, 404)
    t.equal((await free({ authorization: 'Bearer another' })).statusCode, 404)
    t.equal((await free(headers)).statusCode, 403)
  },
)

t.test('a stream ends when its token is deleted, those of others go on', async (t) => {
  const { app, services, appliance } = await anApi(t)
  const following = countFollowers(services.events)
  const accept = { accept: 'text/event-stream' }
  const follow = async (headers: object) => {
    const response = await app.inject({
      url: '/v1/events',
      headers: { ...headers, ...accept },
      payloadAsStream: true,
    })
    const stream = response.stream().resume()
    t.teardown(() => stream.destroy())
    return { stream, ended: new Promise<void>((resolve) => stream.once('end', resolve)) }
  }
  const named = await follow(await headersOf(services, 'grafana', 'read'))
  const own = await follow(WITH_TOKEN)
  while (following() < 2) await setImmediate()
  await services.tokens.delete('grafana')
  await named.ended
  appliance.record()
  t.equal(own.stream.readableEnded, false)
  while (following() > 1) await setImmediate()
})
