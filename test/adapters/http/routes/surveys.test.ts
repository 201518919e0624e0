import type { Test } from 'tap'
import t from 'tap'
import type { Survey } from '../../../../src/services/services.ts'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'
import { ipv4, mac } from '../../../support/memory-services.ts'

const URL = '/v1/surveys'

async function aSurveyApi(t: Test) {
  const api = await anApi(t)
  const start = (payload: object) =>
    api.app.inject({ method: 'POST', url: URL, headers: WITH_TOKEN, payload })
  const read = (id: string, headers = {}) =>
    api.app.inject({ url: `${URL}/${id}`, headers: { ...WITH_TOKEN, ...headers } })
  return { ...api, start, read }
}

const SURVEY: Survey = {
  id: 'one',
  state: 'done',
  total: 2,
  done: 2,
  phones: [
    {
      mac: mac('000E84C060A6'),
      address: ipv4('10.20.0.61'),
      model: '7960',
      protocol: 'sccp',
      load: 'P00308010200',
      serial: '=INM07',
      by: 'web-page',
      enrolled: true,
    },
    {
      mac: null,
      address: ipv4('10.20.0.62'),
      model: null,
      protocol: null,
      load: null,
      serial: null,
      by: null,
      enrolled: false,
    },
  ],
}

t.test('POST starts one and says where it is', async (t) => {
  const { start } = await aSurveyApi(t)
  const response = await start({ addresses: ['10.20.0.61'] })
  t.equal(response.statusCode, 201)
  t.equal(response.headers['location'], '/v1/surveys/one')
  t.same(response.json(), { id: 'one', state: 'running', total: 1, done: 0, phones: [] })
  t.equal((await start({})).statusCode, 201)
  t.equal((await start({ network: null, addresses: null })).statusCode, 201)
})

t.test('GET shows it; phones that told nothing have nulls', async (t) => {
  const { read, services } = await aSurveyApi(t)
  t.equal((await read('one')).statusCode, 404)
  services.surveysKept.set('one', SURVEY)
  t.same((await read('one')).json(), {
    ...SURVEY,
    phones: [
      { ...SURVEY.phones[0], address: '10.20.0.61' },
      { ...SURVEY.phones[1], address: '10.20.0.62' },
    ],
  })
})

t.test('CSV by Accept, with no formula in it', async (t) => {
  const { read, services } = await aSurveyApi(t)
  services.surveysKept.set('one', SURVEY)
  const response = await read('one', { accept: 'text/csv' })
  t.match(response.headers['content-type'], /^text\/csv/)
  t.equal(
    response.body,
    [
      'mac,address,model,protocol,load,serial,by,enrolled',
      "000E84C060A6,10.20.0.61,7960,sccp,P00308010200,'=INM07,web-page,true",
      ',10.20.0.62,,,,,,false',
      '',
    ].join('\r\n'),
  )
  for (const accept of ['application/json, text/csv', '*/*', 'application/json']) {
    t.match((await read('one', { accept })).headers['content-type'], /json/, accept)
  }
})

t.test('what cannot be asked is 422 with each fault, a busy network 409', async (t) => {
  const { start, services } = await aSurveyApi(t)
  const found = [
    { path: '/addresses/0', message: '192.0.2.1 is no host address of a configured network' },
    { path: '/addresses/1', message: 'nor is this' },
  ]
  services.surveyOutcome = { kind: 'refused', problems: found }
  const refused = await start({ addresses: ['192.0.2.1'] })
  t.equal(refused.statusCode, 422)
  t.match(refused.json(), { problems: found, detail: /192\.0\.2\.1.* and 1 more/ })
  services.surveyOutcome = { kind: 'refused', problems: found.slice(0, 1) }
  t.match((await start({})).json(), { detail: /configured network$/ })
  services.surveyOutcome = { kind: 'busy', network: 'bench', id: 'zero' }
  const busy = await start({})
  t.equal(busy.statusCode, 409)
  t.match(busy.json(), { detail: /survey zero is running on network bench/ })
})

t.test('what is not an address, and what is unknown, is 400', async (t) => {
  const { start } = await aSurveyApi(t)
  t.equal((await start({ addresses: ['phone'] })).statusCode, 400)
  t.equal((await start({ addresses: '10.20.0.61' })).statusCode, 400)
  t.equal((await start({ ports: [80] })).statusCode, 400)
})
