import t from 'tap'
import { aListeningApi } from '../../support/a-listening-api.ts'
import { aNetwork, mac } from '../../support/memory-services.ts'

const PHONE = mac('000E84C060A6')

t.test('networks, phones under way and roll-outs are shown', async (t) => {
  const { run, services } = await aListeningApi(t)
  services.reports.push(aNetwork())
  t.match((await run('status')).stdout, 'No conversion is in progress.')
  await services.inventory.putPhone({ mac: PHONE })
  const request = { to: 'P0S3-8-12-00', from: null, path: 'cautious', acceptOneWay: false } as const
  await services.conversions.start(PHONE, request)
  const { code, stdout } = await run('status')
  t.equal(code, 0)
  t.match(stdout, /\nbench +10\.20\.0\.0\/24 +4 of 50 +none +yes\n/)
  t.match(stdout, /\n000E84C060A6 +P0S3-8-12-00 +waiting +1 of 1 +fetching\n/)
  t.match(stdout, /^Switchhook 1\.2\.3 is ready; up 90 s, phones \d+, conversions: 1 waiting\.\n/)
  t.match(JSON.parse((await run('status', '--json')).stdout), {
    version: '1.2.3',
    ready: true,
    problems: [],
    uptimeSeconds: 90,
    networks: [{ name: 'bench' }],
    conversions: [{ mac: PHONE }],
    rollouts: [],
  })
})

t.test('an appliance that cannot serve phones says why, and the command ends with 1', async (t) => {
  const { run, services } = await aListeningApi(t)
  services.healthChecks.push({ name: 'interfaces', ok: false, detail: 'the link of eth1 is down' })
  const { code, stdout } = await run('status')
  t.equal(code, 1)
  t.match(stdout, /^Switchhook 1\.2\.3 is NOT ready; .*\n {2}the link of eth1 is down\n/)
  const json = await run('status', '--json')
  t.equal(json.code, 1)
  t.match(JSON.parse(json.stdout), {
    ready: false,
    problems: [{ name: 'interfaces', where: 'somewhere', message: 'the link of eth1 is down' }],
  })
})

t.test('a long time is shown in words', async (t) => {
  const { run, services } = await aListeningApi(t)
  const cases: readonly [number, string][] = [
    [3600, 'up 60 min'],
    [36_000, 'up 10 h'],
    [864_000, 'up 10 days'],
  ]
  for (const [seconds, words] of cases) {
    services.status.uptimeSeconds = () => seconds
    t.match((await run('status')).stdout, words)
  }
})

t.test('what automatic enrolment could not do is shown, and is no reason to fail', async (t) => {
  const { run, services } = await aListeningApi(t)
  const event = 'enrol.phone.refused'
  const message = 'could not be enrolled: there is no profile to-sip'
  services.attention = [{ mac: PHONE, network: 'bench', atMs: 0, event, message }]
  const { code, stdout } = await run('status')
  t.equal(code, 0)
  t.match(stdout, /\n000E84C060A6 +bench +could not be enrolled: there is no profile to-sip\n/)
})
