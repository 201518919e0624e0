import t from 'tap'
import type { Binding } from '../../../src/leases/binding.ts'
import { type SeenSoftware, seenLoad } from '../../../src/phones/seen-software.ts'
import { seenService } from '../../../src/services/api/seen.ts'
import { MAC } from '../../support/conversion-builders.ts'

type Given = { readonly seen?: SeenSoftware; readonly leases?: Readonly<Record<string, Binding>> }

function aService({ seen, leases = {} }: Given) {
  return seenService({
    engine: { seen: (mac) => (seen === undefined ? undefined : { ...seen, mac }) },
    leaseTable: { leaseOf: (network) => leases[network] },
    networks: () => ['bench', 'lab'],
    nowMs: () => 9,
  })
}

const lease = (vendorClass: string) => ({ vendorClass, grantedAtMs: 5 }) as Binding

t.test('what a phone was seen to run goes before what its lease tells', async (t) => {
  const seen = seenLoad('P0S3-8-12-00', 'registration', 7)
  const leases = { bench: lease('Cisco Systems, Inc. IP Phone') }
  t.match(aService({ seen, leases }).get(MAC), { load: 'P0S3-8-12-00', by: 'registration' })
})

t.test(
  'a lease on any network tells the generation of a phone that did nothing else',
  async (t) => {
    const leases = { lab: lease('Cisco Systems, Inc. IP Phone CP-7960G') }
    t.match(aService({ leases }).get(MAC), { generation: 'ual', by: 'vendor-class', atMs: 5 })
    const unnamed = { bench: lease('') }
    t.match(aService({ leases: unnamed }).get(MAC), { generation: null, by: 'lease' })
  },
)

t.test('of a phone without a lease nothing is known', async (t) => {
  t.equal(aService({}).get(MAC), undefined)
})
