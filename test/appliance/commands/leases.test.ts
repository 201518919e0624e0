import t from 'tap'
import { aListeningApi } from '../../support/a-listening-api.ts'
import { aBinding } from '../../support/in-memory/a-binding.ts'
import { ipv4, mac, NOW_MS } from '../../support/values.ts'

t.test('leases are listed by network, phone and state', async (t) => {
  const { run, appliance } = await aListeningApi(t)
  appliance.lease(
    aBinding({ hostName: 'SEP000E84C060A6' }),
    aBinding({ address: ipv4('10.30.0.51'), mac: null, client: 'id:01ff', scope: 'lab' }),
    aBinding({ address: ipv4('10.20.0.52'), mac: mac('000E84C060A7'), expiresAtMs: NOW_MS - 1 }),
  )
  const { stdout } = await run('leases', 'list')
  t.match(
    stdout,
    /\n10\.20\.0\.50 {2}bench {4}000E84C060A6 {2}bound {4}2026-03-01T09:34:00\.000Z {2}SEP000E84C060A6\n/,
  )
  t.match(stdout, /\n10\.30\.0\.51 {2}lab {6}id:01ff /)
  const addresses = async (...args: readonly string[]) =>
    JSON.parse((await run('leases', 'list', '--json', ...args)).stdout).map(
      ({ address }: { address: string }) => address,
    )
  t.same(await addresses('--network', 'lab'), ['10.30.0.51'])
  t.same(await addresses('--mac', '00:0e:84:c0:60:a7'), ['10.20.0.52'])
  t.same(await addresses('--state', 'expired'), ['10.20.0.52'])
  t.equal((await run('leases', 'list', '--state', 'free')).code, 64)
})

t.test('more leases than one answer holds are all listed', async (t) => {
  const { run, appliance } = await aListeningApi(t)
  for (let index = 0; index < 2_500; index++) {
    appliance.lease(aBinding({ address: (ipv4('10.20.0.0') + index) as never }))
  }
  t.equal(JSON.parse((await run('leases', 'list', '--json')).stdout).length, 2_500)
})

t.test('an address is freed, once', async (t) => {
  const { run, appliance } = await aListeningApi(t)
  appliance.lease(aBinding())
  t.equal((await run('leases', 'free', '10.20.0.50')).stdout, '10.20.0.50 is free\n')
  t.same([...appliance.state.leaseTable.bindings()], [])
  const again = await run('leases', 'free', '10.20.0.50')
  t.equal(again.code, 1)
  t.match(again.stderr, '10.20.0.50')
  t.equal((await run('leases', 'free', 'nonsense')).code, 1)
})
