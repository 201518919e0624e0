import t from 'tap'
import type { Binding, LeaseChange } from '../../../src/leases/binding.ts'
import type { LeaseStore } from '../../../src/leases/lease-store.ts'
import { RetryingLeaseStore } from '../../../src/leases/retrying-lease-store.ts'
import { leaseService } from '../../../src/services/api/leases.ts'
import { LeaseRouter } from '../../../src/services/ownership/lease-router.ts'
import { aClient, LeaseBench } from '../../support/a-lease-table.ts'
import { ipOf } from '../../support/an-inventory.ts'
import { aRelayedScope, aScope } from '../../support/dhcp-lab.ts'

function storeOf(store: LeaseStore): LeaseRouter {
  const here = new RetryingLeaseStore(store)
  return new LeaseRouter({ here, shared: null, isShared: () => false })
}

function aService() {
  const bench = new LeaseBench([aScope(), aRelayedScope()])
  const committed: LeaseChange[] = []
  const service = leaseService({
    leaseTable: bench.leaseTable,
    store: storeOf({
      load: async () => ({ bindings: [], faults: [] }),
      commit: async (changes) => void committed.push(...changes),
    }),
    nowMs: () => bench.nowMs,
  })
  bench.bind(aClient('b'), '10.20.0.52')
  bench.bind(aClient('a'), '10.20.0.51')
  const grant = { vendorClass: '', hostName: '', relayAgent: '', expiresAtMs: bench.nowMs + 9 }
  bench.leaseTable.bind(
    'floor-3',
    aClient('c'),
    { ...grant, address: ipOf('10.30.0.50') },
    bench.nowMs,
  )
  return { bench, committed, service }
}

t.test('leases come in ascending order of address, by network and by phone', async (t) => {
  const { service } = aService()
  const addresses = async (filter: Parameters<typeof service.list>[0]) =>
    (await service.list(filter)).map(({ address }) => address)
  const [first, second, third] = ['10.20.0.51', '10.20.0.52', '10.30.0.50'].map(ipOf)
  t.same(await addresses({}), [first, second, third])
  t.same(await addresses({ network: 'floor-3' }), [third])
  t.same(await addresses({ mac: aClient('b').mac as never }), [second])
  t.same(await addresses({ network: 'floor-3', mac: aClient('b').mac as never }), [])
})

t.test('a freed address has no owner, on disk as well', async (t) => {
  const { bench, service, committed } = aService()
  t.same(await service.free(ipOf('10.20.0.51')), { kind: 'freed' })
  t.same(committed, [{ kind: 'delete', scope: 'bench', address: ipOf('10.20.0.51') }])
  t.equal(bench.holder('10.20.0.51'), undefined)
  t.same(await service.free(ipOf('10.20.0.51')), { kind: 'not-found' })
  t.equal(committed.length, 1)
})

t.test('a quarantine is ended the same way', async (t) => {
  const { bench, service } = aService()
  const { nowMs } = bench
  const until = { nowMs, untilMs: nowMs + 600_000 }
  bench.leaseTable.quarantine('bench', aClient('a'), ipOf('10.20.0.51'), until)
  t.equal((await service.list({}))[0]?.state, 'declined')
  t.same(await service.free(ipOf('10.20.0.51')), { kind: 'freed' })
  t.equal(bench.leaseTable.at(ipOf('10.20.0.51')), undefined)
})

t.test('what could not be stored has not happened: the holder keeps its address', async (t) => {
  const { bench } = aService()
  const held = bench.leaseTable.at(ipOf('10.20.0.51'))
  const service = leaseService({
    leaseTable: bench.leaseTable,
    store: storeOf({
      load: async () => ({ bindings: [], faults: [] }),
      commit: () => Promise.reject(new Error('disk full')),
    }),
    nowMs: () => bench.nowMs,
  })
  await t.rejects(service.free(ipOf('10.20.0.51')), { message: 'disk full' })
  t.equal(bench.leaseTable.at(ipOf('10.20.0.51')), held)
})

t.test('an address is free once that is on disk, not before', async (t) => {
  const { bench } = aService()
  let store: () => void = () => {}
  const service = leaseService({
    leaseTable: bench.leaseTable,
    store: storeOf({
      load: async () => ({ bindings: [], faults: [] }),
      commit: () => new Promise((resolve) => (store = resolve)),
    }),
    nowMs: () => bench.nowMs,
  })
  const freed = service.free(ipOf('10.20.0.51'))
  t.ok(bench.holder('10.20.0.51'), 'nobody else can be given it yet')
  store()
  await freed
  t.equal(bench.holder('10.20.0.51'), undefined)
})

t.test('a client that renews meanwhile keeps its lease', async (t) => {
  const { bench } = aService()
  const service = leaseService({
    leaseTable: bench.leaseTable,
    store: storeOf({
      load: async () => ({ bindings: [], faults: [] }),
      commit: async () => void bench.bind(aClient('a'), '10.20.0.51'),
    }),
    nowMs: () => bench.nowMs,
  })
  const before = bench.leaseTable.at(ipOf('10.20.0.51'))
  await service.free(ipOf('10.20.0.51'))
  t.ok(bench.holder('10.20.0.51'))
  t.not(bench.leaseTable.at(ipOf('10.20.0.51')), before)
})

t.test('leases of networks that another appliance serves are read where they are', async (t) => {
  const { bench, committed } = aService()
  const there = { ...(bench.leaseTable.at(ipOf('10.20.0.51')) as Binding), scope: 'voice' }
  const elsewhere = {
    networks: () => ['voice'],
    read: async () => [{ ...there, address: ipOf('10.40.0.50') }],
    ownerOf: () => 'sw-b',
  }
  const store = storeOf({
    load: async () => ({ bindings: [], faults: [] }),
    commit: () => Promise.reject(new Error('away')),
  })
  const service = leaseService({
    leaseTable: bench.leaseTable,
    store,
    elsewhere,
    nowMs: () => bench.nowMs,
  })
  const all = await service.list({})
  t.same(
    all.map(({ scope }) => scope),
    ['bench', 'bench', 'floor-3', 'voice'],
  )
  t.equal((await service.list({ network: 'voice' })).length, 1)
  t.same((await service.list({ network: 'bench' })).length, 2)
  t.ok(service.isStored(all[3] as Binding))
  t.same(await service.free(ipOf('10.40.0.50')), { kind: 'not-owner', owner: 'sw-b' })
  t.same(await service.free(ipOf('10.40.0.51')), { kind: 'not-found' })
  await t.rejects(service.free(ipOf('10.20.0.51')))
  t.same(committed, [])
})

t.test('a lease of another appliance is shown, and freed only there', async (t) => {
  const bench = new LeaseBench([aScope()])
  bench.bind(aClient('a'), '10.20.0.51')
  const [own] = [...bench.leaseTable.bindings()] as [Binding]
  const there = { ...own, scope: 'voice', address: ipOf('10.40.0.50') }
  const serviceOf = (ownerOf: string | null) =>
    leaseService({
      leaseTable: bench.leaseTable,
      store: storeOf({
        load: async () => ({ bindings: [], faults: [] }),
        commit: async () => undefined,
      }),
      nowMs: () => bench.nowMs,
      elsewhere: {
        networks: () => ['voice'],
        read: async () => [there],
        ownerOf: () => ownerOf,
      },
    })
  const service = serviceOf('lab/sw-b')
  t.same(
    (await service.list({})).map(({ address }) => address),
    [own.address, there.address],
  )
  t.equal(service.isStored(own), true)
  t.equal(service.isStored(there), true, 'it is in none of our tables')
  t.same(await service.free(there.address), { kind: 'not-owner', owner: 'lab/sw-b' })
  t.same(await serviceOf(null).free(there.address), { kind: 'not-owner', owner: null })
  t.same(await service.free(ipOf('10.40.0.51')), { kind: 'not-found' })
})
