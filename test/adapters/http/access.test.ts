import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { anApi, TOKEN, WITH_TOKEN } from '../../support/an-api.ts'

/** One request for each route: all of them must be behind the token. */
const GUARDED = [
  'GET /v1/networks',
  'GET /v1/networks/bench',
  'GET /v1/leases',
  'DELETE /v1/leases/10.20.0.50',
  'GET /v1/profiles',
  'PUT /v1/profiles/to-sip',
  'GET /v1/phones',
  'GET /v1/phones/000E84C060A6',
  'PUT /v1/phones/000E84C060A6',
  'PATCH /v1/phones/000E84C060A6',
  'DELETE /v1/phones/000E84C060A6',
  'GET /v1/phones/000E84C060A6/files',
  'GET /v1/phones/000E84C060A6/files/SIP000E84C060A6.cnf',
  'PUT /v1/phones/000E84C060A6/conversion',
  'GET /v1/phones/000E84C060A6/conversion?wait=60',
  'GET /v1/phones/000E84C060A6/timeline',
  'GET /v1/phones/000E84C060A6/boot-log',
  'GET /v1/phones/000E84C060A6/capture.pcapng',
  'POST /v1/plans',
  'GET /v1/conversions',
  'POST /v1/firmware',
  'GET /v1/firmware',
  'GET /v1/files',
  'PUT /v1/files/a.raw',
  'GET /v1/files/a.raw',
  'GET /v1/events',
  'GET /v1/status',
  'GET /metrics',
  'GET /v1/there-is-no-such-route',
  'POST /v1/phones',
]

t.test('RFC 6750 section 3: without a token nothing of the API is answered', async (t) => {
  const { app } = await anApi(t)
  for (const request of GUARDED) {
    const [method, url] = request.split(' ') as ['GET', string]
    const response = await app.inject({ method, url })
    t.equal(response.statusCode, 401, request)
    t.equal(response.headers['www-authenticate'], 'Bearer realm="switchhook"', request)
    t.match(response.headers['content-type'], 'application/problem+json', request)
    t.match(response.json(), { type: '/docs#unauthorized', status: 401 }, request)
    t.ok(response.headers['content-security-policy'], `${request}: refusals have the headers too`)
  }
})

t.test('what is no bearer token in the Authorization header does not count as one', async (t) => {
  const { app } = await anApi(t)
  const cases = [
    { why: 'in the query', url: `/v1/phones?access_token=${TOKEN}`, headers: {} },
    { why: 'as basic', url: '/v1/phones', headers: { authorization: `Basic ${TOKEN}` } },
    { why: 'bare', url: '/v1/phones', headers: { authorization: TOKEN } },
    { why: 'in a cookie', url: '/v1/phones', headers: { cookie: `token=${TOKEN}` } },
    { why: 'empty', url: '/v1/phones', headers: { authorization: 'Bearer ' } },
    { why: 'two of them', url: '/v1/phones', headers: { authorization: `Bearer x ${TOKEN}` } },
  ]
  for (const { why, ...request } of cases) {
    t.equal((await app.inject(request)).statusCode, 401, why)
  }
})

t.test('RFC 6750 section 2.1: the right token is heard, its scheme in any case', async (t) => {
  const { app } = await anApi(t)
  for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
    const headers = { authorization: `${scheme} ${TOKEN}` }
    t.equal((await app.inject({ url: '/v1/phones', headers })).statusCode, 200, scheme)
  }
})

t.test('a prefix, a longer one and one in another case are wrong tokens', async (t) => {
  const { app } = await anApi(t)
  for (const wrong of [TOKEN.slice(0, -1), `${TOKEN}x`, TOKEN.toUpperCase(), 'ä'.repeat(20)]) {
    const headers = { authorization: `Bearer ${wrong}` }
    const response = await app.inject({ url: '/v1/phones', headers })
    t.equal(response.statusCode, 401, wrong)
    t.match(response.headers['www-authenticate'], 'error="invalid_token"', wrong)
  }
})

t.test('a guesser has to wait, a client with the right token does not', async (t) => {
  const { app, lines } = await anApi(t)
  const guess = { url: '/v1/phones', headers: { authorization: 'Bearer guess' } }
  const right = { url: '/v1/phones', headers: WITH_TOKEN }
  for (let number = 1; number <= 10; number++) {
    t.equal((await app.inject(guess)).statusCode, 401, `guess ${number}`)
  }
  const beganAt = performance.now()
  const later = Promise.all([app.inject(guess), app.inject(guess)])
  t.equal((await app.inject(right)).statusCode, 200, 'the same address, behind a proxy')
  t.ok(performance.now() - beganAt < 500, 'at once')
  const answers = await later
  t.ok(performance.now() - beganAt > 900, 'the guesses are not answered before a second')
  for (const answer of answers) {
    t.equal(answer.statusCode, 429)
    t.match(answer.json(), { type: '/docs#too-many-attempts', detail: /wait \d+ s/ })
    t.match(answer.headers['retry-after'], /^([1-9]|[1-5]\d|60)$/)
  }
  t.equal((await app.inject(right)).statusCode, 200)
  t.equal((await app.inject({ url: '/healthz' })).statusCode, 200)
  t.match(lines.join(''), '"http.token.blocked"')
})

t.test('a guesser with an IPv6 network of its own is one guesser', async (t) => {
  const { app } = await anApi(t)
  const headers = { authorization: 'Bearer guess' }
  const guess = (remoteAddress: string) => app.inject({ url: '/v1/phones', headers, remoteAddress })
  for (let number = 1; number <= 10; number++) {
    t.equal((await guess(`2001:db8:0:1::${number}`)).statusCode, 401, `guess ${number}`)
  }
  t.equal((await guess('2001:db8:0:1:ffff::1')).statusCode, 429)
  t.equal((await guess('2001:db8:0:2::1')).statusCode, 401, 'another network')
})

t.test('guesses that follow each other on a connection are not checked', async (t) => {
  const { app } = await anApi(t)
  const url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  const ask = (token: string) =>
    `GET /v1/phones HTTP/1.1\r\nHost: ${url.host}\r\nAuthorization: Bearer ${token}\r\n\r\n`
  const socket = connect(Number(url.port), '127.0.0.1')
  t.teardown(() => socket.destroy())
  let answers = ''
  socket.on('data', (text) => (answers += text))
  const statuses = () => Array.from(answers.matchAll(/HTTP\/1\.1 (\d+)/g), ([, status]) => status)
  const until = async (count: number) => {
    for (let tries = 0; tries < 500 && statuses().length < count; tries++) await pause(10)
  }
  for (let number = 1; number <= 10; number++) {
    socket.write(ask('guess'))
    await until(number)
  }
  t.same(
    statuses(),
    Array.from({ length: 10 }, () => '401'),
  )
  socket.write(ask('guess') + ask('another') + ask(TOKEN))
  await until(13)
  t.same(statuses().slice(10), ['429', '429', '429'], 'not even the right one, if it is guessed so')
  socket.write(ask(TOKEN))
  await until(14)
  t.equal(statuses()[13], '200', 'once the wait is over it is heard')
})

t.test('asking without a token is no guess', async (t) => {
  const { app } = await anApi(t)
  for (let number = 1; number <= 20; number++) await app.inject({ url: '/v1/phones' })
  t.equal((await app.inject({ url: '/v1/phones', headers: WITH_TOKEN })).statusCode, 200)
})

t.test('without a configured token, none is asked for', async (t) => {
  const { app } = await anApi(t, { token: null })
  t.equal((await app.inject({ url: '/v1/phones' })).statusCode, 200)
  const response = await app.inject({ url: '/v1/phones', headers: { host: 'evil.example' } })
  t.equal(response.statusCode, 421, 'the Host header is checked all the same')
})

t.test('DNS rebinding: only names of ours are answered', async (t) => {
  const { app } = await anApi(t)
  const cases = [
    { host: 'localhost', answered: true },
    { host: 'LOCALHOST:8067', answered: true },
    { host: 'localhost.', answered: true },
    { host: '127.0.0.1:8067', answered: true },
    { host: '[::1]:8067', answered: true },
    { host: '10.20.0.2', answered: true },
    { host: 'phones.lab.example:8067', answered: true },
    { host: 'Phones.Lab.Example', answered: true },
    { host: 'evil.example', answered: false },
    { host: 'phones.lab.example.evil.example', answered: false },
    { host: 'localhost.evil.example', answered: false },
    { host: '127.0.0.1.evil.example', answered: false },
    { host: '127.0.0.1@evil.example', answered: false },
    { host: '2130706433', answered: false },
    { host: 'a:b:c', answered: false },
    { host: 'localhost:99999999', answered: false },
  ]
  for (const { host, answered } of cases) {
    for (const url of ['/v1/phones', '/healthz', '/docs']) {
      const response = await app.inject({ url, headers: { ...WITH_TOKEN, host } })
      t.equal(response.statusCode, answered ? 200 : 421, `${url} at ${host}`)
    }
  }
})

t.test('CORS is off: a hostile page learns nothing and changes nothing', async (t) => {
  const { app } = await anApi(t)
  const headers = {
    ...WITH_TOKEN,
    origin: 'http://evil.example',
    'access-control-request-method': 'PUT',
  }
  const preflight = await app.inject({ method: 'OPTIONS', url: '/v1/phones/000E84C060A6', headers })
  t.equal(preflight.statusCode, 405)
  const response = await app.inject({ url: '/v1/phones', headers })
  for (const answer of [preflight, response]) {
    const names = Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))
    t.same(names, [])
  }
  t.equal(response.headers['cross-origin-resource-policy'], 'same-origin')
})

t.test('the policy allows nothing inline and nothing from elsewhere', async (t) => {
  const { app } = await anApi(t)
  for (const url of ['/healthz', '/docs', '/v1/phones', '/nothing-here']) {
    const { headers } = await app.inject({ url, headers: WITH_TOKEN })
    const policy = String(headers['content-security-policy'])
    t.match(policy, "default-src 'none'", url)
    t.notMatch(policy, /unsafe|http|\*/, url)
    t.equal(headers['x-content-type-options'], 'nosniff', url)
    t.equal(headers['strict-transport-security'], undefined, `${url}: we speak plain HTTP`)
  }
})

t.test('no secret reaches the log', async (t) => {
  const { app, lines } = await anApi(t)
  const url = '/v1/phones/000E84C060A6'
  const payload = {
    lines: [{ name: '1201', password: 'hush-hush' }],
    settings: { phone_password: 'psst' },
  }
  await app.inject({ method: 'PUT', url, headers: WITH_TOKEN, payload })
  await app.inject({ url: `/v1/phones?token=${TOKEN}`, headers: WITH_TOKEN })
  await app.inject({ url: '/v1/phones', headers: { authorization: 'Bearer almost-right' } })
  await app.inject({
    url: '/v1/phones',
    headers: { authorization: 'Bearer x', host: 'evil.example' },
  })
  await app.inject({ method: 'PUT', url, headers: WITH_TOKEN, payload: '{"lines": "hush-hush"' })
  const log = lines.join('')
  t.match(log, '"event":"http.request.answered"')
  t.match(log, '"event":"http.token.refused"')
  t.match(log, '"event":"http.host.refused"')
  t.notMatch(log, new RegExp(`hush-hush|psst|almost-right|${TOKEN}`))
})
