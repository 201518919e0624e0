import t from 'tap'
import { aDiscover } from '../../support/a-dhcp-message.ts'
import { aListeningApi } from '../../support/a-listening-api.ts'
import { aNetwork } from '../../support/configuration.ts'
import { aBinding } from '../../support/in-memory/a-binding.ts'

t.test('networks are listed, and one is shown with its counters', async (t) => {
  const lab = aNetwork({
    ...{ name: 'lab', interface: undefined, relayed: true, subnet: '10.30.0.0/24' },
    pool: ['10.30.0.50-10.30.0.99'],
  })
  const networks = [aNetwork({ router: ['10.20.0.1'] }), lab]
  const { run, appliance } = await aListeningApi(t, { configuration: { networks } })
  appliance.outside.faults.set('lab', 'the link of eth1 is down')
  appliance.lease(aBinding())
  await appliance.wire.dhcp(aDiscover())
  const { stdout } = await run('networks', 'list')
  t.match(stdout, /\nbench +eth0 +10\.20\.0\.0\/24 +1 of 50 +enrolled +yes\n/)
  t.match(stdout, /\nlab +- +10\.30\.0\.0\/24 .* the link of eth1 is down\n/)
  t.match(JSON.parse((await run('networks', 'list', '--json')).stdout), [{ name: 'bench' }, {}])
  const shown = await run('networks', 'show', 'bench')
  t.match(shown.stdout, /\naddress +10\.20\.0\.2\n/)
  t.match(shown.stdout, /\nnotServedBecause +-\n/)
  t.match(shown.stdout, /\nrouter +\["10\.20\.0\.1"\]\n/)
  t.match(shown.stdout, /\n\nCOUNTER +SINCE START\ndhcp\.discover\.ignored:not-enrolled +1\n/)
  t.match(JSON.parse((await run('networks', 'show', 'bench', '--json')).stdout), { name: 'bench' })
  t.equal((await run('networks', 'show', 'none')).code, 1)
})

t.test('a network on which nothing happened has no counters', async (t) => {
  const { run } = await aListeningApi(t)
  t.notMatch((await run('networks', 'show', 'bench')).stdout, 'COUNTER')
})
