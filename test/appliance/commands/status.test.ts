import t from 'tap'
import { packageVersion } from '../../../appliance/version.ts'
import { aListeningApi } from '../../support/a-listening-api.ts'
import { aBinding } from '../../support/in-memory/a-binding.ts'
import { addFirmware } from '../../support/in-memory/firmware.ts'
import { mac } from '../../support/values.ts'

const PHONE = mac('000E84C060A6')
const VERSION = packageVersion()

t.test('networks, phones under way and roll-outs are shown', async (t) => {
  const { run, services, appliance } = await aListeningApi(t)
  appliance.lease(aBinding())
  await addFirmware(services.inventory, 'P0S3-8-12-00')
  t.match((await run('status')).stdout, 'No conversion is in progress.')
  await services.inventory.putPhone({ mac: PHONE })
  const request = { to: 'P0S3-8-12-00', from: 'P00308000500', path: undefined, acceptOneWay: false }
  await services.conversions.start(PHONE, request)
  const { code, stdout } = await run('status')
  t.equal(code, 0)
  t.match(stdout, /\nbench +10\.20\.0\.0\/24 +1 of 50 +none +yes\n/)
  t.match(stdout, /\n000E84C060A6 +P0S3-8-12-00 +waiting +1 of 1 +waiting\n/)
  t.match(stdout, `Switchhook ${VERSION} is ready; up 90 s, phones 1, conversions: 1 waiting.\n`)
  t.match(JSON.parse((await run('status', '--json')).stdout), {
    version: VERSION,
    ready: true,
    problems: [],
    uptimeSeconds: 90,
    networks: [{ name: 'bench' }],
    conversions: [{ mac: PHONE }],
    rollouts: [],
  })
})

t.test('an appliance that cannot serve phones says why, and the command ends with 1', async (t) => {
  const { run, appliance } = await aListeningApi(t)
  appliance.outside.problems.push({ where: 'eth1', message: 'the link of eth1 is down' })
  const { code, stdout } = await run('status')
  t.equal(code, 1)
  t.match(stdout, `Switchhook ${VERSION} is NOT ready; `)
  t.match(stdout, /^.*\n {2}the link of eth1 is down\n/)
  const json = await run('status', '--json')
  t.equal(json.code, 1)
  t.match(JSON.parse(json.stdout), {
    ready: false,
    problems: [{ name: 'sockets', where: 'eth1', message: 'the link of eth1 is down' }],
  })
})

t.test('a long time is shown in words', async (t) => {
  const { run, appliance } = await aListeningApi(t)
  const cases: readonly [number, string][] = [
    [3600, 'up 60 min'],
    [36_000, 'up 10 h'],
    [864_000, 'up 10 days'],
  ]
  for (const [seconds, words] of cases) {
    appliance.outside.uptimeSeconds = seconds
    t.match((await run('status')).stdout, words)
  }
})

t.test('what automatic enrolment could not do is shown, and is no reason to fail', async (t) => {
  const network = { autoEnrol: 'to-sip', admit: 'phones' }
  const { run, appliance } = await aListeningApi(t, { network })
  const phone = appliance.phone(PHONE)
  await phone.boots()
  phone.asksFor(`SEP${PHONE}.cnf.xml`)
  await appliance.clock.pass(0)
  const { code, stdout } = await run('status')
  t.equal(code, 0)
  t.match(stdout, /\n000E84C060A6 +bench +could not be enrolled: .*no profile to-sip.*\n/)
})
