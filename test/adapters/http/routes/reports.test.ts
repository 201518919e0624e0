import t, { type Test } from 'tap'
import { packageVersion } from '../../../../appliance/version.ts'
import { seenLoad } from '../../../../src/phones/seen-software.ts'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'
import { addFirmware } from '../../../support/in-memory/firmware.ts'
import { ipv4, mac, NOW_MS } from '../../../support/values.ts'

const PHONE = mac('000E84C060A6')
const TO = 'P0S3-8-12-00'
const ISO_NOW = '2026-03-01T09:30:00.000Z'
const VERSION = packageVersion()

/** A phone whose conversion an operator has begun, and that has told its serial number. */
async function aSite(t: Test) {
  const { app, services, appliance } = await anApi(t)
  const { inventory } = services
  const lines = [{ name: '1201', password: 'hush-hush' }]
  const address = ipv4('10.20.0.60')
  await inventory.putPhone({ mac: PHONE, model: '7960', label: 'Desk 12', address, lines })
  await addFirmware(inventory, TO)
  const serial = { mac: PHONE, network: 'bench', serial: 'INM07120XYZ', model: '7960' }
  appliance.state.recorder.onSurveyEvent({ event: 'phone.serial.seen', ...serial }, NOW_MS)
  const put = (url: string, payload: object) =>
    app.inject({ method: 'PUT', url, headers: WITH_TOKEN, payload })
  const get = (url: string, accept = 'application/json') =>
    app.inject({ url, headers: { ...WITH_TOKEN, accept } })
  const begun = await put(`/v1/phones/${PHONE}/conversion`, { to: TO, from: 'P00308000500' })
  t.equal(begun.statusCode, 201, begun.body)
  const phone = appliance.phone(PHONE, address)
  const [image] = inventory.firmware(TO)?.files.filter(({ name }) => name.endsWith('.sb2')) ?? []
  return { services, appliance, phone, put, get, sha256: image?.sha256 }
}

t.test('a report says what was done with a phone, by which proof, when and by whom', async (t) => {
  const { get, phone, sha256 } = await aSite(t)
  await phone.converts(TO)
  const response = await get(`/v1/phones/${PHONE}/report`)
  t.equal(response.statusCode, 200, response.body)
  const report = response.json()
  t.match(report, {
    mac: PHONE,
    serial: 'INM07120XYZ',
    model: '7960',
    label: 'Desk 12',
    seen: { load: TO, protocol: 'sip', at: '2026-03-01T09:30:53.000Z', by: 'requested-files' },
    conversion: {
      from: 'P00308000500',
      to: TO,
      state: 'confirmed',
      confirmedBy: 'application-files',
      evidence: [{ at: '2026-03-01T09:30:53.000Z', kind: 'application-files' }],
      steps: [{ load: TO, method: 'ual', oneWay: false }],
      startedAt: ISO_NOW,
      endedAt: '2026-03-01T09:30:53.000Z',
      startedBy: { how: 'operator', by: 'token', address: '127.0.0.1', rollout: null },
    },
    writtenAt: '2026-03-01T09:30:53.000Z',
    version: VERSION,
  })
  const [firmware] = report.firmware
  t.equal(firmware.load, TO)
  const image = { name: `${TO}.sb2`, sha256 }
  t.match(
    firmware.files.find(({ name }: typeof image) => name === image.name),
    image,
  )
  t.match(
    report.fetched.find(({ name }: typeof image) => name === image.name),
    { ...image, bytes: 756_524 },
    'the phone has read what is stored',
  )
  t.notMatch(response.body, 'hush-hush')
})

t.test('the same for print', async (t) => {
  const { get, phone, sha256 } = await aSite(t)
  await phone.converts(TO)
  const response = await get(`/v1/phones/${PHONE}/report`, 'text/plain, */*;q=0.1')
  t.match(response.headers['content-type'], 'text/plain; charset=utf-8')
  const noTable = await get(`/v1/phones/${PHONE}/report`, 'text/csv')
  t.match(noTable.headers['content-type'], 'application/json', 'a phone has no table')
  t.match(response.body, /^Phone 000E84C060A6\n\nSerial number {3}INM07120XYZ\n/)
  t.match(response.body, /application-files: Its application started 53 s after the image/)
  t.match(response.body, `P0S3-8-12-00.sb2, 756524 bytes\n  sha256 ${sha256}\n`)
  t.match(response.body, '\nFirmware set P0S3-8-12-00, as stored now\n')
  t.match(response.body, `\nWritten by Switchhook ${VERSION}, 2026-03-01T09:30:53.000Z\n`)
  t.notMatch(response.body, 'hush-hush')
})

t.test(
  'a phone without a conversion has a report, one that is not enrolled has none',
  async (t) => {
    const { services, get } = await aSite(t)
    const other = mac('000E84C060A7')
    await services.inventory.putPhone({ mac: other })
    t.match((await get(`/v1/phones/${other}/report`)).json(), {
      serial: null,
      conversion: null,
      firmware: [],
      fetched: [],
    })
    const text = (await get(`/v1/phones/${other}/report`, 'text/plain')).body
    t.match(text, /Serial number {3}not known\n\nNo conversion\.\n/)
    t.equal((await get('/v1/phones/020000000001/report')).statusCode, 404)
    t.equal((await get('/v1/phones/x/report')).statusCode, 400)
  },
)

t.test(
  'a cancelled conversion has an end, and firmware that was deleted has no hashes',
  async (t) => {
    const { services, get } = await aSite(t)
    await services.conversions.cancel(PHONE)
    await services.inventory.deleteFirmware(TO)
    const report = (await get(`/v1/phones/${PHONE}/report`)).json()
    t.type(report.conversion.endedAt, 'string')
    t.same(report.firmware, [{ load: TO, files: [] }])
    const text = (await get(`/v1/phones/${PHONE}/report`, 'text/plain')).body
    t.match(text, 'Firmware set P0S3-8-12-00 is no longer stored.')
  },
)

t.test('a phone that was enrolled automatically says so', async (t) => {
  const { app, services, appliance } = await anApi(t, {
    network: { autoEnrol: 'to-sip', admit: 'phones' },
  })
  const { inventory } = services
  await addFirmware(inventory, TO)
  await inventory.putProfile({ name: 'to-sip', protocol: 'sip', load: TO })
  const phone = appliance.phone(PHONE)
  await phone.boots()
  phone.asksFor(`SEP${PHONE}.cnf.xml`)
  await appliance.clock.pass(0)
  appliance.tracking.onSeen(PHONE, seenLoad('P00308000500', 'web-page', NOW_MS))
  const get = (accept: string) =>
    app.inject({ url: `/v1/phones/${PHONE}/report`, headers: { ...WITH_TOKEN, accept } })
  t.match((await get('application/json')).json().conversion, {
    to: TO,
    startedBy: { how: 'automatic-enrolment' },
  })
  t.match((await get('text/plain')).body, /\nStarted by {6}automatic enrolment\n/)
})

t.test('a roll-out is reported phone by phone: JSON, for print, CSV', async (t) => {
  const { services, get, put, phone } = await aSite(t)
  const other = mac('000E84C060A7')
  await services.inventory.putPhone({ mac: other })
  await services.conversions.cancel(PHONE)
  const request = { phones: [PHONE, other], to: TO, from: 'P00308000500', canaries: 1 }
  const outcome = await put('/v1/rollouts/floor-3', { ...request, acceptOneWay: true })
  t.equal(outcome.statusCode, 201, outcome.body)
  const url = '/v1/rollouts/floor-3/report'
  t.match((await get(url)).json(), {
    id: 'floor-3',
    to: TO,
    state: 'running',
    endedAt: null,
    startedBy: { how: 'operator', by: 'token', address: '127.0.0.1' },
    phones: [
      { mac: PHONE, serial: 'INM07120XYZ', isCanary: true, state: 'waiting', evidence: [] },
      { mac: other, serial: null, isCanary: false, state: 'pending', from: null, evidence: [] },
    ],
    firmware: [{ load: TO }],
  })
  await phone.converts(TO)
  t.match((await get(url)).json().phones, [
    { state: 'confirmed', from: 'P00308000500', evidence: [{ kind: 'application-files' }] },
    { state: 'waiting' },
  ])
  const text = (await get(url, 'text/plain')).body
  t.match(text, /^Roll-out floor-3\n/)
  t.match(text, /\nConfirmed {7}1 of 2 phones\n/)
  t.match(text, /\nStarted by {6}an operator \(token, 127\.0\.0\.1\)\n/)
  t.match(text, /\n000E84C060A6 \(Desk 12, 7960, canary\)\n {2}Serial number INM07120XYZ\n/)
  t.match(text, /\n000E84C060A7\n {2}From {10}P00308000500\n {2}State {9}waiting\n/)
  const csv = await get(url, 'text/csv')
  t.match(csv.headers['content-type'], 'text/csv')
  const [head, first] = csv.body.split('\r\n')
  t.equal(
    head,
    'mac,serial,model,label,isCanary,state,reason,from,to,confirmedBy,startedAt,endedAt',
  )
  t.match(first, '000E84C060A6,INM07120XYZ,7960,Desk 12,true,confirmed,,P00308000500,P0S3-8-12-00,')
  const part = (await get(`/v1/phones/${PHONE}/report`)).json()
  t.match(part.conversion.startedBy, { how: 'rollout', by: 'token', rollout: 'floor-3' })
  const ofPart = (await get(`/v1/phones/${PHONE}/report`, 'text/plain')).body
  t.match(ofPart, /\nStarted by {6}roll-out floor-3 \(/)
  await services.rollouts.change('floor-3', { state: 'stopped', onStop: 'cancel' })
  t.match((await get(url)).json(), { state: 'stopped' })
  t.match((await get(url, 'text/plain')).body, /\nState {11}stopped: an operator stopped it\n/)
  t.equal((await get('/v1/rollouts/none/report')).statusCode, 404)
})
