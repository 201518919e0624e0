import t from 'tap'
import { aZip } from '../../../support/a-zip.ts'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'
import { anImage, aUalSet, signed } from '../../../support/synthetic-image.ts'
import { sha256 } from '../../../support/values.ts'

const LOAD = 'P0S3-8-12-00'
const ZIP = { ...WITH_TOKEN, 'content-type': 'application/zip' }
const SET = aUalSet(LOAD, 'P003-8-12-00')

const zipOf = (files: ReadonlyMap<string, Uint8Array>) =>
  aZip([...files].map(([name, content]) => ({ name, content })))

/** The archive, with a note that is no firmware beside it. */
const ARCHIVE = await zipOf(new Map([...SET, ['README.txt', Buffer.from('read me')]]))

t.test('a firmware set is imported, listed, read and deleted', async (t) => {
  const { app } = await anApi(t)
  const post = { method: 'POST', url: '/v1/firmware', headers: ZIP, payload: ARCHIVE } as const
  const taken = await app.inject(post)
  t.equal(taken.statusCode, 201)
  t.equal(taken.headers['location'], `/v1/firmware/${LOAD}`)
  const set = {
    load: LOAD,
    protocol: 'sip',
    loader: 'P003-8-12-00',
    files: [...SET].map(([name, bytes]) => ({ name, bytes: bytes.length, sha256: sha256(bytes) })),
    synthetic: false,
    addedAt: '2026-03-01T09:30:00.000Z',
  }
  const ignored = [{ file: 'README.txt', why: 'is no firmware' }]
  t.same(taken.json(), { ...set, outcome: 'created', ignored })
  const again = await app.inject(post)
  t.equal(again.statusCode, 200, 'the same again changes nothing')
  t.equal(again.json().outcome, 'unchanged')
  t.same((await app.inject({ url: '/v1/firmware', headers: WITH_TOKEN })).json(), [set])
  const url = `/v1/firmware/${LOAD}`
  t.same((await app.inject({ url, headers: WITH_TOKEN })).json(), set)
  t.equal((await app.inject({ method: 'DELETE', url, headers: WITH_TOKEN })).statusCode, 204)
  t.equal((await app.inject({ method: 'DELETE', url, headers: WITH_TOKEN })).statusCode, 404)
  t.equal((await app.inject({ url, headers: WITH_TOKEN })).statusCode, 404)
})

t.test('a refused archive is 422 with each file and its fault', async (t) => {
  const { app } = await anApi(t)
  const files = new Map(SET)
  files.delete(`${LOAD}.loads`)
  files.set(`${LOAD}.sb2`, (SET.get(`${LOAD}.sb2`) ?? Buffer.of()).subarray(0, 12))
  const payload = await zipOf(files)
  const request = { method: 'POST', url: '/v1/firmware', headers: ZIP, payload } as const
  const response = await app.inject(request)
  t.equal(response.statusCode, 422)
  t.match(response.json(), {
    type: '/docs#firmware-refused',
    problems: [
      { file: `${LOAD}.loads`, fault: /missing/ },
      { file: `${LOAD}.sb2`, fault: /12/ },
    ],
  })
  t.same((await app.inject({ url: '/v1/firmware', headers: WITH_TOKEN })).json(), [])
})

t.test('firmware that a profile names stays', async (t) => {
  const { app, services } = await anApi(t)
  await app.inject({ method: 'POST', url: '/v1/firmware', headers: ZIP, payload: ARCHIVE })
  await services.inventory.putProfile({ name: 'to-sip', protocol: 'sip', load: LOAD })
  const url = `/v1/firmware/${LOAD}`
  const response = await app.inject({ method: 'DELETE', url, headers: WITH_TOKEN })
  t.equal(response.statusCode, 409)
  t.match(response.json(), { type: '/docs#in-use', detail: /profile to-sip/ })
})

t.test('RFC 9110 section 15.5.16: what is no ZIP by its type is 415', async (t) => {
  const { app } = await anApi(t)
  for (const type of ['application/json', 'multipart/form-data; boundary=x', 'text/plain']) {
    const headers = { ...WITH_TOKEN, 'content-type': type }
    const request = { method: 'POST', url: '/v1/firmware', headers, payload: '{}' } as const
    const response = await app.inject(request)
    t.equal(response.statusCode, 415, type)
    t.match(response.json(), { type: '/docs#unsupported-media-type', detail: /application\/zip/ })
  }
})

t.test('no body is no archive', async (t) => {
  const { app } = await anApi(t)
  for (const headers of [WITH_TOKEN, ZIP]) {
    const response = await app.inject({ method: 'POST', url: '/v1/firmware', headers })
    t.equal(response.statusCode, 400)
    t.match(response.headers['content-type'], 'application/problem+json')
  }
})

t.test(
  'RFC 9110 section 15.5.14: an archive above 32 MiB is 413, one of 32 MiB is read',
  async (t) => {
    const { app } = await anApi(t)
    const limit = 32 * 1024 * 1024
    const post = { method: 'POST', url: '/v1/firmware' } as const
    const above = { ...ZIP, 'content-length': String(limit + 1) }
    t.equal((await app.inject({ ...post, headers: above, payload: 'x' })).statusCode, 413)
    const full = await app.inject({ ...post, headers: ZIP, payload: Buffer.alloc(limit, 'bad') })
    t.equal(full.statusCode, 422)
    t.match(full.json().problems, [{ fault: /not a valid ZIP file/ }])
  },
)

t.test('other bytes for a load are called replaced', async (t) => {
  const { app } = await anApi(t)
  const post = { method: 'POST', url: '/v1/firmware', headers: ZIP } as const
  t.equal((await app.inject({ ...post, payload: ARCHIVE })).json().outcome, 'created')
  const { length } = SET.get(`${LOAD}.sb2`) ?? Buffer.of()
  const image = signed(`${LOAD}.sb2`, anImage(LOAD, length - 404, 0x5a))
  const payload = await zipOf(new Map([...SET, [`${LOAD}.sb2`, image]]))
  const other = await app.inject({ ...post, payload })
  t.equal(other.statusCode, 200)
  t.equal(other.json().outcome, 'replaced')
})
