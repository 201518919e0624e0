import t from 'tap'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'

const URL = '/v1/profiles/to-sip'

const PROFILE = {
  protocol: 'sip',
  load: 'P0S3-8-12-00',
  sip: { proxy1_address: '10.20.0.9', preferred_codec: 'g711ulaw' },
}

t.test('a profile is made, replaced, read, listed and deleted', async (t) => {
  const { app } = await anApi(t)
  const put = { method: 'PUT', url: URL, headers: WITH_TOKEN } as const
  const made = await app.inject({ ...put, payload: PROFILE })
  t.equal(made.statusCode, 201)
  t.equal(made.headers['location'], URL)
  t.same(made.json(), {
    name: 'to-sip',
    ...PROFILE,
    secretSettings: [],
    sccp: { callManagers: [] },
    revision: 1,
  })
  t.equal((await app.inject({ ...put, payload: PROFILE })).statusCode, 200)
  const sccp = { protocol: 'sccp', load: 'P00308000500', sccp: { callManagers: ['10.20.0.9'] } }
  const replaced = await app.inject({ ...put, payload: sccp })
  t.match(replaced.json(), { ...sccp, revision: 2 })
  t.same(replaced.json().sip, {}, 'what is left out is gone')
  const read = await app.inject({ url: URL, headers: WITH_TOKEN })
  t.equal(read.headers['etag'], '"2"')
  t.same((await app.inject({ url: '/v1/profiles', headers: WITH_TOKEN })).json(), [read.json()])
  const known = { ...WITH_TOKEN, 'if-none-match': '"2"' }
  t.equal((await app.inject({ url: URL, headers: known })).statusCode, 304)
  t.equal((await app.inject({ method: 'DELETE', url: URL, headers: WITH_TOKEN })).statusCode, 204)
  t.equal((await app.inject({ url: URL, headers: WITH_TOKEN })).statusCode, 404)
  t.equal((await app.inject({ method: 'DELETE', url: URL, headers: WITH_TOKEN })).statusCode, 404)
})

t.test('a profile that a phone has stays, and the answer names the phone', async (t) => {
  const { app } = await anApi(t)
  await app.inject({ method: 'PUT', url: URL, headers: WITH_TOKEN, payload: PROFILE })
  for (let number = 0; number < 12; number++) {
    const url = `/v1/phones/0200000000${String(number).padStart(2, '0')}`
    await app.inject({ method: 'PUT', url, headers: WITH_TOKEN, payload: { profile: 'to-sip' } })
  }
  const response = await app.inject({ method: 'DELETE', url: URL, headers: WITH_TOKEN })
  t.equal(response.statusCode, 409)
  t.match(response.json(), { type: '/docs#in-use', detail: /phone 020000000000, .* and 2 more/ })
})

t.test('If-Match guards a profile', async (t) => {
  const { app } = await anApi(t)
  const stale = { ...WITH_TOKEN, 'if-match': '"9"' }
  const put = { method: 'PUT', url: URL, payload: PROFILE } as const
  t.equal((await app.inject({ ...put, headers: stale })).statusCode, 412)
  await app.inject({ ...put, headers: WITH_TOKEN })
  t.equal((await app.inject({ ...put, headers: stale })).statusCode, 412)
  t.equal((await app.inject({ method: 'DELETE', url: URL, headers: stale })).statusCode, 412)
  const fresh = { ...WITH_TOKEN, 'if-match': '"1"' }
  t.equal((await app.inject({ ...put, headers: fresh })).statusCode, 200)
  t.equal((await app.inject({ method: 'DELETE', url: URL, headers: fresh })).statusCode, 204)
})

t.test('a secret parameter never comes out, and survives a round trip', async (t) => {
  const { app, services } = await anApi(t)
  const put = { method: 'PUT', url: URL, headers: WITH_TOKEN } as const
  const sip = { ...PROFILE.sip, phone_password: 'psst-psst' }
  const made = await app.inject({ ...put, payload: { ...PROFILE, sip } })
  t.notMatch(made.body, 'psst-psst')
  t.same(made.json().secretSettings, ['phone_password'])
  const back = await app.inject({ ...put, payload: made.json() })
  t.equal(back.statusCode, 200)
  t.equal(back.headers['etag'], '"1"', 'nothing changed')
  t.equal(services.inventory.profile('to-sip')?.sip['phone_password'], 'psst-psst')
  const unknown = { ...PROFILE, secretSettings: ['line1_password'] }
  const refused = await app.inject({ ...put, payload: unknown })
  t.equal(refused.statusCode, 422)
  t.match(refused.json().problems, [{ path: '/secretSettings/0' }])
})

t.test('what no profile can be is refused with the place', async (t) => {
  const { app } = await anApi(t)
  const cases = [
    {
      why: 'letter O for zero',
      payload: { ...PROFILE, load: 'POS3-8-12-00' },
      status: 422,
      path: '/load',
    },
    {
      why: 'the other protocol',
      payload: { ...PROFILE, protocol: 'sccp' },
      status: 422,
      path: '/load',
    },
    { why: 'another name', payload: { ...PROFILE, name: 'other' }, status: 422, path: '/name' },
    { why: 'no load', payload: { protocol: 'sip' }, status: 400, path: '/load' },
    { why: 'no protocol', payload: { load: 'P0S3-8-12-00' }, status: 400, path: '/protocol' },
    {
      why: 'a protocol of others',
      payload: { ...PROFILE, protocol: 'mgcp' },
      status: 400,
      path: '/protocol',
    },
    {
      why: 'a line break in a value',
      payload: { ...PROFILE, sip: { proxy1_address: 'a\nphone_password: b' } },
      status: 422,
      path: '/sip/proxy1_address',
    },
    {
      why: 'a name that is none',
      payload: { ...PROFILE, sip: { 'a b': '1' } },
      status: 400,
      path: '/sip/a b',
    },
  ]
  for (const { why, payload, status, path } of cases) {
    const response = await app.inject({ method: 'PUT', url: URL, headers: WITH_TOKEN, payload })
    t.equal(response.statusCode, status, why)
    const paths = response.json().problems.map((problem: { path: string }) => problem.path)
    t.ok(paths.includes(path), `${why}: ${paths}`)
  }
})
