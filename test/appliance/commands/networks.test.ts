import t from 'tap'
import { aListeningApi } from '../../support/a-listening-api.ts'
import { aNetwork } from '../../support/memory-services.ts'

t.test('networks are listed, and one is shown with its counters', async (t) => {
  const { run, services } = await aListeningApi(t)
  const why = 'another DHCP server answers on this network'
  services.reports.push(
    aNetwork(),
    aNetwork({ name: 'lab', interfaceName: null, notServedBecause: why }),
  )
  const { stdout } = await run('networks', 'list')
  t.match(stdout, /\nbench +eth0\.120 +10\.20\.0\.0\/24 +4 of 50 +enrolled +yes\n/)
  t.match(stdout, /\nlab +- +10\.20\.0\.0\/24 .* another DHCP server answers on this network\n/)
  t.match(JSON.parse((await run('networks', 'list', '--json')).stdout), [{ name: 'bench' }, {}])
  const shown = await run('networks', 'show', 'bench')
  t.match(shown.stdout, /\naddress +10\.20\.0\.2\n/)
  t.match(shown.stdout, /\nnotServedBecause +-\n/)
  t.match(shown.stdout, /\nrouter +\["10\.20\.0\.1"\]\n/)
  t.match(shown.stdout, /\n\nCOUNTER +SINCE START\ndiscover +12\noffer +11\n/)
  t.match(JSON.parse((await run('networks', 'show', 'bench', '--json')).stdout), { name: 'bench' })
  t.equal((await run('networks', 'show', 'none')).code, 1)
})

t.test('a network on which nothing happened has no counters', async (t) => {
  const { run, services } = await aListeningApi(t)
  services.reports.push(aNetwork({ counters: {} }))
  t.notMatch((await run('networks', 'show', 'bench')).stdout, 'COUNTER')
})
