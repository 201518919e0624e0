import t from 'tap'
import type { Binding, LeaseChange } from '../../../src/leases/binding.ts'
import { RetryingLeaseStore } from '../../../src/leases/retrying-lease-store.ts'
import type { Ipv4 } from '../../../src/net/ipv4.ts'
import { NotOwner } from '../../../src/ownership/not-owner.ts'
import { LeaseRouter } from '../../../src/services/ownership/lease-router.ts'
import { SharedLeases } from '../../../src/services/ownership/shared-leases.ts'

const binding = (scope: string, address: number, client = 'hw:01'): Binding => ({
  scope,
  address: address as Ipv4,
  client,
  mac: null,
  state: 'bound',
  grantedAtMs: 0,
  expiresAtMs: 1000,
  vendorClass: '',
  hostName: '',
  relayAgent: '',
})
const put = (scope: string, address: number, client?: string): LeaseChange => ({
  kind: 'put',
  binding: binding(scope, address, client),
})
const remove = (scope: string, address: number): LeaseChange => ({
  kind: 'delete',
  scope,
  address: address as Ipv4,
})

function aBench() {
  const groups: (readonly LeaseChange[])[] = []
  const refused: string[] = []
  const leaseTable = new Map<number, Binding>()
  let fault: Error | null = null
  let nowMs = 0
  const leases = new SharedLeases({
    store: {
      load: async () => ({ bindings: [], faults: [] }),
      commit: async (changes) => {
        groups.push(changes)
        if (fault !== null) throw fault
      },
      isFar: true,
    },
    onRefused: (network) => refused.push(network),
    recordAt: (address) => leaseTable.get(address),
    nowMs: () => nowMs,
  })
  const failWith = (error: Error | null) => (fault = error)
  const pass = (ms: number) => (nowMs += ms)
  return { leases, groups, refused, leaseTable, failWith, pass }
}

t.test('what waits for the commit before it is not stored', async (t) => {
  const { leases } = aBench()
  const [first, second, other] = [put('voice', 1), put('voice', 1), put('voice', 2)]
  leases.expect([first])
  leases.expect([second, other])
  t.notOk(leases.isStored('voice', 1 as Ipv4))
  t.notOk(leases.isStored('voice', 2 as Ipv4))
  t.ok(leases.isStored('other', 1 as Ipv4))
  await leases.commit([first])
  t.notOk(leases.isStored('voice', 1 as Ipv4), 'it was changed again')
  leases.forget('voice')
  t.notOk(leases.isStored('voice', 1 as Ipv4), 'its turn comes all the same')
  await leases.commit([second, other])
  t.ok(leases.isStored('voice', 1 as Ipv4))
  t.ok(leases.isStored('voice', 2 as Ipv4))
})

t.test('a failed write says for a while that the store fails', async (t) => {
  const { leases, failWith, pass } = aBench()
  t.notOk(leases.isFailing('voice'))
  failWith(new Error('away'))
  await t.rejects(leases.commit([put('voice', 1)]))
  t.ok(leases.isFailing('voice'))
  t.notOk(leases.isFailing('lab'))
  pass(5000)
  t.ok(leases.isFailing('voice'), 'a client asks again after 4 s, or 5')
  pass(5000)
  t.notOk(leases.isFailing('voice'), 'somebody must try')
  await t.rejects(leases.commit([put('voice', 2)]))
  failWith(null)
  await leases.commit([put('voice', 3)])
  t.notOk(leases.isFailing('voice'), 'it is well')
  failWith(new Error('away'))
  await t.rejects(leases.commit([put('voice', 1)]))
  leases.forget('voice')
  t.notOk(leases.isFailing('voice'), 'it is another store of another owner')
})

t.test('a renewal that the loss of the store cut short leaves the promise before it', async (t) => {
  const { leases, failWith } = aBench()
  const renewed = { ...binding('voice', 1), expiresAtMs: 9000 }
  leases.load('voice', [binding('voice', 1)])
  t.equal(leases.promiseOf(renewed), renewed, 'the table has it, and nothing says otherwise')
  failWith(new Error('away'))
  await t.rejects(leases.commit([{ kind: 'put', binding: renewed }]))
  t.match(leases.promiseOf(renewed), { client: 'hw:01', expiresAtMs: 1000 })
  t.equal(leases.promiseOf(binding('lab', 1))?.scope, 'lab')
  failWith(null)
  await leases.commit([put('voice', 2)])
  t.equal(leases.promiseOf(renewed), renewed)
})

t.test('a record is stored when its commit is answered, and not before', async (t) => {
  const { leases } = aBench()
  t.ok(leases.isStored('voice', 1 as Ipv4))
  const stored = leases.commit([put('voice', 1)])
  t.notOk(leases.isStored('voice', 1 as Ipv4))
  t.ok(leases.isStored('other', 1 as Ipv4), 'one address on two networks')
  await stored
  t.ok(leases.isStored('voice', 1 as Ipv4))
})

t.test('what may not be stored goes along with the next commit of its network', async (t) => {
  const { leases, groups, failWith } = aBench()
  failWith(new Error('away'))
  const [bound, freed, other] = [put('voice', 1), remove('voice', 2), put('lab', 1)]
  await t.rejects(leases.commit([bound, freed]), { message: 'away' })
  await t.rejects(leases.commit([other]))
  t.notOk(leases.isStored('voice', 1 as Ipv4))
  failWith(null)
  const [again, next] = [put('voice', 1, 'hw:02'), put('voice', 3)]
  await leases.commit([again, next])
  t.same(groups.at(-1), [freed, again, next], 'not what a later change of the address replaces')
  for (const address of [1, 2, 3]) t.ok(leases.isStored('voice', address as Ipv4))
  t.notOk(leases.isStored('lab', 1 as Ipv4))
  await leases.commit([put('voice', 3)])
  t.equal(groups.at(-1)?.length, 1, 'owed once')
})

t.test('a change made while a commit is under way stays owed until its own', async (t) => {
  const { leases } = aBench()
  const first = leases.commit([put('voice', 1)])
  const second = leases.commit([put('voice', 1, 'hw:02')])
  await first
  await second
  t.ok(leases.isStored('voice', 1 as Ipv4))
})

t.test('a refused write says which networks are lost, and nothing of them is owed', async (t) => {
  const { leases, groups, refused, failWith } = aBench()
  failWith(new NotOwner(['voice']))
  await t.rejects(leases.commit([put('voice', 1), put('lab', 1)]))
  t.same(refused, ['voice'])
  t.ok(leases.isStored('voice', 1 as Ipv4))
  t.notOk(leases.isStored('lab', 1 as Ipv4), 'whether that is stored is not known')
  failWith(null)
  const change = put('voice', 2)
  await leases.commit([change])
  t.same(groups.at(-1), [change])
})

t.test('an operator’s change that failed may be stored: the table’s record is owed', async (t) => {
  const { leases, groups, leaseTable, failWith } = aBench()
  leaseTable.set(1, binding('voice', 1))
  failWith(new Error('away'))
  await t.rejects(leases.commitOnce([remove('voice', 1), remove('voice', 2)]))
  t.notOk(leases.isStored('voice', 1 as Ipv4))
  t.ok(leases.isStored('voice', 2 as Ipv4))
  failWith(null)
  await leases.commitOnce([remove('voice', 2)])
  t.notOk(leases.isStored('voice', 1 as Ipv4))
  await leases.commit([put('voice', 3)])
  t.match(groups.at(-1), [put('voice', 1), put('voice', 3)])
  t.ok(leases.isStored('voice', 1 as Ipv4))
})

t.test('changes go where their network is kept', async (t) => {
  const { leases: shared, groups, failWith } = aBench()
  const here: (readonly LeaseChange[])[] = []
  let hereFault: Error | null = null
  const store = new RetryingLeaseStore({
    load: async () => ({ bindings: [], faults: [] }),
    commit: async (changes) => {
      if (hereFault !== null) throw hereFault
      here.push(changes)
    },
  })
  const isShared = (network: string) => network === 'voice'
  const router = new LeaseRouter({ here: store, shared, isShared })
  t.equal(router.laneOf([put('voice', 1)]), 'voice')
  t.equal(router.laneOf([remove('voice', 1)]), 'voice')
  t.equal(router.laneOf([put('bench', 1)]), null)
  t.equal(router.laneOf([]), null)
  const waiting = put('voice', 1)
  router.expect([waiting])
  t.notOk(router.isStored(binding('voice', 1)), 'it waits for its turn')
  await router.commit([waiting])
  t.ok(router.isStored(binding('voice', 1)))
  await router.commit([put('bench', 1)])
  await router.commitOnce([remove('voice', 1)])
  await router.commitOnce([remove('bench', 1)])
  t.same([groups.length, here.length], [2, 2])
  failWith(new Error('away'))
  await t.rejects(
    router.commit([put('voice', 9)]),
    'never owed where another appliance may own the network',
  )
  t.notOk(router.isStored(binding('voice', 9)))
  t.ok(router.isStored(binding('bench', 9)))
  t.same(
    ['voice', 'bench'].map((network) => router.isFailing(network)),
    [true, false],
  )
  t.equal(router.promiseOf(binding('voice', 9)), undefined)
  t.match(router.promiseOf(binding('bench', 9)), { scope: 'bench', address: 9 })
  const alone = new LeaseRouter({ here: store, shared: null, isShared: () => false })
  alone.expect([put('bench', 2)])
  await alone.commit([put('bench', 2)])
  await alone.commitOnce([put('bench', 2)])
  t.equal(alone.laneOf([put('bench', 2)]), null)
  t.ok(alone.isStored(binding('bench', 2)))
  t.match(alone.promiseOf(binding('bench', 2)), { address: 2 })
  t.notOk(alone.isFailing('bench'))
  t.same([router.isStoreFar, alone.isStoreFar], [true, false])
  hereFault = new Error('full')
  await t.rejects(alone.commit([put('bench', 3)]))
  t.equal(alone.promiseOf(binding('bench', 3)), undefined)
  t.equal(here.length, 4)
})

t.test('a network is read from the store that all share', async (t) => {
  const read: (readonly string[])[] = []
  const leases = new SharedLeases({
    store: {
      load: async (networks) => {
        read.push(networks)
        return { bindings: [binding('voice', 1)], faults: ['row 2'] }
      },
      commit: async () => undefined,
      isFar: false,
    },
    onRefused: () => undefined,
    recordAt: () => undefined,
    nowMs: () => 0,
  })
  t.match(await leases.read('voice'), { bindings: [{ address: 1 }], faults: ['row 2'] })
  t.same(read, [['voice']])
})
