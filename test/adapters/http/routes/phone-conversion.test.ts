import { setImmediate } from 'node:timers/promises'
import type { Test } from 'tap'
import t from 'tap'
import { seenLoad } from '../../../../src/phones/seen-software.ts'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'
import { addFirmware } from '../../../support/in-memory/firmware.ts'
import { changesIn, countFollowers } from '../../../support/in-memory/watched.ts'
import { ipv4, mac, NOW_MS } from '../../../support/values.ts'

const PHONE = mac('000E84C060A6')
const URL = `/v1/phones/${PHONE}/conversion`
const TO = 'P0S3-8-12-00'
const REQUEST = { to: TO, from: 'P00308000500', acceptOneWay: true }

async function aConversionApi(t: Test) {
  const api = await anApi(t)
  const { inventory, conversions } = api.services
  await inventory.putPhone({ mac: PHONE, address: ipv4('10.20.0.60') })
  await addFirmware(inventory, TO)
  const phone = api.appliance.phone(PHONE, ipv4('10.20.0.60'))
  const waiting = countFollowers(conversions)
  const ask = (method: 'GET' | 'PUT' | 'DELETE', query = '', payload?: object, headers = {}) =>
    api.app.inject({
      method,
      url: `${URL}${query}`,
      headers: { ...WITH_TOKEN, ...headers },
      ...(payload === undefined ? {} : { payload }),
    })
  return { ...api, ask, phone, waiting }
}

t.test('PUT starts once: 201, then 200 for the same, 409 for another', async (t) => {
  const { ask } = await aConversionApi(t)
  const first = await ask('PUT', '', REQUEST)
  t.equal(first.statusCode, 201)
  t.equal(first.headers['location'], URL)
  t.match(first.json(), {
    mac: PHONE,
    from: 'P00308000500',
    to: 'P0S3-8-12-00',
    path: 'cautious',
    acceptOneWay: true,
    state: 'waiting',
    step: 0,
    steps: [
      {
        load: 'P0S3-8-12-00',
        method: 'ual',
        stage: 'waiting',
        progress: null,
        stageSince: '2026-03-01T09:30:00.000Z',
      },
    ],
    diagnosis: null,
    startedAt: '2026-03-01T09:30:00.000Z',
  })
  t.equal((await ask('PUT', '', REQUEST)).statusCode, 200)
  const other = await ask('PUT', '', { to: 'P0S3-07-5-00' })
  t.equal(other.statusCode, 409)
  const detail = /P0S3-8-12-00 by the cautious path \(waiting, step 1 of 1\)/
  t.match(other.json(), { type: '/docs#conflict', detail })
})

t.test('the image on its way to the phone is shown as progress', async (t) => {
  const { ask, phone } = await aConversionApi(t)
  await ask('PUT', '', REQUEST)
  phone.reads(`${TO}.sb2`, 100)
  t.match((await ask('GET')).json(), {
    state: 'running',
    steps: [{ stage: 'fetching', progress: { file: `${TO}.sb2`, bytes: 0, of: 756_524 } }],
  })
})

t.test('a from that contradicts what was seen is 409, unless it is accepted', async (t) => {
  const { ask, appliance } = await aConversionApi(t)
  appliance.tracking.onSeen(PHONE, seenLoad('P00308000500', 'web-page', NOW_MS))
  const request = { to: 'P0S3-8-12-00', from: 'P00307020200' }
  const response = await ask('PUT', '', request)
  t.equal(response.statusCode, 409)
  t.match(response.json(), {
    type: '/docs#from-contradicted',
    reason: 'from-contradicted',
    detail: /000E84C060A6: the phone was seen to run P00308000500 \(web-page\), not P00307020200/,
  })
  t.equal((await ask('PUT', '', { ...request, acceptFrom: true })).statusCode, 201)
})

t.test('a refused plan is 422 with its stable reason', async (t) => {
  const { ask, services } = await aConversionApi(t)
  await addFirmware(services.inventory, 'P0S3-05-3-00', 'P0S3-06-3-00')
  const response = await ask('PUT', '', { to: 'P0S3-06-3-00', from: 'P0S3-04-4-00' })
  t.equal(response.statusCode, 422)
  t.match(response.json(), {
    type: '/docs#plan-refused',
    reason: 'one-way',
    detail: /acceptOneWay/,
  })
  t.equal((await ask('GET')).statusCode, 404, 'nothing was started')
})

t.test('a phone that is not enrolled is 404, and the answer says what to do', async (t) => {
  const { app } = await anApi(t)
  const response = await app.inject({
    method: 'PUT',
    url: URL,
    headers: WITH_TOKEN,
    payload: REQUEST,
  })
  t.equal(response.statusCode, 404)
  t.match(response.json().detail, `PUT /v1/phones/${PHONE} first`)
})

t.test('bodies that do not match the schema are 400', async (t) => {
  const { ask } = await aConversionApi(t)
  const cases = [
    { why: 'no target', payload: {}, path: '/to' },
    { why: 'empty target', payload: { to: '' }, path: '/to' },
    { why: 'another path', payload: { to: 'P0S3-8-12-00', path: 'fast' }, path: '/path' },
    { why: 'yes as text', payload: { to: 'x', acceptOneWay: 'true' }, path: '/acceptOneWay' },
    { why: 'unknown field', payload: { to: 'x', force: true }, path: '/force' },
  ]
  for (const { why, payload, path } of cases) {
    const response = await ask('PUT', '', payload)
    t.equal(response.statusCode, 400, why)
    t.match(response.json().problems, [{ path }], why)
  }
})

t.test('a stalled conversion shows its diagnosis', async (t) => {
  const { ask, phone, appliance } = await aConversionApi(t)
  await ask('PUT', '', REQUEST)
  phone.starts()
  await appliance.clock.pass(200_000)
  const diagnosis = { code: 'went-silent', remedy: /power-cycle/, source: /5455/ }
  t.match((await ask('GET')).json(), { state: 'stalled', diagnosis })
})

t.test('GET with wait answers at the next change, not before', async (t) => {
  const { ask, phone, waiting } = await aConversionApi(t)
  await ask('PUT', '', REQUEST)
  let answered = false
  const asked = ask('GET', '?wait=60').then((response) => {
    answered = true
    return response
  })
  while (waiting() === 0) await setImmediate()
  t.notOk(answered)
  phone.starts()
  const response = await asked
  t.match(response.json(), { state: 'running', steps: [{ stage: 'booting' }] })
  t.equal(waiting(), 0, 'nobody listens any more')
})

t.test('GET with wait gives up when the time has passed', async (t) => {
  const { ask, waiting } = await aConversionApi(t)
  await ask('PUT', '', REQUEST)
  const response = await ask('GET', '?wait=0.01')
  t.equal(response.statusCode, 200)
  t.match(response.json(), { state: 'waiting', revision: 1 })
  const known = await ask('GET', '?wait=0.01', undefined, { 'if-none-match': '"1"' })
  t.equal(known.statusCode, 304)
  t.equal(waiting(), 0)
})

t.test('GET with wait does not wait for what cannot come', async (t) => {
  const { ask, phone } = await aConversionApi(t)
  t.equal((await ask('GET', '?wait=60')).statusCode, 404, 'there is none')
  await ask('PUT', '', REQUEST)
  phone.starts()
  const missed = await ask('GET', '?wait=60', undefined, { 'if-none-match': '"1"' })
  t.match(missed.json(), { state: 'running' }, 'the change has been')
  await phone.converts(TO)
  t.match((await ask('GET', '?wait=60')).json(), { state: 'confirmed' }, 'it is over')
})

t.test('wait is 0 to 60 seconds', async (t) => {
  const { ask } = await aConversionApi(t)
  await ask('PUT', '', REQUEST)
  for (const query of [
    '?wait=61',
    '?wait=-1',
    '?wait=1e9',
    '?wait=soon',
    '?wait=1&wait=2',
    '?weit=1',
  ]) {
    t.equal((await ask('GET', query)).statusCode, 400, query)
  }
  t.equal((await ask('GET', '?wait=0')).statusCode, 200)
})

t.test('closing the server ends a wait with an answer', async (t) => {
  const { app, ask, waiting } = await aConversionApi(t)
  await ask('PUT', '', REQUEST)
  const asked = ask('GET', '?wait=60')
  while (waiting() === 0) await setImmediate()
  await app.close()
  t.equal((await asked).statusCode, 200)
})

t.test('DELETE cancels, again too; what has arrived cannot be cancelled', async (t) => {
  const { ask, phone, appliance } = await aConversionApi(t)
  t.equal((await ask('DELETE')).statusCode, 404)
  await ask('PUT', '', REQUEST)
  const cancelled = await ask('DELETE')
  t.equal(cancelled.statusCode, 200)
  t.match(cancelled.json(), { state: 'cancelled' })
  const told = changesIn(appliance.state.journal).length
  const again = await ask('DELETE')
  t.equal(again.statusCode, 200)
  t.match(again.json(), { state: 'cancelled' })
  t.equal(changesIn(appliance.state.journal).length, told, 'which is no news')
  await ask('PUT', '', REQUEST)
  await phone.converts(TO)
  const late = await ask('DELETE')
  t.equal(late.statusCode, 409)
  t.match(late.json().detail, 'runs P0S3-8-12-00 already')
})

t.test('the list of conversions can be held to one state', async (t) => {
  const { app, ask, phone } = await aConversionApi(t)
  await ask('PUT', '', REQUEST)
  phone.starts()
  const list = (query: string) =>
    app.inject({ url: `/v1/conversions${query}`, headers: WITH_TOKEN })
  t.match((await list('')).json(), [{ mac: PHONE, state: 'running' }])
  t.match((await list('?state=running')).json(), [{ mac: PHONE }])
  t.same((await list('?state=stalled')).json(), [])
  t.match((await list(`?mac=${PHONE}`)).json(), [{ mac: PHONE }])
  t.same((await list(`?mac=${PHONE}&state=stalled`)).json(), [])
  t.same((await list('?mac=02-00-00-00-a0-60')).json(), [], 'none is no refusal')
  t.equal((await list('?mac=x')).statusCode, 400)
  t.equal((await list('?state=lost')).statusCode, 400)
})

t.test('a plan is made and nothing is touched', async (t) => {
  const { app, services } = await anApi(t)
  const plan = (payload: object) =>
    app.inject({ method: 'POST', url: '/v1/plans', headers: WITH_TOKEN, payload })
  const made = await plan({ model: '7960', from: 'P0S30203', to: 'P00308000500' })
  t.equal(made.statusCode, 200)
  t.match(made.json(), {
    steps: [
      {
        load: 'P0S3-04-4-00',
        method: 'image_version',
        oneWay: false,
        why: /./,
        source: /5455|CME/,
      },
      { load: 'P0S3-05-3-00', oneWay: true },
      { load: 'P0S3-06-3-00' },
      { load: 'P0S3-07-4-00' },
      { load: 'P00308000500', method: 'ual' },
    ],
    oneWay: true,
    missingFirmware: ['P0S3-04-4-00', /./, /./, /./, 'P00308000500'],
  })
  const refused = await plan({ model: '7960', from: null, to: 'P0M3-08-0-00' })
  t.equal(refused.statusCode, 422)
  t.match(refused.json(), { reason: 'mgcp' })
  t.equal((await plan({ model: '7941', to: 'P00308000500' })).statusCode, 400)
  t.equal((await plan({})).statusCode, 400)
  t.same(services.conversions.list(), [])
})
