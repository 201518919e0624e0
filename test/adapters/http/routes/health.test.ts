import t from 'tap'
import { packageVersion } from '../../../../appliance/version.ts'
import { anApi, WITH_TOKEN } from '../../../support/an-api.ts'
import { aNetwork } from '../../../support/configuration.ts'
import { addFirmware } from '../../../support/in-memory/firmware.ts'

const LINK_DOWN = { where: 'eth0', message: 'the link of eth0 is down' }

t.test('a supervisor needs no token to ask whether we live and are ready', async (t) => {
  const { app } = await anApi(t)
  t.same((await app.inject({ url: '/healthz' })).json(), { status: 'ok' })
  const ready = await app.inject({ url: '/readyz' })
  t.equal(ready.statusCode, 200)
  const checks = [
    { name: 'sockets', ok: true, detail: '2 bound' },
    { name: 'networks', ok: true, detail: /./ },
  ]
  t.match(ready.json(), { status: 'ready', checks, problems: [], warnings: [] })
})

t.test('not ready is 503 and names what is missing; alive it is all the same', async (t) => {
  const { app, appliance } = await anApi(t)
  appliance.outside.problems.push(LINK_DOWN)
  const response = await app.inject({ url: '/readyz' })
  t.equal(response.statusCode, 503)
  t.match(response.headers['content-type'], 'application/problem+json')
  t.match(response.json(), { type: '/docs#unavailable', detail: 'Not ready: sockets' })
  t.same(response.json().problems, [{ path: 'sockets', name: 'sockets', ...LINK_DOWN }])
  t.match(response.json().checks, [
    { name: 'sockets', ok: false, detail: LINK_DOWN.message },
    { name: 'networks', ok: true },
  ])
  t.equal((await app.inject({ url: '/healthz' })).statusCode, 200)
})

t.test('status: the same with what the appliance does, behind the token', async (t) => {
  const { app, services, appliance } = await anApi(t)
  t.equal((await app.inject({ url: '/v1/status' })).statusCode, 401)
  const status = async () => (await app.inject({ url: '/v1/status', headers: WITH_TOKEN })).json()
  t.match(await status(), {
    version: packageVersion(),
    ready: true,
    problems: [],
    uptimeSeconds: 90,
    models: ['7940', '7960'],
    phoneSpeed: 1,
    rehearsal: false,
    attention: [],
    networks: [{ name: 'bench', served: true }],
    phones: services.inventory.phones().length,
    conversions: {},
  })
  appliance.outside.problems.push(LINK_DOWN)
  await appliance.clock.pass(1_000)
  t.match(await status(), { ready: false, problems: [{ name: 'sockets', ...LINK_DOWN }] })
})

t.test('metrics: the numbers of the appliance, of the API and of the process', async (t) => {
  const { app, appliance } = await anApi(t)
  const { counters } = appliance.state
  counters.add('dhcp_events', { network: 'bench', event: 'offer', reason: '' }, 11)
  counters.add('dhcp_events', { network: 'a"b\\c\nd', event: 'offer', reason: '' })
  await app.inject({ url: '/v1/phones/000E84C060A6', headers: WITH_TOKEN })
  await app.inject({ url: '/v1/anything/at/all', headers: WITH_TOKEN })
  const response = await app.inject({ url: '/metrics', headers: WITH_TOKEN })
  t.match(response.headers['content-type'], 'text/plain; version=0.0.4')
  const lines = response.body.split('\n')
  t.ok(lines.includes('# TYPE switchhook_dhcp_events_total counter'))
  const offers = (network: string, count: number) =>
    `switchhook_dhcp_events_total{network="${network}",event="offer",reason=""} ${count}`
  t.ok(lines.includes(offers('bench', 11)))
  t.ok(lines.includes(offers('a\\"b\\\\c\\nd', 1)))
  t.ok(lines.includes('switchhook_pool_addresses{network="bench",state="size"} 50'))
  t.notMatch(response.body, 'switchhook_survey_events_total{', 'what nobody counted is not zero')
  t.match(response.body, /_seconds_count\{method="GET",route="\/v1\/phones\/:mac",status="404"\} 1/)
  t.match(response.body, /_seconds_count\{method="GET",route="none",status="404"\} 1/)
  t.match(response.body, /^process_cpu_seconds_total /m)
  t.notMatch(response.body, '000E84C060A6', 'paths are no labels: they are without bound')
  const again = await app.inject({ url: '/metrics', headers: WITH_TOKEN })
  t.equal(again.statusCode, 200, 'and can be asked again')
})

t.test('gauges: readiness, networks, phones, conversions by state, the build', async (t) => {
  const lab = aNetwork({
    ...{ name: 'lab', interface: 'eth1', address: '10.30.0.2', subnet: '10.30.0.0/24' },
    pool: ['10.30.0.50-10.30.0.99'],
  })
  const networks = [aNetwork(), lab]
  const { app, services, appliance } = await anApi(t, { configuration: { networks } })
  const lines = async () =>
    (await app.inject({ url: '/metrics', headers: WITH_TOKEN })).body.split('\n')
  const before = await lines()
  t.ok(before.includes('switchhook_ready 1'))
  t.ok(before.includes('switchhook_phones 0'))
  t.ok(before.includes('switchhook_conversions{state="stalled"} 0'), 'rules need the zero')
  const build = `version="${packageVersion()}",node="${process.version}"`
  t.ok(before.includes(`switchhook_build_info{${build}} 1`))
  appliance.outside.problems.push(LINK_DOWN)
  appliance.outside.faults.set('lab', 'the link of eth1 is down')
  await appliance.clock.pass(1_000)
  await addFirmware(services.inventory, 'P0S3-8-12-00')
  const headers = { ...WITH_TOKEN, 'content-type': 'application/json' }
  const phone = '/v1/phones/000E84C060A6'
  await app.inject({ method: 'PUT', url: phone, headers, payload: '{"model":"7960"}' })
  const body = '{"to":"P0S3-8-12-00","from":"P00308000500"}'
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
