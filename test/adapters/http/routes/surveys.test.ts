import type { Test } from 'tap'
import t from 'tap'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'
import { aBinding } from '../../../support/in-memory/a-binding.ts'
import { ipv4, mac } from '../../../support/values.ts'

const URL = '/v1/surveys'
const PHONE = mac('000E84C060A6')
const HERE = ipv4('10.20.0.61')

const PAGE =
  `<MACAddress>${PHONE}</MACAddress><appLoadID>P00308010200</appLoadID>` +
  '<modelNumber>CP-7960G</modelNumber><serialNumber>INM07120XYZ</serialNumber>'

/** A network with an enrolled phone at 10.20.0.61 that shows its page. */
async function aSurveyApi(t: Test) {
  const api = await anApi(t)
  const { appliance } = api
  await api.services.inventory.putPhone({ mac: PHONE })
  appliance.phone(PHONE, HERE)
  appliance.outside.pages.set(HERE, PAGE)
  const start = (payload: object) =>
    api.app.inject({ method: 'POST', url: URL, headers: WITH_TOKEN, payload })
  const read = (id: string, headers = {}) =>
    api.app.inject({ url: `${URL}/${id}`, headers: { ...WITH_TOKEN, ...headers } })
  /** A survey of the phone, and of an address that nobody has, to its end. */
  const done = async () => {
    const { id } = (await start({ addresses: ['10.20.0.61', '10.20.0.62'] })).json()
    await appliance.clock.pass(2_000)
    return id as string
  }
  return { ...api, start, read, done }
}

t.test('POST starts one and says where it is', async (t) => {
  const { start } = await aSurveyApi(t)
  const response = await start({ addresses: ['10.20.0.61'] })
  t.equal(response.statusCode, 201)
  const { id, ...rest } = response.json()
  t.equal(response.headers['location'], `/v1/surveys/${id}`)
  t.match(rest, { state: 'running', total: 1, done: 0, phones: [{ address: '10.20.0.61' }] })
})

t.test('without addresses it asks every address with a lease', async (t) => {
  const { start, appliance } = await aSurveyApi(t)
  appliance.lease(aBinding({ address: HERE }))
  const bodies = [{}, { network: null, addresses: null }, { network: 'bench' }]
  for (const body of bodies) {
    const response = await start(body)
    t.equal(response.statusCode, 201, response.body)
    t.equal(response.json().total, 1)
    await appliance.clock.pass(2_000)
  }
})

t.test('GET shows it; addresses that told nothing have nulls', async (t) => {
  const { read, done } = await aSurveyApi(t)
  t.equal((await read('one')).statusCode, 404)
  const id = await done()
  t.same((await read(id)).json(), {
    id,
    state: 'done',
    total: 2,
    done: 2,
    phones: [
      {
        mac: PHONE,
        address: '10.20.0.61',
        model: '7960',
        protocol: 'sccp',
        load: 'P00308010200',
        serial: 'INM07120XYZ',
        by: 'web-page',
        enrolled: true,
      },
      {
        mac: null,
        address: '10.20.0.62',
        model: null,
        protocol: null,
        load: null,
        serial: null,
        by: null,
        enrolled: false,
      },
    ],
  })
})

t.test('CSV by Accept', async (t) => {
  const { read, done } = await aSurveyApi(t)
  const id = await done()
  const response = await read(id, { accept: 'text/csv' })
  t.match(response.headers['content-type'], /^text\/csv/)
  t.equal(
    response.body,
    [
      'mac,address,model,protocol,load,serial,by,enrolled',
      '000E84C060A6,10.20.0.61,7960,sccp,P00308010200,INM07120XYZ,web-page,true',
      ',10.20.0.62,,,,,,false',
      '',
    ].join('\r\n'),
  )
  for (const accept of ['application/json, text/csv', '*/*', 'application/json']) {
    t.match((await read(id, { accept })).headers['content-type'], /json/, accept)
  }
})

t.test('what cannot be asked is 422 with each fault, a busy network 409', async (t) => {
  const { start } = await aSurveyApi(t)
  const refused = await start({ addresses: ['192.0.2.1', '10.20.0.61', '10.20.0.0'] })
  t.equal(refused.statusCode, 422)
  t.match(refused.json(), {
    problems: [
      {
        path: '/addresses/0',
        message: '192.0.2.1 is no host address of a configured network',
      },
      { path: '/addresses/2', message: /^10\.20\.0\.0 is no host address/ },
    ],
    detail: /192\.0\.2\.1.* and 1 more/,
  })
  const one = await start({ network: 'bench', addresses: ['192.0.2.1'] })
  t.match(one.json(), { detail: /192\.0\.2\.1 is no host address of network bench$/ })
  const { id } = (await start({ addresses: ['10.20.0.61', '10.20.0.62'] })).json()
  const busy = await start({ addresses: ['10.20.0.63'] })
  t.equal(busy.statusCode, 409)
  t.match(busy.json().detail, `survey ${id} is running on network bench`)
})

t.test('what is not an address, and what is unknown, is 400', async (t) => {
  const { start } = await aSurveyApi(t)
  t.equal((await start({ addresses: ['phone'] })).statusCode, 400)
  t.equal((await start({ addresses: '10.20.0.61' })).statusCode, 400)
  t.equal((await start({ ports: [80] })).statusCode, 400)
})
