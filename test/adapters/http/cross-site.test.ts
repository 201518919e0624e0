import t from 'tap'
import { isForeign } from '../../../src/adapters/http/cross-site.ts'
import { anApi, WITH_TOKEN } from '../../support/an-api.ts'
import { changesIn } from '../../support/in-memory/watched.ts'

type Document = { readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>> }

/** Values for the parameters of paths; whether there is such a thing does not matter. */
const PARAMETERS: Readonly<Record<string, string>> = {
  mac: '000E84C060A6',
  address: '10.20.0.50',
  load: 'P0S3-8-12-00',
}

/** Every request of the API that is no GET, as the OpenAPI document lists them. */
function changingRoutes({ paths }: Document) {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => ['put', 'post', 'patch', 'delete'].includes(method))
      .map(([method, operation]) => ({
        method: method.toUpperCase() as 'PUT',
        url: path.replace(/\{(\w+)\}/g, (_whole, name) => PARAMETERS[name] ?? 'one'),
        operation: operation as { readonly responses: Readonly<Record<string, unknown>> },
      })),
  )
}

const FOREIGN = [
  { 'sec-fetch-site': 'cross-site' },
  { origin: 'http://evil.example' },
  { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
  { origin: 'null' },
  { origin: '' },
  { origin: 'http://localhost:8080' },
  { origin: 'http://localhost.evil.example' },
  { origin: 'http://user@localhost' },
  { origin: 'file://' },
  { origin: 'http://localhost, http://evil.example' },
]

t.test('no route that changes anything is asked by a page of another site', async (t) => {
  const { app, appliance, lines } = await anApi(t)
  const routes = changingRoutes(app.swagger() as unknown as Document)
  t.ok(routes.length >= 14, `${routes.length} routes are known`)
  for (const { method, url, operation } of routes) {
    t.ok(operation.responses['403'], `${method} ${url}: the document says so`)
    for (const headers of FOREIGN) {
      const asked = { ...headers, ...WITH_TOKEN, host: 'localhost' }
      const answer = await app.inject({ method, url, headers: asked })
      const what = `${method} ${url} ${JSON.stringify(headers)}`
      t.equal(answer.statusCode, 403, what)
      t.match(answer.json(), { type: '/docs#cross-site', detail: /nothing was changed/ }, what)
    }
  }
  t.same(changesIn(appliance.state.journal), [], 'no change was made')
  t.notMatch(lines.join('\n'), 'audit.change')
})

t.test('our own page and clients without a browser change what they like', async (t) => {
  const { app } = await anApi(t)
  const ours = [
    {},
    { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:8067', host: 'localhost:8067' },
    { origin: 'http://10.20.0.2:8067', host: '10.20.0.2:8067' },
    { origin: 'https://phones.lab.example', host: 'phones.lab.example' },
    { origin: 'https://phones.lab.example', host: '127.0.0.1:8067' },
    { 'sec-fetch-site': 'none', host: 'localhost' },
  ]
  for (const headers of ours) {
    const all = { host: 'localhost', ...headers, ...WITH_TOKEN }
    const answer = await app.inject({ method: 'DELETE', url: '/v1/files/a.raw', headers: all })
    t.equal(
      answer.statusCode,
      404,
      `${JSON.stringify(headers)}: asked of the file, not of the page`,
    )
  }
})

t.test('reading is not asked whose page it is', async (t) => {
  const { app } = await anApi(t)
  const headers = { ...WITH_TOKEN, origin: 'null', 'sec-fetch-site': 'cross-site' }
  const answer = await app.inject({ url: '/v1/phones', headers })
  t.equal(answer.statusCode, 200)
})

t.test('an origin is ours by name and port, whatever its spelling', async (t) => {
  const cases: readonly [string, string | undefined, boolean][] = [
    ['http://LOCALHOST:8067', 'localhost:8067', false],
    ['http://localhost:80', 'localhost', false],
    ['https://localhost:443', 'localhost', false],
    ['http://[::1]:8067', '[::1]:8067', false],
    ['http://[::1]:8067', '[::2]:8067', true],
    ['http://localhost:8067', undefined, true],
    ['https://phones.lab.example:9443', '127.0.0.1:8067', true],
    ['https://Phones.Lab.Example', '127.0.0.1:8067', false],
    ['http://localhost:99999', 'localhost:99999', true],
  ]
  for (const [origin, host, isExpected] of cases) {
    const found = isForeign({ origin }, host, ['phones.LAB.example'])
    t.equal(found, isExpected, `${origin} at ${host}`)
  }
})
