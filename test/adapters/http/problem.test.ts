import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { anApi, WITH_TOKEN } from '../../support/an-api.ts'

const JSON_TYPE = { ...WITH_TOKEN, 'content-type': 'application/json' }
const URL = '/v1/phones/000E84C060A6'

t.test(
  'RFC 9457 section 3: every refusal is a problem detail that can be found in the log',
  async (t) => {
    const { app, lines } = await anApi(t)
    const cases = [
      { why: 'no such route', method: 'GET', url: '/v1/no-such-thing', status: 404 },
      { why: 'a later one', method: 'GET', url: `${URL}/capture.pcapng`, status: 404 },
      { why: 'the path of another case', method: 'GET', url: '/V1/phones', status: 404 },
      { why: 'a slash too many', method: 'GET', url: '/v1/phones/', status: 400 },
      { why: 'two slashes', method: 'GET', url: '//v1/phones', status: 404 },
      { why: 'another method', method: 'POST', url: '/v1/phones', status: 405 },
      { why: 'broken escape', method: 'GET', url: '/v1/phones/%zz', status: 400 },
      {
        why: 'a part that is too long',
        method: 'GET',
        url: `/v1/phones/${'a'.repeat(300)}`,
        status: 414,
      },
    ] as const
    for (const { why, status, ...request } of cases) {
      const response = await app.inject({ ...request, headers: WITH_TOKEN })
      t.equal(response.statusCode, status, why)
      t.match(response.headers['content-type'], 'application/problem+json', why)
      const problem = response.json()
      t.equal(problem.status, status, why)
      t.match(problem, { type: /^\/docs#/, title: /./, detail: /./ }, why)
      const id = problem.instance.replace('urn:uuid:', '')
      t.equal(response.headers['x-request-id'], id, why)
      t.match(lines.join(''), id, why)
    }
  },
)

t.test('RFC 9110 section 15.5.6: 405 says which methods would do', async (t) => {
  const { app } = await anApi(t)
  const cases = [
    { method: 'POST', url: '/v1/phones', allow: 'GET, HEAD' },
    { method: 'POST', url: URL, allow: 'DELETE, GET, HEAD, PATCH, PUT' },
    { method: 'PATCH', url: '/v1/firmware?x=1', allow: 'GET, HEAD, POST' },
    { method: 'GET', url: '/v1/plans', allow: 'POST' },
    { method: 'TRACE', url: '/healthz', allow: 'GET, HEAD' },
  ] as const
  for (const { allow, ...request } of cases) {
    const response = await app.inject({ ...request, headers: WITH_TOKEN })
    t.equal(response.statusCode, 405, request.url)
    t.equal(response.headers['allow'], allow, request.url)
  }
})

t.test('a body that is no JSON is 400', async (t) => {
  const { app } = await anApi(t)
  const cases = [
    { why: 'empty', payload: '' },
    { why: 'cut off', payload: '{"label": "x"' },
    { why: 'single quotes', payload: "{'label': 'x'}" },
    { why: 'byte order mark', payload: '\uFEFF{]' },
    { why: 'two values', payload: '{} {}' },
    { why: 'octets', payload: Buffer.from([0xff, 0xfe, 0]) },
  ]
  for (const { why, payload } of cases) {
    const response = await app.inject({ method: 'PUT', url: URL, headers: JSON_TYPE, payload })
    t.equal(response.statusCode, 400, why)
    t.equal(response.json().type, '/docs#invalid-request', why)
  }
})

t.test('keys that reach a prototype are refused anywhere', async (t) => {
  const { app, services } = await anApi(t)
  const cases = [
    '{"__proto__": {"label": "x"}}',
    '{"settings": {"__proto__": {"a": "1"}}}',
    '{"\\u005f_proto__": {}}',
    '{"constructor": {"prototype": {"label": "x"}}}',
    '{"settings": {"constructor": "1"}}',
    '{"settings": {"prototype": "1"}}',
    '{"lines": [{"name": "1", "__proto__": {"password": "x"}}]}',
  ]
  for (const payload of cases) {
    const response = await app.inject({ method: 'PUT', url: URL, headers: JSON_TYPE, payload })
    t.equal(response.statusCode, 400, payload)
  }
  t.same(services.inventory.phones(), [])
  t.equal(({} as { label?: string }).label, undefined)
})

t.test('depth and size are bounded', async (t) => {
  const { app } = await anApi(t)
  const put = (payload: string) =>
    app.inject({ method: 'PUT', url: URL, headers: JSON_TYPE, payload })
  const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
  t.match((await put(deep(17))).json().detail, 'deeper than 16 levels')
  t.equal((await put(deep(16))).statusCode, 400, 'which is refused for its form alone')
  t.notMatch((await put(deep(16))).json().detail, 'deeper')
  t.equal((await put(deep(100_000))).statusCode, 400)
  const large = await put(JSON.stringify({ label: 'x'.repeat(256 * 1024) }))
  t.equal(large.statusCode, 413)
  t.equal(large.json().type, '/docs#too-large')
  const wide = JSON.stringify({
    settings: Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`p${n}`, '1'])),
  })
  t.equal((await put(wide)).statusCode, 400)
})

t.test('RFC 9110 section 15.5.16: only JSON is read where JSON is wanted', async (t) => {
  const { app } = await anApi(t)
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/xml',
    'json',
  ]) {
    const headers = { ...WITH_TOKEN, 'content-type': type }
    const response = await app.inject({ method: 'PUT', url: URL, headers, payload: '{}' })
    t.equal(response.statusCode, 415, type)
    t.equal(response.json().type, '/docs#unsupported-media-type', type)
  }
})

t.test('a fault of ours is 500 without a word of why; the log has it', async (t) => {
  const { app, lines, services } = await anApi(t)
  services.networks.list = () => {
    throw new Error('SELECT * FROM hidden')
  }
  const response = await app.inject({ url: '/v1/networks', headers: WITH_TOKEN })
  t.equal(response.statusCode, 500)
  t.equal(response.json().type, '/docs#internal')
  t.notMatch(response.body, 'hidden')
  t.match(lines.join(''), 'SELECT * FROM hidden')
})

t.test('bytes that are not HTTP get an HTTP error, and the connection ends', async (t) => {
  const { app } = await anApi(t)
  const port = portOf(await app.listen({ host: '127.0.0.1', port: 0 }))
  const cases = [
    { why: 'TLS', bytes: '\x16\x03\x01\x02\x00\x01\x00', status: 400 },
    { why: 'noise', bytes: 'hello\r\n\r\n', status: 400 },
    { why: 'no Host', bytes: 'GET /healthz HTTP/1.1\r\n\r\n', status: 400 },
    {
      why: 'smuggling: two lengths',
      bytes:
        'POST /v1/plans HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n',
      status: 400,
    },
    {
      why: 'very long header',
      bytes: `GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      status: 431,
    },
  ]
  for (const { why, bytes, status } of cases) {
    const socket = connect(port, '127.0.0.1')
    socket.end(bytes, 'latin1')
    const answer = await text(socket)
    t.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), why)
  }
})

t.test('an HTTP/1.0 client without Host is not answered', async (t) => {
  const { app } = await anApi(t)
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const socket = connect(portOf(address), '127.0.0.1')
  socket.end('GET /docs HTTP/1.0\r\n\r\n')
  t.match(await text(socket), /^HTTP\/1\.[01] 421 /)
})

function portOf(address: string): number {
  return Number(new globalThis.URL(address).port)
}
