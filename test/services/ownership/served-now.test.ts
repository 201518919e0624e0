import t from 'tap'
import type { ScopeAuthority } from '../../../src/dhcp/scope-authority.ts'
import { actingFor, answersNow } from '../../../src/services/ownership/served-now.ts'
import { ipOf } from '../../support/an-inventory.ts'
import { aPhone, MAC } from '../../support/conversion-builders.ts'

const HERE = ipOf('10.20.0.50')
const ELSEWHERE = ipOf('192.0.2.1')

t.test('only an appliance with full authority answers on a network', async (t) => {
  const asked: unknown[] = []
  const answerOf = (authority: ScopeAuthority) =>
    answersNow(
      {
        networkAt: (address) =>
          address === HERE ? { name: 'voice', address, admitsAnyone: false } : undefined,
      },
      (name, nowMs) => {
        asked.push([name, nowMs])
        return authority
      },
    )
  t.equal(answerOf('full')(HERE, 7), true)
  t.equal(answerOf('repeat')(HERE, 7), false, 'repeating leases is not serving files')
  t.equal(answerOf('none')(HERE, 7), false)
  t.same(asked[0], ['voice', 7])
  t.equal(answerOf('none')(ELSEWHERE, 7), true, 'on no network of ours: the engine decides')
})

t.test('phones of a network that another appliance serves are not acted for', async (t) => {
  const acts = (network: string | null, leases: readonly ('here' | 'shared')[], hasLease = false) =>
    actingFor({
      inventory: { phone: (mac) => (mac === MAC ? aPhone({ network }) : undefined) },
      leaseTable: { hasLease: (mac, nowMs) => hasLease && mac === MAC && nowMs === 7 },
      networks: () => leases.map((one) => ({ leases: one })),
      owns: (name) => name === 'voice',
      nowMs: () => 7,
    })(MAC)
  t.equal(acts('voice', ['shared']), true)
  t.equal(acts('lobby', ['shared']), false)
  t.equal(acts(null, ['here', 'here']), true, 'nothing is shared')
  t.equal(acts(null, ['here', 'shared']), false, 'it may be anywhere')
  t.equal(acts(null, ['here', 'shared'], true), true, 'it has a lease of ours')
})
