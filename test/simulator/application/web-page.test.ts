import t from 'tap'
import { pageFor, WebPage } from '../../../src/simulator/application/web-page.ts'

const PHONE = {
  mac: '0003E369A125' as never,
  model: '7940',
  load: 'P00308010200',
  isUniversal: true,
} as const
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: 10.20.0.61\r\n\r\n`

t.test('the XML of a CP-7940 with 8.1(2.0)', async (t) => {
  const page = pageFor(PHONE, get('/DeviceInformationX'))
  t.match(page, /^HTTP\/1\.1 200 OK\r\nServer: Allegro-Software-RomPager\/4\.34\r\n/)
  t.match(page, 'Content-Type: text/xml; charset="utf-8"')
  for (const element of [
    '<MACAddress>0003E369A125</MACAddress>',
    '<HostName>SEP0003E369A125</HostName>',
    '<appLoadID>P00308010200</appLoadID>',
    '<bootLoadID>PC03A300</bootLoadID>',
    '<versionID>8.1(2.0)</versionID>',
    '<modelNumber>CP-7940</modelNumber>',
  ]) {
    t.match(page, element)
  }
  const [head = '', body = ''] = page.split('\r\n\r\n', 2)
  t.equal(/Content-Length: (\d+)/.exec(head)?.[1], `${body.length}`)
})

t.test('the page for people, at both of its addresses', async (t) => {
  for (const path of ['/', '/DeviceInformation', '/DeviceInformation?0']) {
    const page = pageFor(PHONE, get(path))
    t.match(page, '<TITLE>Cisco Systems, Inc.</TITLE>', path)
    t.match(page, '<TD><B> App Load ID</B></TD><td width=20></TD><TD><B>P00308010200</B></TD>')
  }
})

t.test('what is not there', async (t) => {
  t.match(pageFor(PHONE, get('/CGI/Execute')), 'HTTP/1.1 404')
  t.match(pageFor({ ...PHONE, isUniversal: false }, get('/DeviceInformationX')), 'HTTP/1.1 404')
  t.match(pageFor(PHONE, get('/').replace('GET', 'POST')), 'HTTP/1.1 501')
  t.match(pageFor(PHONE, 'hello\r\n\r\n'), 'HTTP/1.1 400')
})

t.test('one request a connection, whole or cut, long or short', async (t) => {
  const page = new WebPage(PHONE)
  t.match(page.begin(), [{ effect: { kind: 'listen', port: 80 } }])
  const bytes = new TextEncoder().encode(get('/'))
  const give = (connection: number, some: Uint8Array) =>
    page.onSocket({ kind: 'bytes', connection, bytes: some })
  page.onSocket({ kind: 'called', connection: -1, port: 80 })
  t.same(give(-1, bytes.subarray(0, 10)), [])
  const kinds = give(-1, bytes.subarray(10)).map((one) => one.kind === 'socket' && one.effect.kind)
  t.same(kinds, ['write', 'hang-up'])
  t.same(give(-1, bytes), [], 'it is over')
  page.onSocket({ kind: 'called', connection: -2, port: 80 })
  t.equal(give(-2, new Uint8Array(5_000)).length, 2, 'a head without an end')
  page.onSocket({ kind: 'called', connection: -3, port: 80 })
  page.onSocket({ kind: 'hung-up', connection: -3 })
  page.onSocket({ kind: 'called', connection: -4, port: 80 })
  page.onSocket({ kind: 'called', connection: -5, port: 23 })
  page.onSocket({ kind: 'connected', connection: -4 })
  t.match(page.end(), [
    { effect: { kind: 'stop-listening', port: 80 } },
    { effect: { kind: 'hang-up', connection: -4 } },
  ])
})
