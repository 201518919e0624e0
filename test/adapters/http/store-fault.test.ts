import t from 'tap'
import { storeFault } from '../../../src/adapters/http/store-fault.ts'
import { DatabaseError } from '../../../src/adapters/sqlite/database-error.ts'
import { anApi, WITH_TOKEN } from '../../support/an-api.ts'

const MAC = '000E84C060A6'
const JSON_TYPE = { ...WITH_TOKEN, 'content-type': 'application/json' }
const ZIP = { ...WITH_TOKEN, 'content-type': 'application/zip' }
const BYTES = { ...WITH_TOKEN, 'content-type': 'application/octet-stream' }
const fault = (code: string, reason = 'database or disk is full') =>
  new DatabaseError('/data/switchhook.db', code, 'write to', reason)

t.test('a full disk is 507 with words on every route that stores, and passes', async (t) => {
  const { app, services } = await anApi(t)
  const phone = `/v1/phones/${MAC}`
  await app.inject({ method: 'PUT', url: phone, headers: JSON_TYPE, payload: '{"model":"7960"}' })
  const full = async () => {
    throw fault('SQLITE_FULL')
  }
  const { inventory, firmwareImport, conversions, rollouts } = services
  const names = ['putPhone', 'patchPhone', 'deletePhone', 'putProfile', 'putFile'] as const
  for (const name of names) Object.assign(inventory, { [name]: full })
  Object.assign(firmwareImport, { importArchive: full })
  Object.assign(conversions, { start: full, cancel: full })
  Object.assign(rollouts, { start: full })
  const requests = [
    { method: 'PUT', url: phone, headers: JSON_TYPE, payload: '{"model":"7940"}' },
    { method: 'PATCH', url: phone, headers: JSON_TYPE, payload: '{"label":"x"}' },
    { method: 'DELETE', url: phone, headers: WITH_TOKEN },
    {
      method: 'PUT',
      url: '/v1/profiles/x',
      headers: JSON_TYPE,
      payload: '{"protocol":"sip","load":"P0S3-8-12-00"}',
    },
    { method: 'POST', url: '/v1/firmware', headers: ZIP, payload: 'P0S3-8-12-00' },
    { method: 'PUT', url: '/v1/files/bell.raw', headers: BYTES, payload: 'ring' },
    {
      method: 'PUT',
      url: `${phone}/conversion`,
      headers: JSON_TYPE,
      payload: '{"to":"P0S3-8-12-00"}',
    },
    { method: 'DELETE', url: `${phone}/conversion`, headers: WITH_TOKEN },
    {
      method: 'PUT',
      url: '/v1/rollouts/x',
      headers: JSON_TYPE,
      payload: `{"phones":["${MAC}"],"to":"P0S3-8-12-00"}`,
    },
  ] as const
  for (const request of requests) {
    const answer = await app.inject(request)
    t.equal(answer.statusCode, 507, `${request.method} ${request.url}: ${answer.body}`)
    t.match(answer.json(), {
      type: '/docs#storage-full',
      detail: /full; the change was not stored\. Free some space, then repeat/,
    })
  }
})

t.test('a store that takes nothing for another reason is 503 with the reason', async (t) => {
  for (const code of ['SQLITE_BUSY', 'SQLITE_READONLY', 'SQLITE_IOERR_WRITE', 'BEHIND', 'CLOSED']) {
    const problem = storeFault(fault(code, 'it is so'))
    t.match(problem, { status: 503, detail: new RegExp(`it is so \\(${code}\\)`) })
  }
  for (const code of ['ENOSPC', 'EDQUOT']) t.equal(storeFault(fault(code))?.status, 507)
  t.equal(storeFault(new Error('disk is full')), undefined)
  t.equal(storeFault('disk is full'), undefined)
})

t.test('the description of the API says so for what stores, and for nothing else', async (t) => {
  const { app } = await anApi(t)
  const { paths } = (await app.inject({ url: '/openapi.json', headers: WITH_TOKEN })).json()
  const routes = Object.values<Record<string, { responses: object }>>(paths)
  const all = routes.flatMap((methods) => Object.entries(methods))
  const withIt = all.filter(([, { responses }]) => '507' in responses).map(([method]) => method)
  t.same([...new Set(withIt)].sort(), ['delete', 'patch', 'post', 'put'])
  t.notOk('507' in paths['/v1/plans'].post.responses)
})
