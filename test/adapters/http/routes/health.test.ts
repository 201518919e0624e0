import t from 'tap'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'

t.test('a supervisor needs no token to ask whether we live and are ready', async (t) => {
  const { app } = await anApi(t)
  t.same((await app.inject({ url: '/healthz' })).json(), { status: 'ok' })
  const ready = await app.inject({ url: '/readyz' })
  t.equal(ready.statusCode, 200)
  const checks = [{ name: 'sockets', ok: true, detail: '2 bound' }]
  t.same(ready.json(), { status: 'ready', checks, problems: [], warnings: [] })
})

t.test('not ready is 503 and names what is missing; alive it is all the same', async (t) => {
  const { app, services } = await anApi(t)
  services.healthChecks.push({ name: 'leases', ok: false, detail: 'still loading' })
  const response = await app.inject({ url: '/readyz' })
  t.equal(response.statusCode, 503)
  t.match(response.headers['content-type'], 'application/problem+json')
  t.match(response.json(), { type: '/docs#unavailable', detail: 'Not ready: leases' })
  t.same(response.json().problems, [
    { path: 'leases', name: 'leases', where: 'somewhere', message: 'still loading' },
  ])
  t.match(response.json().checks, [
    { name: 'sockets', ok: true },
    { name: 'leases', ok: false },
  ])
  t.equal((await app.inject({ url: '/healthz' })).statusCode, 200)
})

t.test('status: the same with what the appliance does, behind the token', async (t) => {
  const { app, services } = await anApi(t)
  t.equal((await app.inject({ url: '/v1/status' })).statusCode, 401)
  const status = async () => (await app.inject({ url: '/v1/status', headers: WITH_TOKEN })).json()
  t.same(await status(), {
    version: '1.2.3',
    ready: true,
    problems: [],
    uptimeSeconds: 90,
    models: ['7940', '7960'],
    phoneSpeed: 1,
    rehearsal: false,
    attention: [],
    networks: [],
    phones: services.inventory.phones().length,
    conversions: {},
  })
  services.healthChecks.push({ name: 'leases', ok: false, detail: 'still loading' })
  t.match(await status(), {
    ready: false,
    problems: [{ name: 'leases', where: 'somewhere', message: 'still loading' }],
  })
})

t.test('metrics: the numbers of the appliance, of the API and of the process', async (t) => {
  const { app, services } = await anApi(t)
  services.metricFamilies = [
    {
      name: 'switchhook_dhcp_events_total',
      help: 'DHCP messages.',
      type: 'counter',
      samples: [
        { labels: { network: 'bench', event: 'offer' }, value: 11 },
        { labels: { network: 'a"b\\c\nd', event: 'offer' }, value: 1 },
      ],
    },
    {
      name: 'switchhook_pool_addresses',
      help: 'Addresses.',
      type: 'gauge',
      samples: [{ labels: {}, value: 50 }],
    },
    { name: 'switchhook_nothing_total', help: 'Nothing yet.', type: 'counter', samples: [] },
  ]
  await app.inject({ url: '/v1/phones/000E84C060A6', headers: WITH_TOKEN })
  await app.inject({ url: '/v1/anything/at/all', headers: WITH_TOKEN })
  const response = await app.inject({ url: '/metrics', headers: WITH_TOKEN })
  t.match(response.headers['content-type'], 'text/plain; version=0.0.4')
  const lines = response.body.split('\n')
  t.ok(lines.includes('# TYPE switchhook_dhcp_events_total counter'))
  t.ok(lines.includes('switchhook_dhcp_events_total{network="bench",event="offer"} 11'))
  t.ok(lines.includes('switchhook_dhcp_events_total{network="a\\"b\\\\c\\nd",event="offer"} 1'))
  t.ok(lines.includes('switchhook_pool_addresses 50'))
  t.notMatch(response.body, 'switchhook_nothing_total', 'what nobody counted is not zero')
  t.match(response.body, /_seconds_count\{method="GET",route="\/v1\/phones\/:mac",status="404"\} 1/)
  t.match(response.body, /_seconds_count\{method="GET",route="none",status="404"\} 1/)
  t.match(response.body, /^process_cpu_seconds_total /m)
  t.notMatch(response.body, '000E84C060A6', 'paths are no labels: they are without bound')
  const again = await app.inject({ url: '/metrics', headers: WITH_TOKEN })
  t.equal(again.statusCode, 200, 'and can be asked again')
})

t.test('gauges: readiness, networks, phones, conversions by state, the build', async (t) => {
  const { app, services } = await anApi(t)
  const lines = async () =>
    (await app.inject({ url: '/metrics', headers: WITH_TOKEN })).body.split('\n')
  const before = await lines()
  t.ok(before.includes('switchhook_ready 1'))
  t.ok(before.includes('switchhook_phones 0'))
  t.ok(before.includes('switchhook_conversions{state="stalled"} 0'), 'rules need the zero')
  t.ok(before.includes(`switchhook_build_info{version="1.2.3",node="${process.version}"} 1`))
  t.notMatch(before.join(), 'switchhook_network_served', 'without a network there is none')
  services.healthChecks.push({ name: 'leases', ok: false, detail: 'still loading' })
  const bench = { name: 'bench', notServedBecause: null }
  const lab = { name: 'lab', notServedBecause: 'another DHCP server answers' }
  services.reports.push(bench as never, lab as never)
  const headers = { ...WITH_TOKEN, 'content-type': 'application/json' }
  const phone = '/v1/phones/000E84C060A6'
  await app.inject({ method: 'PUT', url: phone, headers, payload: '{"model":"7960"}' })
  const body = '{"to":"P0S3-8-12-00"}'
  await app.inject({ method: 'PUT', url: `${phone}/conversion`, headers, payload: body })
  const after = await lines()
  for (const line of [
    'switchhook_ready 0',
    'switchhook_network_served{network="bench"} 1',
    'switchhook_network_served{network="lab"} 0',
    'switchhook_phones 1',
    'switchhook_conversions{state="waiting"} 1',
  ]) {
    t.ok(after.includes(line), line)
  }
})
