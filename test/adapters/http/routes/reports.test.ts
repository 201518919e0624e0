import t, { type Test } from 'tap'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'
import { aRolloutRequest } from '../../../support/conversion-builders.ts'
import { mac, NOW_MS } from '../../../support/memory-services.ts'

const PHONE = mac('000E84C060A6')
const TO = 'P0S3-8-12-00'
const ISO_NOW = '2026-03-01T09:30:00.000Z'

const EVIDENCE = [
  { atMs: NOW_MS + 60_000, kind: 'registration', detail: 'It registered with SIP' },
] as const

/** A phone that was converted, with what is in the journal of it. */
async function aSite(t: Test) {
  const { app, services } = await anApi(t)
  const { inventory, events, conversions } = services
  await inventory.putPhone({
    mac: PHONE,
    model: '7960',
    label: 'Desk 12',
    lines: [{ name: '1201', password: 'hush-hush' }],
  })
  await services.firmwareImport.importArchive(Buffer.from(TO))
  const request = { to: TO, from: 'P00308000500', path: 'cautious', acceptOneWay: false } as const
  await conversions.start(PHONE, request)
  const fields = { action: 'startConversion', by: 'token', address: '192.0.2.7' }
  events.add({ event: 'audit.change', mac: PHONE, atMs: NOW_MS + 5, fields })
  const serial = { serial: 'INM07120XYZ' }
  events.add({ event: 'phone.serial.seen', mac: PHONE, atMs: NOW_MS - 5, fields: serial })
  const image = { name: `${TO}.sb2`, clientTid: 50_000, sizeBytes: 12 }
  const started = { ...image, sha256: 'ab'.repeat(32) }
  events.add({ event: 'tftp.transfer.started', mac: PHONE, atMs: NOW_MS + 6, fields: started })
  const ended = { ...image, outcome: 'complete' }
  events.add({ event: 'tftp.transfer.ended', mac: PHONE, atMs: NOW_MS + 7, fields: ended })
  const get = (url: string, accept = 'application/json') =>
    app.inject({ url, headers: { ...WITH_TOKEN, accept } })
  return { app, services, get }
}

t.test('a report says what was done with a phone, by which proof, when and by whom', async (t) => {
  const { services, get } = await aSite(t)
  services.conversions.move(PHONE, {
    state: 'confirmed',
    confirmedBy: 'registration',
    evidence: EVIDENCE,
  })
  services.seenPhones.set(PHONE, {
    load: TO,
    protocol: 'sip',
    generation: 'ual',
    major: 8,
    atMs: NOW_MS,
    by: 'registration',
  })
  const response = await get(`/v1/phones/${PHONE}/report`)
  t.equal(response.statusCode, 200, response.body)
  t.match(response.json(), {
    mac: PHONE,
    serial: 'INM07120XYZ',
    model: '7960',
    label: 'Desk 12',
    seen: { load: TO, protocol: 'sip', at: ISO_NOW, by: 'registration' },
    conversion: {
      from: 'P00308000500',
      to: TO,
      state: 'confirmed',
      confirmedBy: 'registration',
      evidence: [{ at: '2026-03-01T09:31:00.000Z', kind: 'registration' }],
      steps: [{ load: TO, method: 'ual', oneWay: false }],
      startedAt: ISO_NOW,
      endedAt: '2026-03-01T09:31:00.000Z',
      startedBy: { how: 'operator', by: 'token', address: '192.0.2.7', rollout: null },
    },
    firmware: [{ load: TO, files: [{ name: `${TO}.sb2`, sha256: /^[0-9a-f]{64}$/ }] }],
    fetched: [{ name: `${TO}.sb2`, bytes: 12, sha256: 'ab'.repeat(32) }],
    writtenAt: ISO_NOW,
    version: '1.2.3',
  })
  t.notMatch(response.body, 'hush-hush')
})

t.test('the same for print', async (t) => {
  const { services, get } = await aSite(t)
  const diagnosis = { code: 'no-reboot', seen: 'It is silent', cause: '', remedy: '', source: '' }
  services.conversions.move(PHONE, { state: 'stalled', diagnosis, evidence: EVIDENCE })
  const response = await get(`/v1/phones/${PHONE}/report`, 'text/plain, */*;q=0.1')
  t.match(response.headers['content-type'], 'text/plain; charset=utf-8')
  const noTable = await get(`/v1/phones/${PHONE}/report`, 'text/csv')
  t.match(noTable.headers['content-type'], 'application/json', 'a phone has no table')
  t.match(response.body, /^Phone 000E84C060A6\n\nSerial number {3}INM07120XYZ\n/)
  t.match(response.body, /\nFrom {12}P00308000500\nTo {14}P0S3-8-12-00\nState {11}stalled\n/)
  t.match(response.body, /\nDiagnosis {7}no-reboot: It is silent\n/)
  t.match(response.body, /\nStarted by {6}an operator \(token, 192\.0\.2\.7\)\n/)
  t.match(response.body, /registration: It registered with SIP\n/)
  t.match(response.body, `P0S3-8-12-00.sb2, 12 bytes\n  sha256 ${'ab'.repeat(32)}\n`)
  t.match(response.body, '\nFirmware set P0S3-8-12-00, as stored now\n')
  t.match(response.body, /\nWritten by Switchhook 1\.2\.3, 2026-03-01T09:30:00\.000Z\n$/)
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
    services.conversions.move(PHONE, { state: 'cancelled' })
    await services.inventory.deleteFirmware(TO)
    const report = (await get(`/v1/phones/${PHONE}/report`)).json()
    t.type(report.conversion.endedAt, 'string')
    t.same(report.firmware, [{ load: TO, files: [] }])
    const text = (await get(`/v1/phones/${PHONE}/report`, 'text/plain')).body
    t.match(text, 'Firmware set P0S3-8-12-00 is no longer stored.')
  },
)

t.test('a phone that was enrolled automatically says so', async (t) => {
  const { services, get } = await aSite(t)
  const other = mac('000E84C060A8')
  await services.inventory.putPhone({ mac: other })
  services.events.add({ event: 'enrol.phone.enrolled', mac: other })
  const request = { to: TO, from: null, path: 'cautious', acceptOneWay: true } as const
  await services.conversions.start(other, request)
  t.match((await get(`/v1/phones/${other}/report`)).json().conversion.startedBy, {
    how: 'automatic-enrolment',
  })
  const text = (await get(`/v1/phones/${other}/report`, 'text/plain')).body
  t.match(text, /\nFrom {12}not known\n/)
  t.match(text, /\nStarted by {6}automatic enrolment\n/)
})

t.test('a roll-out is reported phone by phone: JSON, for print, CSV', async (t) => {
  const { services, get } = await aSite(t)
  const other = mac('000E84C060A7')
  await services.inventory.putPhone({ mac: other })
  await services.conversions.cancel(PHONE)
  const request = aRolloutRequest({
    phones: [PHONE, other],
    to: TO,
    from: 'P00308000500',
    canaries: 1,
  })
  const outcome = await services.rollouts.start('floor-3', request)
  t.equal(outcome.kind, 'started', JSON.stringify(outcome))
  const fields = { action: 'startRollout', path: '/v1/rollouts/floor-3', by: 'loopback' }
  services.events.add({ event: 'audit.change', atMs: NOW_MS + 9, fields })
  const begun = services.rollouts.get('floor-3')?.phones[0]?.startedAtMs ?? 0
  services.conversions.move(PHONE, { startedAtMs: begun, to: TO, evidence: EVIDENCE })
  const url = '/v1/rollouts/floor-3/report'
  t.match((await get(url)).json(), {
    id: 'floor-3',
    to: TO,
    state: 'running',
    endedAt: null,
    startedBy: { how: 'operator', by: 'loopback', address: null },
    phones: [
      {
        mac: PHONE,
        serial: 'INM07120XYZ',
        isCanary: true,
        state: 'waiting',
        from: 'P00308000500',
        evidence: [{ kind: 'registration' }],
      },
      { mac: other, serial: null, isCanary: false, state: 'pending', from: null, evidence: [] },
    ],
    firmware: [{ load: TO }],
  })
  const text = (await get(url, 'text/plain')).body
  t.match(text, /^Roll-out floor-3\n/)
  t.match(text, /\nConfirmed {7}0 of 2 phones\n/)
  t.match(text, /\nStarted by {6}an operator \(loopback\)\n/)
  t.match(text, /\n000E84C060A6 \(Desk 12, 7960, canary\)\n {2}Serial number INM07120XYZ\n/)
  t.match(text, /\n000E84C060A7\n {2}State {9}pending\n/)
  const csv = await get(url, 'text/csv')
  t.match(csv.headers['content-type'], 'text/csv')
  const [head, first] = csv.body.split('\r\n')
  t.equal(
    head,
    'mac,serial,model,label,isCanary,state,reason,from,to,confirmedBy,startedAt,endedAt',
  )
  t.match(first, '000E84C060A6,INM07120XYZ,7960,Desk 12,true,waiting,,P00308000500,P0S3-8-12-00,')
  const part = (await get(`/v1/phones/${PHONE}/report`)).json()
  t.match(part.conversion.startedBy, { how: 'rollout', by: 'loopback', rollout: 'floor-3' })
  const ofPart = (await get(`/v1/phones/${PHONE}/report`, 'text/plain')).body
  t.match(ofPart, /\nStarted by {6}roll-out floor-3 \(loopback\)\n/)
  await services.rollouts.change('floor-3', { state: 'stopped', onStop: 'cancel' })
  t.match((await get(url)).json(), { state: 'stopped' })
  t.match((await get(url, 'text/plain')).body, /\nState {11}stopped: an operator stopped it\n/)
  t.equal((await get('/v1/rollouts/none/report')).statusCode, 404)
})
