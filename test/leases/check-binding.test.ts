import t from 'tap'
import type { Binding } from '../../src/leases/binding.ts'
import { checkBinding } from '../../src/leases/check-binding.ts'
import type { Ipv4 } from '../../src/net/ipv4.ts'
import { ip } from '../support/a-dhcp-message.ts'

const NOW_MS = 1_000_000
const GOOD: Binding = {
  scope: 'bench',
  address: ip('10.20.0.50'),
  client: 'hw:01000E84C060A6',
  mac: null,
  state: 'bound',
  grantedAtMs: NOW_MS - 1000,
  expiresAtMs: NOW_MS + 299_000,
  vendorClass: '',
  hostName: '',
  relayAgent: '',
}

t.test('a row that makes sense is taken as it is', async (t) => {
  t.same(checkBinding(GOOD, NOW_MS), { binding: GOOD, fault: null })
})

t.test('a row that makes no sense is left out and said', async (t) => {
  const wrong: readonly { why: string; row: Partial<Binding> }[] = [
    { why: 'address 0', row: { address: 0 as Ipv4 } },
    { why: 'negative address', row: { address: -1 as Ipv4 } },
    { why: 'no integer', row: { address: 1.5 as Ipv4 } },
    { why: 'address above 32 bits', row: { address: 0x1_0000_0000 as Ipv4 } },
    { why: 'nobody', row: { client: '' } },
    { why: 'granted at no time', row: { grantedAtMs: Number.NaN } },
    { why: 'expires at no time', row: { expiresAtMs: Number.POSITIVE_INFINITY } },
  ]
  for (const { why, row } of wrong) {
    const { binding, fault } = checkBinding({ ...GOOD, ...row }, NOW_MS)
    t.equal(binding, null, why)
    t.match(fault, /^lease of /, why)
  }
})

t.test('a lease granted in the future lasts as long as it was granted for', async (t) => {
  const dayMs = 86_400_000
  const row = { ...GOOD, grantedAtMs: NOW_MS + dayMs, expiresAtMs: NOW_MS + dayMs + 300_000 }
  const { binding, fault } = checkBinding(row, NOW_MS)
  t.equal(binding?.grantedAtMs, NOW_MS)
  t.equal(binding?.expiresAtMs, NOW_MS + 300_000, 'not a day longer')
  t.match(fault, /clock went back/)
  const backwards = checkBinding({ ...row, expiresAtMs: 5 }, NOW_MS)
  t.equal(backwards.binding?.expiresAtMs, NOW_MS)
})

t.test('RFC 2131 section 3.3: an infinite lease stays infinite', async (t) => {
  const row = { ...GOOD, grantedAtMs: NOW_MS + 5, expiresAtMs: Number.MAX_SAFE_INTEGER }
  t.same(checkBinding(row, NOW_MS), { binding: row, fault: null })
})
