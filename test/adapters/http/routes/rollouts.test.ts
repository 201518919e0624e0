import { setImmediate } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'
import { addFirmware } from '../../../support/in-memory/firmware.ts'
import { countFollowers } from '../../../support/in-memory/watched.ts'
import { mac } from '../../../support/values.ts'

const PHONES = ['000E84C060A6', '000E84C060A7', '000E84C060A8'].map(mac)
const [ONE = mac('000E84C060A6')] = PHONES
const TO = 'P0S3-06-3-00'
const REQUEST = { phones: PHONES, to: TO, from: 'P00305000300', acceptOneWay: true }
const URL = '/v1/rollouts/floor-3'

async function aRolloutApi(t: Test) {
  const api = await anApi(t)
  const { inventory } = api.services
  for (const each of PHONES) await inventory.putPhone({ mac: each, model: '7960' })
  await addFirmware(inventory, TO)
  const ask = (
    method: 'GET' | 'PUT' | 'PATCH' | 'DELETE',
    url = URL,
    payload?: object,
    headers = {},
  ) =>
    api.app.inject({
      method,
      url,
      headers: { ...WITH_TOKEN, ...headers },
      ...(payload === undefined ? {} : { payload }),
    })
  return { ...api, ask }
}

t.test('PUT starts once: 201, then 200 for the same, 409 for another', async (t) => {
  const { ask } = await aRolloutApi(t)
  const first = await ask('PUT', URL, REQUEST)
  t.equal(first.statusCode, 201)
  t.equal(first.headers['location'], URL)
  t.equal(first.headers['etag'], '"2"')
  t.match(first.json(), {
    id: 'floor-3',
    to: TO,
    path: 'cautious',
    canaries: 1,
    waveSize: 10,
    stopAfter: 1,
    onStop: 'finish',
    appearWithin: null,
    onAbsent: 'fail',
    state: 'running',
    stage: 'canaries',
    reason: null,
    counts: { total: 3, pending: 2, underWay: 1, confirmed: 0, failed: 0 },
    phones: [
      { mac: ONE, isCanary: true, state: 'waiting', startedAt: '2026-03-01T09:30:00.000Z' },
      { mac: PHONES[1], isCanary: false, state: 'pending', startedAt: null },
      {},
    ],
  })
  t.equal((await ask('PUT', URL, REQUEST)).statusCode, 200)
  const other = await ask('PUT', URL, { ...REQUEST, waveSize: 2 })
  t.equal(other.statusCode, 409)
  t.match(other.json().detail, 'exists already')
})

t.test('MAC addresses come in any spelling, seconds as a number', async (t) => {
  const { ask } = await aRolloutApi(t)
  const phones = ['00:0e:84:c0:60:a6', '000e.84c0.60a7']
  const started = await ask('PUT', URL, { ...REQUEST, phones, appearWithin: 0.5 })
  t.match(started.json(), { appearWithin: 0.5, phones: [{ mac: PHONES[0] }, { mac: PHONES[1] }] })
})

t.test('what cannot be started is refused with each phone and its reason', async (t) => {
  const { ask, services } = await aRolloutApi(t)
  const phones = [...PHONES, '020000000001']
  const refused = await ask('PUT', URL, { ...REQUEST, phones, to: 'P0S3-8-12-00' })
  t.equal(refused.statusCode, 422)
  t.match(refused.json(), {
    type: '/docs#rollout-refused',
    detail: /no phone was changed: 4 problems/,
    problems: [
      { path: '/phones/0', message: /firmware that is not available/ },
      {},
      {},
      { path: '/phones/3', message: /020000000001 is not enrolled/ },
    ],
  })
  t.same(services.rollouts.list(), [])
})

t.test('a body or a name that makes no sense is refused with 400', async (t) => {
  const { ask } = await aRolloutApi(t)
  const cases = [
    { phones: [] },
    { phones: ['no mac'] },
    { phones: 'all' },
    { canaries: -1 },
    { waveSize: 0 },
    { stopAfter: 0 },
    { appearWithin: 0 },
    { onStop: 'explode' },
    { wave: 3 },
  ]
  for (const change of cases) {
    const { statusCode } = await ask('PUT', URL, { ...REQUEST, ...change })
    t.equal(statusCode, 400, JSON.stringify(change))
  }
  t.equal((await ask('PUT', '/v1/rollouts/floor%203', REQUEST)).statusCode, 400)
  t.equal((await ask('PATCH', URL, { state: 'finished' })).statusCode, 400)
})

t.test('PATCH pauses, resumes and stops; what has ended answers 409', async (t) => {
  const { ask } = await aRolloutApi(t)
  t.equal((await ask('PATCH', URL, { state: 'paused' })).statusCode, 404)
  await ask('PUT', URL, REQUEST)
  for (const state of ['paused', 'paused', 'running', 'stopped', 'stopped']) {
    const changed = await ask('PATCH', URL, { state, onStop: 'cancel' })
    t.equal(changed.statusCode, 200, state)
    t.match(changed.json(), { state })
  }
  const late = await ask('PATCH', URL, { state: 'running' })
  t.equal(late.statusCode, 409)
  t.match(late.json().detail, 'is stopped and cannot be running')
})

t.test('DELETE removes a finished roll-out', async (t) => {
  const { ask } = await aRolloutApi(t)
  t.equal((await ask('DELETE')).statusCode, 404)
  await ask('PUT', URL, REQUEST)
  const early = await ask('DELETE')
  t.equal(early.statusCode, 409)
  t.match(early.json().detail, 'stop it first')
  await ask('PATCH', URL, { state: 'stopped' })
  t.equal((await ask('DELETE')).statusCode, 204)
  t.equal((await ask('GET')).statusCode, 404)
})

t.test('the list has no phones, and can be held to one state', async (t) => {
  const { ask } = await aRolloutApi(t)
  await ask('PUT', URL, REQUEST)
  const list = (await ask('GET', '/v1/rollouts')).json()
  t.match(list, [{ id: 'floor-3', counts: { total: 3 } }])
  t.notOk('phones' in list[0])
  t.same((await ask('GET', '/v1/rollouts?state=finished')).json(), [])
  t.equal((await ask('GET', '/v1/rollouts?state=lost')).statusCode, 400)
})

t.test('GET with wait answers at the next change, 304 where there is none', async (t) => {
  const { ask, services } = await aRolloutApi(t)
  await ask('PUT', URL, REQUEST)
  const unchanged = await ask('GET', `${URL}?wait=0.01`, undefined, { 'if-none-match': '"2"' })
  t.equal(unchanged.statusCode, 304)
  const followers = countFollowers(services.rollouts)
  const waiting = ask('GET', `${URL}?wait=60`)
  while (followers() === 0) await setImmediate()
  await services.conversions.cancel(ONE)
  t.match((await waiting).json(), { state: 'stopped', stage: 'canaries', revision: 3 })
  t.equal((await ask('GET', `${URL}?wait=60`)).statusCode, 200, 'it does not change any more')
})
