import t from 'tap'
import { anApi, WITH_TOKEN } from '../../support/an-api.ts'

/** What is kept by one appliance alone, or changes what it does and nothing that is stored. */
const LOCAL = [
  'DELETE /v1/leases/10.20.0.50',
  'DELETE /v1/tokens/probe',
  'DELETE /v1/unknown-devices/000E84C060A6',
  'DELETE /v1/webhooks/0123abcd',
  'PATCH /v1/webhooks/0123abcd',
  'POST /v1/phones/000E84C060A6/restart',
  'POST /v1/reload',
  'POST /v1/surveys',
  'POST /v1/tokens',
  'POST /v1/webhooks',
]

const SHARED = [
  'DELETE /v1/phones/000E84C060A6',
  'DELETE /v1/firmware/P00305000300',
  'POST /v1/firmware',
  'POST /v1/phones/import',
  'PUT /v1/files/RINGLIST.DAT',
  'PUT /v1/networks/bench/owner',
  'PUT /v1/phones/000E84C060A6',
  'PUT /v1/phones/000E84C060A6/conversion',
  'PUT /v1/profiles/office',
  'PUT /v1/rollouts/one',
]

const AWAY = {
  type: '/docs#unavailable',
  detail: /^PostgreSQL cannot be used: no route to host/,
}

t.test('while PostgreSQL is away what is shared cannot be changed, and the rest can', async (t) => {
  const { app } = await anApi(t, { shared: { writeFault: () => 'no route to host' } })
  const ask = (route: string) => {
    const [method = '', url = ''] = route.split(' ')
    return app.inject({ method: method as 'PUT', url, headers: WITH_TOKEN, payload: {} })
  }
  for (const route of SHARED) {
    const response = await ask(route)
    t.equal(response.statusCode, 503, route)
    t.match(response.json(), AWAY)
    t.ok(Number(response.headers['retry-after']) > 0)
  }
  for (const route of LOCAL) t.notMatch((await ask(route)).json(), AWAY, route)
})
