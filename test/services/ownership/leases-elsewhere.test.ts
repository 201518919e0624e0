import t from 'tap'
import { leasesElsewhere } from '../../../src/services/ownership/leases-elsewhere.ts'

function aBench() {
  let nowMs = 0
  const reads: string[] = []
  const elsewhere = leasesElsewhere({
    owners: {
      networks: ['voice', 'lobby'],
      tokenOf: (network) => (network === 'voice' ? 'token' : null),
      ownerOf: (network) => (network === 'voice' ? 'lab/a' : 'lab/b'),
    },
    read: async (network) => {
      reads.push(network)
      return { bindings: [], faults: [] }
    },
    nowMs: () => nowMs,
  })
  const at = (ms: number) => {
    nowMs = ms
  }
  return { elsewhere, reads, at }
}

t.test('the leases of networks without our token are read from the others', async (t) => {
  const { elsewhere } = aBench()
  t.same(elsewhere.networks(), ['lobby'])
  t.equal(elsewhere.ownerOf('lobby'), 'lab/b')
})

t.test('requests within a second cost one read of a network', async (t) => {
  const { elsewhere, reads, at } = aBench()
  await Promise.all([elsewhere.read('lobby'), elsewhere.read('lobby')])
  at(999)
  t.same(await elsewhere.read('lobby'), [])
  t.same(reads, ['lobby'])
  await elsewhere.read('voice')
  t.same(reads, ['lobby', 'voice'], 'each network for itself')
  at(1_000)
  await elsewhere.read('lobby')
  t.same(reads, ['lobby', 'voice', 'lobby'])
})
