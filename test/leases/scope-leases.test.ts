import t from 'tap'
import type { Binding } from '../../src/leases/binding.ts'
import { ScopeLeases } from '../../src/leases/scope-leases.ts'
import { formatIpv4, type Ipv4, ipv4Plus } from '../../src/net/ipv4.ts'
import { ip } from '../support/a-dhcp-message.ts'
import { aClient } from '../support/a-lease-table.ts'
import { aScope, START_MS } from '../support/dhcp-lab.ts'

function someLeases(byAddress = new Map<Ipv4, Binding>()) {
  return new ScopeLeases(aScope(), { ownerOf: () => undefined }, byAddress, 10)
}

t.test('an address that is picked and then not used is picked again', async (t) => {
  const leases = someLeases()
  const picked = Array.from({ length: 51 }, () => leases.pick(aClient('a'), START_MS))
  t.equal(new Set(picked).size, 50, 'each once')
  t.equal(picked[50], picked[0], 'then from the beginning')
})

t.test('addresses outside the pool are of no concern', async (t) => {
  const leases = someLeases()
  leases.touch(ip('10.20.0.10'))
  t.equal(leases.longestSilent(0, START_MS), undefined)
  t.ok(leases.isOpenTo(aClient('a'), ip('10.20.0.50')))
  t.notOk(leases.isOpenTo(aClient('a'), ip('10.20.0.10')))
})

t.test('after a restart the pool continues after the addresses that are taken', async (t) => {
  const byAddress = new Map<Ipv4, Binding>()
  const leases = someLeases(byAddress)
  for (let index = 0; index < 3; index++) {
    const address = ipv4Plus(ip('10.20.0.50'), index)
    byAddress.set(address, { expiresAtMs: START_MS + 1000, state: 'bound' } as Binding)
    leases.touch(address)
  }
  const picked = leases.pick(aClient('a'), START_MS) as Ipv4
  t.equal(formatIpv4(picked), '10.20.0.53')
})
