import t from 'tap'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'
import { mac, sha256 } from '../../../support/memory-services.ts'

const PHONE = mac('000E84C060A6')
const URL = `/v1/phones/${PHONE}/files`

const CONFIG = Buffer.from(
  'image_version: "P0S3-8-12-00"\nline1_name: "1201"\nline1_password: "hush-hush"\n' +
    'phone_label: "not hush-hush"\n',
  'latin1',
)

const IMAGE = Buffer.from([0, 1, 2, 0xff, 0x0a])

async function aView(t: Parameters<typeof anApi>[0]) {
  const api = await anApi(t)
  const file = (name: string, content: Buffer, origin: 'generated' | 'firmware') => ({
    file: { name, bytes: content.length, sha256: sha256(content), origin },
    content,
  })
  await api.services.inventory.putPhone({
    mac: PHONE,
    lines: [{ name: '1201', password: 'hush-hush' }],
  })
  api.services.viewed.set(PHONE, [
    file('SIP000E84C060A6.cnf', CONFIG, 'generated'),
    file('P0S3-8-12-00.sb2', IMAGE, 'firmware'),
  ])
  const get = (path = '') => api.app.inject({ url: `${URL}${path}`, headers: WITH_TOKEN })
  return { ...api, get }
}

t.test('the file view is listed with sizes and SHA-256 of the real bytes', async (t) => {
  const { get } = await aView(t)
  t.same((await get()).json(), [
    {
      name: 'SIP000E84C060A6.cnf',
      bytes: CONFIG.length,
      sha256: sha256(CONFIG),
      origin: 'generated',
    },
    { name: 'P0S3-8-12-00.sb2', bytes: 5, sha256: sha256(IMAGE), origin: 'firmware' },
  ])
})

t.test('a configuration file is shown with its secrets masked, wherever they stand', async (t) => {
  const { get } = await aView(t)
  const response = await get('/SIP000E84C060A6.cnf')
  t.equal(
    response.body,
    'image_version: "P0S3-8-12-00"\nline1_name: "1201"\nline1_password: "********"\n' +
      'phone_label: "not ********"\n',
  )
  t.equal(response.headers['x-secrets-masked'], 'true')
  t.equal(response.headers['content-disposition'], 'attachment')
})

t.test('an image is shown byte for byte', async (t) => {
  const { get } = await aView(t)
  const response = await get('/P0S3-8-12-00.sb2')
  t.same(response.rawPayload, IMAGE)
  t.equal(response.headers['x-secrets-masked'], 'false')
})

t.test('a name outside the view and a phone that is not enrolled are 404', async (t) => {
  const { app, get } = await aView(t)
  for (const name of ['OS79XX.TXT', '..%2f..%2fetc%2fpasswd', '%00']) {
    const response = await get(`/${name}`)
    t.equal(response.statusCode, 404, name)
    t.match(response.json().detail, URL)
  }
  const unknownDevice = '/v1/phones/000E84C060A7/files'
  t.equal((await app.inject({ url: unknownDevice, headers: WITH_TOKEN })).statusCode, 404)
})

t.test('what a phone did is told in order, and as a boot log', async (t) => {
  const { app, services } = await anApi(t)
  services.timelines.set(PHONE, [
    {
      atMs: Date.UTC(2026, 2, 1, 9, 30),
      source: 'tftp',
      event: 'tftp.transfer.ended',
      text: 'fetched P0S3-8-12-00.sb2',
      fields: { bytes: 756524, password: 'hush' },
    },
  ])
  services.bootLogs.set(PHONE, 'Request for OS79XX.TXT\n')
  const get = (path: string) =>
    app.inject({ url: `/v1/phones/00:0e:84:c0:60:a6/${path}`, headers: WITH_TOKEN })
  t.same((await get('timeline')).json(), [
    {
      at: '2026-03-01T09:30:00.000Z',
      source: 'tftp',
      event: 'tftp.transfer.ended',
      text: 'fetched P0S3-8-12-00.sb2',
      fields: { bytes: 756524 },
    },
  ])
  const log = await get('boot-log')
  t.equal(log.body, 'Request for OS79XX.TXT\n')
  t.equal(log.headers['content-type'], 'text/plain; charset=utf-8')
  services.captures.set(PHONE, Uint8Array.of(10, 13, 13, 10))
  const capture = await get('capture.pcapng')
  t.same([...capture.rawPayload], [10, 13, 13, 10])
  t.equal(capture.headers['content-type'], 'application/x-pcapng')
  t.equal(capture.headers['content-disposition'], `attachment; filename="${PHONE}.pcapng"`)
  services.conversionTraces.set(PHONE, {
    name: PHONE,
    header: { trace: PHONE, from: 'x' },
    events: [],
  })
  const trace = await get('trace')
  t.equal(trace.body, `{"trace":"${PHONE}","from":"x"}\n`)
  t.equal(trace.headers['content-disposition'], `attachment; filename="${PHONE}.jsonl"`)
  const anonymous = await get('trace?anonymise=true')
  t.equal(anonymous.body, '{"trace":"000E840A0001","from":"x"}\n')
  t.equal((await get('trace?anonymize=true')).statusCode, 400)
  for (const path of ['timeline', 'boot-log', 'capture.pcapng', 'trace']) {
    const url = `/v1/phones/000E84C060A7/${path}`
    t.equal((await app.inject({ url, headers: WITH_TOKEN })).statusCode, 404, path)
  }
})
