import t from 'tap'
import { readCapture } from '../../../../src/wire/capture/read-capture.ts'
import { readTrace } from '../../../../src/wire/trace/read-trace.ts'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'
import { addFirmware } from '../../../support/in-memory/firmware.ts'
import { ipv4, mac, sha256 } from '../../../support/values.ts'

const PHONE = mac('000E84C060A6')
const URL = `/v1/phones/${PHONE}`
const TO = 'P0S3-8-12-00'
const CONFIG = `SIP${PHONE}.cnf`

/** A phone on its way to SIP, with a password. */
async function aView(t: Parameters<typeof anApi>[0]) {
  const api = await anApi(t)
  const { inventory, conversions } = api.services
  await inventory.putPhone({
    mac: PHONE,
    address: ipv4('10.20.0.60'),
    lines: [{ name: '1201', password: 'hush-hush', displayName: 'not hush-hush' }],
  })
  await addFirmware(inventory, TO)
  const request = { to: TO, from: 'P00308000500', path: undefined, acceptOneWay: false }
  await conversions.start(PHONE, request)
  const phone = api.appliance.phone(PHONE, ipv4('10.20.0.60'))
  const get = (path: string) => api.app.inject({ url: `${URL}/${path}`, headers: WITH_TOKEN })
  return { ...api, phone, get }
}

t.test('the file view is listed with sizes and SHA-256 of what the phone reads', async (t) => {
  const { get, phone } = await aView(t)
  const files: readonly { name: string; origin: string }[] = (await get('files')).json()
  for (const [name, origin] of [
    [CONFIG, 'generated'],
    [`${TO}.sb2`, 'firmware'],
  ] as const) {
    const bytes = phone.reads(name) ?? new Uint8Array()
    t.ok(bytes.length > 0, name)
    const wanted = { name, bytes: bytes.length, sha256: sha256(bytes), origin }
    t.same(
      files.find((one) => one.name === name),
      wanted,
    )
  }
})

t.test('a configuration file is shown with its secrets masked, wherever they stand', async (t) => {
  const { get, phone } = await aView(t)
  const read = Buffer.from(phone.reads(CONFIG) ?? []).toString('latin1')
  t.match(read, 'line1_password: "hush-hush"')
  const response = await get(`files/${CONFIG}`)
  t.equal(response.body, read.replaceAll('hush-hush', '********'))
  t.match(response.body, 'line1_displayname: "not ********"')
  t.equal(response.headers['x-secrets-masked'], 'true')
  t.equal(response.headers['content-disposition'], 'attachment')
})

t.test('an image is shown byte for byte', async (t) => {
  const { get, phone } = await aView(t)
  const response = await get(`files/${TO}.sb2`)
  t.equal(Buffer.compare(response.rawPayload, phone.reads(`${TO}.sb2`) ?? Buffer.of()), 0)
  t.equal(response.headers['x-secrets-masked'], 'false')
})

t.test('a name outside the view and a phone that is not enrolled are 404', async (t) => {
  const { app, get } = await aView(t)
  for (const name of ['P0S3-07-5-00.sb2', '..%2f..%2fetc%2fpasswd', '%00']) {
    const response = await get(`files/${name}`)
    t.equal(response.statusCode, 404, name)
    t.match(response.json().detail, `${URL}/files`)
  }
  const unknownDevice = '/v1/phones/000E84C060A7/files'
  t.equal((await app.inject({ url: unknownDevice, headers: WITH_TOKEN })).statusCode, 404)
})

t.test('what a phone did is told in order, and as a boot log', async (t) => {
  const { get, phone } = await aView(t)
  phone.fetches('RINGLIST.XYZ', CONFIG)
  const timeline: readonly object[] = (await get('timeline')).json()
  t.match(timeline.slice(-3), [
    { source: 'tftp', event: 'tftp.request.absent', text: /RINGLIST\.XYZ/ },
    { source: 'tftp', event: 'tftp.transfer.started', fields: { name: CONFIG } },
    {
      at: '2026-03-01T09:30:00.000Z',
      source: 'tftp',
      event: 'tftp.transfer.ended',
      text: new RegExp(CONFIG),
      fields: { outcome: 'complete' },
    },
  ])
  const log = await get('boot-log')
  t.match(log.body, /'RINGLIST\.XYZ' asked for by 10\.20\.0\.60\n.*File not found/)
  t.match(log.body, `Sending '${CONFIG}' file to 10.20.0.60\nin binary mode\n`)
  t.equal(log.headers['content-type'], 'text/plain; charset=utf-8')
})

t.test('fields with the name of a secret are left out of a timeline', async (t) => {
  const { get, appliance } = await aView(t)
  appliance.record({ mac: PHONE, fields: { bytes: 756524, password: 'hush' } })
  const timeline: readonly object[] = (await get('timeline')).json()
  t.same(timeline.at(-1), {
    at: '2026-03-01T09:30:00.000Z',
    source: 'dhcp',
    event: 'dhcp.ack.sent',
    text: 'has unknown (unknown)',
    fields: { bytes: 756524 },
  })
})

t.test('packets and the trace of the conversion are files to be saved', async (t) => {
  const { get, phone } = await aView(t)
  await phone.boots()
  phone.fetches(CONFIG)
  const capture = await get('capture.pcapng')
  t.ok(readCapture(capture.rawPayload).packets.length >= 6, 'DHCP and TFTP')
  t.equal(capture.headers['content-type'], 'application/x-pcapng')
  t.equal(capture.headers['content-disposition'], `attachment; filename="${PHONE}.pcapng"`)
  const trace = await get('trace')
  t.match(readTrace(trace.body), { name: PHONE, header: { from: 'P00308000500', to: TO } })
  t.match(trace.body, `"name":"${CONFIG}"`)
  t.equal(trace.headers['content-disposition'], `attachment; filename="${PHONE}.jsonl"`)
  const anonymous = await get('trace?anonymise=true')
  t.match(readTrace(anonymous.body), { name: '000E840A0001' })
  t.notMatch(anonymous.body, PHONE)
  t.equal((await get('trace?anonymize=true')).statusCode, 400)
})

t.test('of a device that is not enrolled nothing is told', async (t) => {
  const { app } = await aView(t)
  for (const path of ['timeline', 'boot-log', 'capture.pcapng', 'trace']) {
    const url = `/v1/phones/000E84C060A7/${path}`
    t.equal((await app.inject({ url, headers: WITH_TOKEN })).statusCode, 404, path)
  }
})
