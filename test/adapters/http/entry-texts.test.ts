import t from 'tap'
import { EntryTexts } from '../../../src/adapters/http/entry-texts.ts'
import { seenLoad } from '../../../src/phones/seen-software.ts'
import { anApi, WITH_TOKEN } from '../../support/an-api.ts'
import { addFirmware } from '../../support/in-memory/firmware.ts'
import { ipv4, mac } from '../../support/values.ts'

const PHONE = '000E84C060A6'

t.test('a text is written once for an entry and what else it says', async (t) => {
  const texts = new EntryTexts<object>()
  let written = 0
  const write = () => `${++written}`
  const [one, other] = [{}, {}]
  t.equal(String(texts.of(one, ['a'], write)), '1')
  t.equal(String(texts.of(one, ['a'], write)), '1')
  t.equal(String(texts.of(other, ['a'], write)), '2')
  t.equal(String(texts.of(one, ['b'], write)), '3', 'it says something else now')
  t.equal(String(texts.of(one, ['b', 'c'], write)), '4')
})

t.test('a list shows at once what has changed of a phone since it was listed', async (t) => {
  const { app, services, appliance } = await anApi(t)
  const headers = { ...WITH_TOKEN, 'content-type': 'application/json' }
  const url = `/v1/phones/${PHONE}`
  const list = async (path = '/v1/phones') => {
    const answer = await app.inject({ url: path, headers: WITH_TOKEN })
    t.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
    return answer.json()
  }
  t.same(await list(), [])
  await app.inject({ method: 'PUT', url, headers, payload: { label: 'desk "1"' } })
  t.match(await list(), [{ mac: PHONE, label: 'desk "1"', seen: null }])
  await app.inject({ method: 'PATCH', url, headers, payload: { label: 'Büro 2' } })
  t.match(await list(), [{ label: 'Büro 2', revision: 2 }])
  const { clock, tracking } = appliance
  tracking.onSeen(mac(PHONE), seenLoad('P00308000500', 'web-page', clock.nowMs()))
  t.match(await list(), [{ label: 'Büro 2', seen: { load: 'P00308000500' } }])

  await addFirmware(services.inventory, 'P0S3-8-12-00')
  const request = { to: 'P0S3-8-12-00', from: null, path: undefined, acceptOneWay: false }
  await services.conversions.start(mac(PHONE), request)
  const [phone] = await list('/v1/phones?with=conversion')
  const [conversion] = await list('/v1/conversions')
  t.same(phone.conversion, conversion)
  t.match(phone, { mac: PHONE, label: 'Büro 2' })
  appliance.phone(mac(PHONE), ipv4('10.20.0.60')).starts()
  t.match(await list('/v1/conversions'), [{ state: 'running' }])
  t.match(await list('/v1/phones?with=conversion'), [{ conversion: { state: 'running' } }])
  await clock.pass(200_000)
  t.match(await list('/v1/conversions'), [{ state: 'stalled' }])
  t.match(await list('/v1/phones?with=conversion'), [{ conversion: { state: 'stalled' } }])
  t.notOk('conversion' in (await list())[0])
})
