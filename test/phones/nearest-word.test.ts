import t from 'tap'
import { nearestWord } from '../../src/phones/nearest-word.ts'

const KEYS = ['port', 'router', 'dns', 'domain', 'leaseTime', 'maxLeaseTime', 'interface']

t.test('finds the key that was meant', async (t) => {
  const cases = [
    { typed: 'routers', meant: 'router' },
    { typed: 'leasetime', meant: 'leaseTime' },
    { typed: 'lease_time', meant: 'leaseTime' },
    { typed: 'interfcae', meant: 'interface' },
    { typed: 'prot', meant: 'port' },
    { typed: 'DNS', meant: 'dns' },
    { typed: 'dn', meant: undefined },
    { typed: 'gateway', meant: undefined },
    { typed: 'x'.repeat(41), meant: undefined },
  ]
  for (const { typed, meant } of cases) t.equal(nearestWord(typed, KEYS), meant, typed)
})
