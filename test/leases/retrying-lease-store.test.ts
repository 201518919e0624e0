import t from 'tap'
import type { Binding, LeaseChange } from '../../src/leases/binding.ts'
import type { LeaseStore } from '../../src/leases/lease-store.ts'
import { RetryingLeaseStore } from '../../src/leases/retrying-lease-store.ts'
import { formatIpv4, type Ipv4 } from '../../src/net/ipv4.ts'
import { ip, PHONE_MAC } from '../support/a-dhcp-message.ts'

const OLD = ip('10.20.0.50')
const NEW = ip('10.20.0.51')

const put = (address: Ipv4, grantedAtMs = 0): LeaseChange => ({
  kind: 'put',
  binding: {
    scope: 'bench',
    address,
    client: 'hw:01000e84c060a6',
    mac: PHONE_MAC,
    state: 'bound',
    grantedAtMs,
    expiresAtMs: 300_000,
    vendorClass: '',
    hostName: '',
    relayAgent: '',
  },
})
const remove = (address: Ipv4): LeaseChange => ({ kind: 'delete', scope: 'bench', address })

/** A disk that can be full. */
class Disk implements LeaseStore {
  readonly rows = new Map<Ipv4, Binding>()
  commits = 0
  isFull = false

  async load() {
    return { bindings: [...this.rows.values()], faults: [] }
  }

  async commit(changes: readonly LeaseChange[]): Promise<void> {
    this.commits++
    if (this.isFull) throw new Error('full')
    for (const change of changes) {
      if (change.kind === 'put') this.rows.set(change.binding.address, change.binding)
      else this.rows.delete(change.address)
    }
  }
}

function aStore() {
  const disk = new Disk()
  const store = new RetryingLeaseStore(disk)
  const addresses = () => [...disk.rows.keys()].map(formatIpv4).sort()
  return { disk, store, addresses }
}

/** Everything that runs by itself has run. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

t.test('a client that moved while the disk was full leaves no row behind', async (t) => {
  const { disk, store, addresses } = aStore()
  await store.commit([put(OLD)])
  disk.isFull = true
  await t.rejects(store.commit([remove(OLD), put(NEW)]), { message: 'full' })
  t.notOk(store.isStored(OLD))
  t.notOk(store.isStored(NEW))
  disk.isFull = false
  await store.commit([put(ip('10.20.0.60'))])
  await settled()
  t.same(addresses(), ['10.20.0.51', '10.20.0.60'])
  t.ok(store.isStored(OLD))
  t.ok(store.isStored(NEW))
  t.match(await store.load(), { bindings: { length: 2 } })
})

t.test('a later change takes the place of what is owed', async (t) => {
  const { disk, store, addresses } = aStore()
  disk.isFull = true
  await t.rejects(store.commit([put(OLD, 1)]))
  await t.rejects(store.commit([put(OLD, 2), put(NEW, 2)]))
  disk.isFull = false
  await store.commit([put(OLD, 3)])
  await settled()
  t.same(addresses(), ['10.20.0.50', '10.20.0.51'])
  t.equal(disk.rows.get(OLD)?.grantedAtMs, 3, 'the latest')
  t.equal(disk.commits, 4, 'two that failed, the new one, what was owed')
  await store.commit([remove(OLD)])
  await settled()
  t.equal(disk.commits, 5, 'nothing is owed any more')
})

t.test('what is owed is stored in one go, though others commit meanwhile', async (t) => {
  const { disk, store } = aStore()
  disk.isFull = true
  await t.rejects(store.commit([put(OLD)]))
  disk.isFull = false
  await Promise.all([store.commit([put(NEW)]), store.commit([put(NEW)])])
  await settled()
  t.equal(disk.commits, 4)
})

t.test('a disk that is full again: what is owed stays owed, and fails no commit', async (t) => {
  const { disk, store, addresses } = aStore()
  disk.isFull = true
  await t.rejects(store.commit([put(OLD)]))
  disk.isFull = false
  const commit = store.commit([put(NEW)])
  disk.isFull = true
  await commit
  await settled()
  t.notOk(store.isStored(OLD))
  disk.isFull = false
  await store.commit([put(NEW)])
  await settled()
  t.same(addresses(), ['10.20.0.50', '10.20.0.51'])
})

t.test('a change that is tried once is not owed, and what was owed before still is', async (t) => {
  const { disk, store, addresses } = aStore()
  await store.commit([put(OLD)])
  disk.isFull = true
  await t.rejects(store.commit([put(NEW)]))
  await t.rejects(store.commitOnce([remove(OLD), remove(NEW)]), { message: 'full' })
  t.ok(store.isStored(OLD))
  t.notOk(store.isStored(NEW))
  disk.isFull = false
  await store.commit([])
  await settled()
  t.same(addresses(), ['10.20.0.50', '10.20.0.51'])
  await store.commitOnce([remove(OLD)])
  t.same(addresses(), ['10.20.0.51'])
})
