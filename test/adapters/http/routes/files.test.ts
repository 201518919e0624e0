import t from 'tap'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'
import { sha256 } from '../../../support/values.ts'

const TONE = Buffer.from([0, 255, 13, 10, 128])

t.test('a shared file is put, listed, read byte for byte, and deleted', async (t) => {
  const { app } = await anApi(t)
  const url = '/v1/files/chime.raw'
  const headers = { ...WITH_TOKEN, 'content-type': 'application/octet-stream' }
  const made = await app.inject({ method: 'PUT', url, headers, payload: TONE })
  t.equal(made.statusCode, 201)
  t.equal(made.headers['location'], url)
  const entry = {
    name: 'chime.raw',
    bytes: 5,
    sha256: sha256(TONE),
    addedAt: '2026-03-01T09:30:00.000Z',
  }
  t.same(made.json(), entry)
  t.equal((await app.inject({ method: 'PUT', url, headers, payload: TONE })).statusCode, 200)
  t.same((await app.inject({ url: '/v1/files', headers: WITH_TOKEN })).json(), [entry])
  const read = await app.inject({ url, headers: WITH_TOKEN })
  t.same(read.rawPayload, TONE)
  t.equal(read.headers['etag'], `"${sha256(TONE)}"`)
  t.equal(read.headers['content-type'], 'application/octet-stream')
  t.equal(read.headers['content-disposition'], 'attachment', 'never shown as a page of ours')
  const known = { ...WITH_TOKEN, 'if-none-match': `"${sha256(TONE)}"` }
  t.equal((await app.inject({ url, headers: known })).statusCode, 304)
  t.equal((await app.inject({ method: 'DELETE', url, headers: WITH_TOKEN })).statusCode, 204)
  t.equal((await app.inject({ method: 'DELETE', url, headers: WITH_TOKEN })).statusCode, 404)
  t.equal((await app.inject({ url, headers: WITH_TOKEN })).statusCode, 404)
})

t.test('whatever a client calls them, they are bytes', async (t) => {
  const { app } = await anApi(t)
  const types = [
    'application/json',
    'text/plain',
    'text/xml; charset=utf-8',
    'audio/basic',
    undefined,
  ]
  for (const [index, type] of types.entries()) {
    const url = `/v1/files/${index}.xml`
    const headers = { ...WITH_TOKEN, ...(type === undefined ? {} : { 'content-type': type }) }
    const payload = '{"not json'
    const response = await app.inject({ method: 'PUT', url, headers, payload })
    t.equal(response.statusCode, 201, String(type))
    t.equal((await app.inject({ url, headers: WITH_TOKEN })).body, payload, String(type))
  }
})

t.test('an empty file is a file', async (t) => {
  const { app } = await anApi(t)
  const response = await app.inject({ method: 'PUT', url: '/v1/files/empty', headers: WITH_TOKEN })
  t.equal(response.statusCode, 201)
  t.equal(response.json().bytes, 0)
})

t.test('names within a folder are escaped; names that climb do not exist', async (t) => {
  const { app } = await anApi(t)
  const put = (name: string) =>
    app.inject({ method: 'PUT', url: `/v1/files/${name}`, headers: WITH_TOKEN, payload: TONE })
  const made = await put('ring%2Fchime.raw')
  t.equal(made.json().name, 'ring/chime.raw')
  t.equal(made.headers['location'], '/v1/files/ring%2Fchime.raw')
  for (const name of [
    '..%2F..%2Fetc%2Fpasswd',
    '%2Fetc%2Fpasswd',
    'a%5Cb',
    'C%3Aboot',
    'a%00b',
    'a%0Ab',
    '%20a',
    'a%2F%2Fb',
    '.%2Fa',
  ]) {
    const response = await put(name)
    t.equal(response.statusCode, 422, name)
    t.match(response.json().problems, [{ path: '/name' }], name)
    const read = await app.inject({ url: `/v1/files/${name}`, headers: WITH_TOKEN })
    t.equal(read.statusCode, 404, name)
  }
  t.equal((await put('x'.repeat(129))).statusCode, 400)
  t.equal((await put('x'.repeat(300))).statusCode, 414)
  t.equal((await put('%')).statusCode, 400)
})

t.test('If-Match guards a file by its SHA-256', async (t) => {
  const { app } = await anApi(t)
  const put = (headers: object) =>
    app.inject({
      method: 'PUT',
      url: '/v1/files/a',
      headers: { ...WITH_TOKEN, ...headers },
      payload: 'new',
    })
  t.equal((await put({ 'if-match': '*' })).statusCode, 412)
  t.equal((await put({ 'if-none-match': '*' })).statusCode, 201)
  const stale = await put({ 'if-match': `"${sha256(TONE)}"` })
  t.equal(stale.statusCode, 412)
  t.match(stale.json().detail, sha256(Buffer.from('new')))
  t.equal((await put({ 'if-match': `"${sha256(Buffer.from('new'))}"` })).statusCode, 200)
})

t.test('RFC 9110 section 15.5.14: a file above 32 MiB is 413', async (t) => {
  const { app } = await anApi(t)
  const headers = { ...WITH_TOKEN, 'content-length': String(32 * 1024 * 1024 + 1) }
  const response = await app.inject({ method: 'PUT', url: '/v1/files/a', headers, payload: 'x' })
  t.equal(response.statusCode, 413)
  t.match(response.json(), { type: '/docs#too-large' })
})
