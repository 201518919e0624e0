import t from 'tap'
import { aListeningApi } from '../../support/a-listening-api.ts'
import { mac } from '../../support/values.ts'

const FIRST = mac('000E84C060A7')
const SECOND = mac('000E84C060A8')

async function aSite(t: Parameters<typeof aListeningApi>[0]) {
  const api = await aListeningApi(t)
  const { appliance } = api
  const vendorClass = 'Cisco Systems, Inc. IP Phone CP-7940G\0'
  const hostName = [12, Buffer.from('SEP000E84C060A7')] as const
  // By relay, from a network that is none of ours.
  const far = { vendorClass: '', giaddr: '192.0.2.1' }
  t.equal(await appliance.phone(SECOND).boots(far), null)
  await appliance.clock.pass(1_000)
  t.equal(await appliance.phone(FIRST).boots({ vendorClass, options: [hostName] }), null)
  return api
}

t.test('unknown devices are listed, as columns and as JSON', async (t) => {
  const { run } = await aSite(t)
  const listed = await run('devices', 'list')
  t.equal(listed.code, 0, listed.stderr)
  t.match(
    listed.stdout,
    /\n000E84C060A7 {2}bench +2026-03-01T09:30:01.000Z +1 +not enrolled +Cisco .*CP-7940G +SEP000E84C060A7\n/,
  )
  t.match(listed.stdout, /\n000E84C060A8 {2}- .* on none of the networks +- +-\n/)
  t.match(JSON.parse((await run('devices', 'list', '--json')).stdout), [
    { mac: FIRST },
    { mac: SECOND },
  ])
  const ofBench = await run('devices', 'list', '--network', 'bench', '--json')
  t.equal(JSON.parse(ofBench.stdout).length, 1)
  t.match((await run('devices', 'list', '--network', 'none')).stdout, /^No unknown device/)
})

t.test('one command enrols a device where it was seen, as the model that it is', async (t) => {
  const { run, services } = await aSite(t)
  await services.inventory.putProfile({ name: 'to-sip', protocol: 'sip', load: 'P0S3-8-12-00' })
  const args = ['--profile', 'to-sip', '--label', 'Desk 12']
  const enrolled = await run('devices', 'enrol', '00:0e:84:c0:60:a7', ...args)
  t.equal(enrolled.stdout, '000E84C060A7 is enrolled on network bench\n', enrolled.stderr)
  const wanted = { model: '7940', network: 'bench', profile: 'to-sip', label: 'Desk 12' }
  t.match(services.inventory.phone(FIRST), wanted)
  const again = await run('devices', 'enrol', FIRST)
  t.equal(again.code, 1)
  t.match(again.stderr, '000E84C060A7 is enrolled already')
  t.match(services.inventory.phone(FIRST), wanted, 'and is left as it was')
})

t.test('what the device does not say may be given, or is left open', async (t) => {
  const { run, services } = await aSite(t)
  t.equal((await run('devices', 'enrol', SECOND)).stdout, '000E84C060A8 is enrolled\n')
  t.match(services.inventory.phone(SECOND), { model: null, network: null })
  const other = await run('devices', 'enrol', FIRST, '--network', 'nowhere')
  t.equal(other.code, 1)
  t.match(other.stderr, 'nowhere')
})

t.test('a device that is not listed is not enrolled by a slip of the keys', async (t) => {
  const { run, services } = await aSite(t)
  for (const typed of ['000E84C060FF', 'nonsense']) {
    const refused = await run('devices', 'enrol', typed)
    t.equal(refused.code, 1)
    t.match(refused.stderr, `switchhook phones add ${typed}`)
  }
  t.same(services.inventory.phones(), [])
})

t.test('an entry is forgotten', async (t) => {
  const { run, services } = await aSite(t)
  const forgotten = await run('devices', 'forget', FIRST, SECOND)
  t.equal(forgotten.code, 0)
  t.match(forgotten.stdout, '000E84C060A8 removed from the list')
  t.same(services.unknownDevices.list(), [])
  t.equal((await run('devices', 'forget', FIRST)).code, 1)
})
