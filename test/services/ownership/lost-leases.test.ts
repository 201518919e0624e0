import t from 'tap'
import type { Binding, LeaseChange } from '../../../src/leases/binding.ts'
import type { Ipv4 } from '../../../src/net/ipv4.ts'
import { LostLeases } from '../../../src/services/ownership/lost-leases.ts'

const binding = (address: number, change: Partial<Binding> = {}): Binding => ({
  scope: 'voice',
  address: address as Ipv4,
  client: `hw:${address}`,
  mac: null,
  state: 'bound',
  grantedAtMs: 0,
  expiresAtMs: 100_000,
  vendorClass: '',
  hostName: '',
  relayAgent: '',
  ...change,
})

function aBench() {
  const table = new Map<number, Binding>()
  const stored = new Map<number, Binding>()
  const commits: (readonly LeaseChange[])[] = []
  const found: string[] = []
  const faults: unknown[] = []
  let reads = 0
  let fault: Error | null = null
  let during = () => {}
  const lost = new LostLeases({
    leases: {
      read: async () => {
        reads += 1
        if (fault !== null) throw fault
        return { bindings: [...stored.values()], faults: [] }
      },
      commit: async (changes) => {
        commits.push(changes)
        during()
        for (const one of changes)
          if (one.kind === 'put') stored.set(one.binding.address, one.binding)
      },
    },
    bindings: () => table.values(),
    recordAt: (address) => table.get(address),
    onFound: (network, count) => found.push(`${network} ${count}`),
    onFault: (error) => faults.push(error),
  })
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  const failWith = (error: Error | null) => (fault = error)
  const onCommit = (work: () => void) => (during = work)
  return {
    onCommit,
    lost,
    table,
    stored,
    commits,
    found,
    faults,
    settle,
    failWith,
    reads: () => reads,
  }
}

t.test('after a failover what the table has and the database lacks is stored again', async (t) => {
  const bench = aBench()
  const { lost, table, stored, commits, found, settle } = bench
  const same = binding(1)
  for (const one of [same, binding(2), binding(3), binding(4), binding(9, { scope: 'lobby' })]) {
    table.set(one.address, one)
  }
  stored.set(1, { ...same, expiresAtMs: same.expiresAtMs + 900 })
  stored.set(3, binding(3, { client: 'hw:other' }))
  stored.set(4, binding(4, { expiresAtMs: 50_000 }))
  lost.onBeat('voice', 1)
  lost.onRead('voice', 1)
  lost.onBeat('voice', 1)
  await settle()
  t.equal(bench.reads(), 0, 'as long as it is one server')
  lost.onBeat('voice', 2)
  lost.onBeat('voice', 2)
  await settle()
  t.equal(bench.reads(), 1)
  t.same(
    commits.flat().map((one) => one.kind === 'put' && one.binding.address),
    [2, 3, 4],
  )
  t.same(found, ['voice 3'])
  lost.onBeat('voice', 2)
  await settle()
  t.equal(bench.reads(), 1, 'once')
  lost.onBeat('voice', 3)
  await settle()
  t.equal(commits.length, 1, 'nothing is missing')
  t.same(found, ['voice 3'])
})

t.test('a lease that has changed or gone meanwhile is stored as it is now', async (t) => {
  const { lost, table, commits, settle, onCommit } = aBench()
  for (let address = 1; address <= 1_003; address++) table.set(address, binding(address))
  onCommit(() => {
    table.set(1_001, binding(1_001, { client: 'hw:new' }))
    table.delete(1_002)
    table.set(1_003, binding(1_003, { scope: 'lobby' }))
  })
  lost.onRead('voice', 1)
  lost.onBeat('voice', 2)
  await settle()
  t.equal(commits[0]?.length, 1_000, 'so many at once')
  t.match(commits[1], [{ binding: { client: 'hw:new' } }])
  t.equal(commits[1]?.length, 1)
})

t.test(
  'where it cannot be read it is tried with the next beat; what is given up is not',
  async (t) => {
    const { lost, table, commits, faults, settle, failWith } = aBench()
    table.set(1, binding(1))
    lost.onRead('voice', 1)
    failWith(new Error('away'))
    lost.onBeat('voice', 2)
    await settle()
    t.match(faults, [{ message: 'away' }])
    failWith(null)
    lost.onBeat('voice', 2)
    await settle()
    t.equal(commits.length, 1)
    lost.forget('voice')
    lost.onBeat('voice', 3)
    await settle()
    t.equal(commits.length, 1)
  },
)
