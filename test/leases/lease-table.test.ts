import t from 'tap'
import type { Binding } from '../../src/leases/binding.ts'
import { LeaseTable } from '../../src/leases/lease-table.ts'
import { formatIpv4 } from '../../src/net/ipv4.ts'
import type { Mac } from '../../src/net/mac.ts'
import { parseSubnet, type Subnet } from '../../src/net/subnet.ts'
import { ip } from '../support/a-dhcp-message.ts'
import { aClient, LeaseBench } from '../support/a-lease-table.ts'
import { aRelayedScope, aScope, START_MS } from '../support/dhcp-lab.ts'

const A = aClient('a')
const B = aClient('b')
const C = aClient('c')
const TWO = [{ first: ip('10.20.0.50'), last: ip('10.20.0.51') }]
const small = () => aScope({ pools: TWO })

const row = (parts: Partial<Binding> = {}): Binding => ({
  scope: 'bench',
  address: ip('10.20.0.50'),
  client: A.key,
  mac: A.mac,
  state: 'bound',
  grantedAtMs: START_MS - 1000,
  expiresAtMs: START_MS + 299_000,
  vendorClass: 'v',
  hostName: 'h',
  relayAgent: '0104',
  ...parts,
})

t.test('a hold that a client gives up is free at once', async (t) => {
  const bench = new LeaseBench([small()])
  bench.hold(A, '10.20.0.50')
  bench.hold(B, '10.20.0.51')
  t.ok(bench.leaseTable.dropHold('bench', A.key))
  t.notOk(bench.leaseTable.dropHold('bench', A.key), 'there is no more')
  t.equal(bench.chosen(C), '10.20.0.50 free')
})

t.test('binding stores one row, and takes the former one of the client away', async (t) => {
  const bench = new LeaseBench()
  const first = bench.bind(A, '10.20.0.60')
  t.same(first, [{ kind: 'put', binding: bench.leaseTable.at(ip('10.20.0.60')) }])
  t.same(bench.bind(A, '10.20.0.61'), [
    { kind: 'delete', scope: 'bench', address: ip('10.20.0.60') },
    { kind: 'put', binding: bench.leaseTable.at(ip('10.20.0.61')) },
  ])
  t.equal(bench.holder('10.20.0.60'), undefined)
  t.equal(bench.holder('10.20.0.61'), A.mac)
  t.equal(bench.claimed(B, '10.20.0.60'), 'free')
})

t.test('what a client said earlier is kept where it says nothing now', async (t) => {
  const bench = new LeaseBench()
  const grant = {
    address: ip('10.20.0.60'),
    expiresAtMs: bench.nowMs + 1000,
    vendorClass: 'Cisco Systems, Inc. IP Phone',
    hostName: 'SEP000E84C060A6',
    relayAgent: '0102',
  }
  bench.leaseTable.bind('bench', A, grant, bench.nowMs)
  bench.bind(A, '10.20.0.60')
  const { vendorClass, hostName, relayAgent } = bench.leaseTable.at(ip('10.20.0.60')) as Binding
  t.same(
    { vendorClass, hostName, relayAgent },
    {
      vendorClass: grant.vendorClass,
      hostName: grant.hostName,
      relayAgent: grant.relayAgent,
    },
  )
})

t.test('binding ends the offer of the client, and one on the address', async (t) => {
  const bench = new LeaseBench()
  bench.hold(A, '10.20.0.60')
  bench.hold(B, '10.20.0.61')
  bench.bind(A, '10.20.0.61')
  t.equal(bench.leaseTable.holdOf('bench', A.key, bench.nowMs), undefined)
  t.equal(bench.leaseTable.holdOf('bench', B.key, bench.nowMs), undefined)
})

t.test('RFC 2131 section 4.3.4: a released address is free, its client remembered', async (t) => {
  const bench = new LeaseBench()
  const binding = bindingOf(bench.bind(A, '10.20.0.60'))
  const changes = bench.leaseTable.release(binding, bench.nowMs + 5)
  t.same(changes, [
    { kind: 'put', binding: { ...binding, state: 'released', expiresAtMs: bench.nowMs + 5 } },
  ])
  bench.nowMs += 5
  t.equal(bench.holder('10.20.0.60'), undefined)
  t.equal(bench.chosen(A), '10.20.0.60 previous')
  t.equal(bench.chosen(B, '10.20.0.60'), '10.20.0.60 requested')
})

t.test(
  'RFC 2131 section 4.3.3: a quarantined address is not assigned until its time',
  async (t) => {
    const bench = new LeaseBench([small()])
    bench.hold(A, '10.20.0.50')
    bench.bind(A, '10.20.0.50')
    const untilMs = bench.nowMs + 600_000
    const times = { nowMs: bench.nowMs, untilMs }
    const [change] = bench.leaseTable.quarantine('bench', A, ip('10.20.0.50'), times)
    t.match(change, { kind: 'put', binding: { state: 'declined', expiresAtMs: untilMs } })
    t.equal(bench.claimed(A, '10.20.0.50'), 'declined')
    t.equal(bench.chosen(A, '10.20.0.50'), '10.20.0.51 free')
    t.equal(bench.leaseTable.recordOf('bench', A.key), undefined)
    bench.bind(B, '10.20.0.51', 1_000_000)
    t.equal(bench.chosen(C), 'none')
    bench.nowMs = untilMs
    t.equal(bench.chosen(C), '10.20.0.50 free')
  },
)

t.test('an address found in use while it was offered leaves the offer too', async (t) => {
  const bench = new LeaseBench([small()])
  bench.hold(A, '10.20.0.50')
  const times = { nowMs: bench.nowMs, untilMs: bench.nowMs + 1000 }
  bench.leaseTable.quarantine('bench', A, ip('10.20.0.50'), times)
  t.equal(bench.leaseTable.holdOf('bench', A.key, bench.nowMs), undefined)
})

t.test('an operator frees an address, also a quarantined one', async (t) => {
  const bench = new LeaseBench([small()])
  bench.bind(A, '10.20.0.50')
  const times = { nowMs: bench.nowMs, untilMs: bench.nowMs + 1000 }
  bench.leaseTable.quarantine('bench', B, ip('10.20.0.51'), times)
  t.same(bench.leaseTable.free(ip('10.20.0.51'), bench.nowMs), [
    { kind: 'delete', scope: 'bench', address: ip('10.20.0.51') },
  ])
  t.same(bench.leaseTable.free(ip('10.20.0.50'), bench.nowMs), [
    { kind: 'delete', scope: 'bench', address: ip('10.20.0.50') },
  ])
  t.same(bench.leaseTable.free(ip('10.20.0.50'), bench.nowMs), [], 'nothing there')
  t.equal(bench.leaseTable.recordOf('bench', A.key), undefined)
  t.match(bench.chosen(C), / free$/)
})

t.test('says which client an address is, and only while the lease lasts', async (t) => {
  const bench = new LeaseBench()
  bench.bind(A, '10.20.0.60')
  t.equal(bench.leaseTable.clientAt(ip('10.20.0.60'), bench.nowMs)?.client, A.key)
  t.equal(bench.leaseTable.clientAt(ip('10.20.0.61'), bench.nowMs), undefined)
  bench.nowMs += 300_000
  t.equal(bench.leaseTable.clientAt(ip('10.20.0.60'), bench.nowMs), undefined)
  t.same(
    [...bench.leaseTable.bindings()].map(({ address }) => formatIpv4(address)),
    ['10.20.0.60'],
  )
})

t.test('stored bindings are live again after a restart', async (t) => {
  const bench = new LeaseBench()
  t.same(bench.leaseTable.load([row()], bench.nowMs), [])
  t.equal(bench.chosen(A), '10.20.0.50 current')
  t.equal(bench.chosen(B), '10.20.0.51 free')
})

t.test('any table can be loaded, and what is live in it is never given away', async (t) => {
  const dayMs = 86_400_000
  const cases: readonly { why: string; rows: readonly Binding[]; faults: number }[] = [
    { why: 'no rows', rows: [], faults: 0 },
    { why: 'a broken row', rows: [row({ client: '' }), row()], faults: 1 },
    {
      why: 'two rows for one client',
      rows: [row(), row({ address: ip('10.20.0.51'), grantedAtMs: START_MS - 10 })],
      faults: 0,
    },
    {
      why: 'the same, newer first',
      rows: [row({ address: ip('10.20.0.51'), grantedAtMs: START_MS - 10 }), row()],
      faults: 0,
    },
    {
      why: 'two rows for one address',
      rows: [row(), row({ client: B.key, expiresAtMs: 5 })],
      faults: 0,
    },
    { why: 'outside the pool', rows: [row({ address: ip('10.20.0.200') })], faults: 0 },
    { why: 'outside all networks', rows: [row({ address: ip('192.0.2.7') })], faults: 0 },
    { why: 'of a network that is gone', rows: [row({ scope: 'gone' })], faults: 0 },
    { why: 'long expired', rows: [row({ grantedAtMs: 1, expiresAtMs: 2 })], faults: 0 },
    {
      why: 'from the future',
      rows: [row({ grantedAtMs: START_MS + dayMs, expiresAtMs: START_MS + 2 * dayMs })],
      faults: 1,
    },
  ]
  for (const { why, rows, faults } of cases) {
    const bench = new LeaseBench([small()])
    t.equal(bench.leaseTable.load(rows, bench.nowMs).length, faults, why)
    const live = rows.filter(({ client, expiresAtMs }) => client !== '' && expiresAtMs > START_MS)
    const given = [bench.choose(B)?.address, bench.choose(C)?.address]
    for (const { address } of live) t.notOk(given.includes(address), `${why}: given away`)
  }
})

t.test('of two rows for one client the newer is its binding', async (t) => {
  const newer = row({ address: ip('10.20.0.51'), grantedAtMs: START_MS - 10 })
  for (const rows of [
    [row(), newer],
    [newer, row()],
  ]) {
    const bench = new LeaseBench()
    bench.leaseTable.load(rows, bench.nowMs)
    t.equal(bench.chosen(A), '10.20.0.51 current')
    t.equal(bench.claimed(A, '10.20.0.50'), 'bound', 'the other holds as well')
  }
})

t.test('a network that was renamed keeps its leases', async (t) => {
  const bench = new LeaseBench()
  bench.bind(A, '10.20.0.60')
  bench.leaseTable.replaceScopes([aScope({ name: 'lab' })])
  t.equal(bench.leaseTable.recordOf('lab', A.key)?.scope, 'lab')
  t.throws(() => bench.leaseTable.recordOf('bench', A.key), /no scope bench/)
})

t.test('a pool edit strands no live lease and gives none twice', async (t) => {
  const bench = new LeaseBench()
  bench.bind(A, '10.20.0.60')
  bench.hold(B, '10.20.0.61')
  bench.leaseTable.replaceScopes([small()])
  t.match(bench.claim(A, '10.20.0.60'), { kind: 'bound', mayExtend: false }, 'it runs out')
  t.equal(bench.chosen(A), '10.20.0.50 free', 'when it asks again, it gets one of the new pool')
  t.match(bench.chosen(B), / free$/, 'an offer outside the pool is off')
  bench.leaseTable.replaceScopes([aScope()])
  t.equal(bench.chosen(C, '10.20.0.60'), '10.20.0.50 free', '.60 is still taken')
  t.match(bench.claim(A, '10.20.0.60'), { kind: 'bound', mayExtend: true })
})

t.test('a running offer outlives an edit, unless its network moves away', async (t) => {
  const bench = new LeaseBench()
  bench.hold(A, '10.20.0.60')
  bench.leaseTable.replaceScopes([aScope()])
  t.equal(bench.chosen(A), '10.20.0.60 offered')
  const elsewhere = parseSubnet('10.77.0.0/24') as Subnet
  const pools = [{ first: ip('10.77.0.5'), last: ip('10.77.0.9') }]
  bench.leaseTable.replaceScopes([aScope({ subnet: elsewhere, pools })])
  t.equal(bench.chosen(A), '10.77.0.5 free')
})

t.test('one client has a binding on each network', async (t) => {
  const leaseTable = new LeaseTable([aScope(), aRelayedScope()], { ownerOf: () => undefined })
  const grant = { expiresAtMs: START_MS + 1000, vendorClass: '', hostName: '', relayAgent: '' }
  leaseTable.bind('bench', A, { ...grant, address: ip('10.20.0.60') }, START_MS)
  leaseTable.bind('floor-3', A, { ...grant, address: ip('10.30.0.60') }, START_MS)
  t.equal(leaseTable.clientAt(ip('10.20.0.60'), START_MS)?.scope, 'bench')
  t.equal(leaseTable.clientAt(ip('10.30.0.60'), START_MS)?.scope, 'floor-3')
  t.ok(leaseTable.release(row({ scope: 'gone', address: ip('192.0.2.9') }), START_MS), 'in none')
  const gone = { kind: 'delete', scope: 'gone', address: ip('192.0.2.9') } as const
  t.same(leaseTable.free(ip('192.0.2.9'), START_MS), [gone])
})

t.test('names the client that was silent for longest, sparing what is not to be had', async (t) => {
  const bench = new LeaseBench()
  const silent = () => bench.leaseTable.longestSilent('bench', 60_000, bench.nowMs)
  t.equal(silent(), undefined, 'nobody there')
  bench.bind(A, '10.20.0.50', 1_000_000)
  bench.nowMs += 1000
  bench.bind(B, '10.20.0.51', 1_000_000)
  t.equal(silent(), undefined, 'both were just heard')
  bench.nowMs += 60_000
  t.equal(silent()?.client, A.key)
  bench.leaseTable.markHeard('bench', ip('10.20.0.50'), bench.nowMs)
  t.equal(silent()?.client, B.key)
  bench.owners.set(ip('10.20.0.51'), B.mac as Mac)
  t.equal(silent(), undefined, 'reserved')
  bench.nowMs += 60_000
  bench.hold(C, '10.20.0.50')
  t.equal(silent(), undefined, 'somebody is after it already')
  bench.owners.clear()
  bench.nowMs += 60_000
  t.ok(silent())
  bench.nowMs += 1_000_000
  t.equal(silent(), undefined, 'expired ones are free anyway')
})

t.test('of leases from before it was asked, those of the pool count', async (t) => {
  const bench = new LeaseBench([
    aScope({ reservations: [{ mac: A.mac as Mac, address: ip('10.20.0.10') }] }),
  ])
  bench.bind(A, '10.20.0.10', 1_000_000)
  bench.bind(B, '10.20.0.51', 1_000_000)
  bench.nowMs += 60_000
  bench.bind(C, '10.20.0.52', 1_000_000)
  const silent = () => bench.leaseTable.longestSilent('bench', 60_000, bench.nowMs)
  t.equal(silent()?.client, B.key, 'not the reserved one, which was silent for as long')
  bench.bind(B, '10.20.0.51', 1_000_000)
  t.equal(silent(), undefined)
  bench.nowMs += 60_000
  t.ok(silent(), 'and later ones count as well')
})

t.test('has reservations of the configuration file by hardware address', async (t) => {
  const reservations = [{ mac: A.mac as Mac, address: ip('10.20.0.10') }]
  const bench = new LeaseBench([aScope({ reservations })])
  t.ok(bench.leaseTable.hasReservation('bench', A.mac as Mac))
  t.notOk(bench.leaseTable.hasReservation('bench', B.mac as Mac))
  t.equal(bench.chosen(A), '10.20.0.10 reservation')
  bench.bind(A, '10.20.0.10')
  t.equal(bench.choose(A)?.binding?.address, ip('10.20.0.10'))
})

t.test('the number of offers is bounded', async (t) => {
  const bench = new LeaseBench([aScope()], 2)
  bench.hold(A, '10.20.0.50')
  bench.hold(B, '10.20.0.51')
  bench.hold(C, '10.20.0.52')
  t.equal(bench.leaseTable.holdOf('bench', A.key, bench.nowMs), undefined)
  t.equal(bench.chosen(aClient('d'), '10.20.0.50'), '10.20.0.50 requested', 'and free again')
})

function bindingOf(changes: ReturnType<LeaseBench['bind']>): Binding {
  const change = changes.at(-1)
  if (change?.kind !== 'put') throw new Error('nothing was bound')
  return change.binding
}

t.test(
  'whether a device has a lease is known by its MAC address, through every change',
  async (t) => {
    const bench = new LeaseBench()
    const [phone, other] = [aClient('a'), aClient('b')]
    const has = ({ mac }: typeof phone) =>
      mac !== null && bench.leaseTable.hasLease(mac, bench.nowMs)
    t.notOk(has(phone), 'before its first')
    bench.bind(phone, '10.20.0.50')
    bench.bind(phone, '10.20.0.50')
    t.ok(has(phone))
    t.notOk(has(other))
    bench.bind(phone, '10.20.0.51')
    bench.bind(other, '10.20.0.50')
    t.ok(has(phone), 'after it moved')
    t.ok(has(other), 'and at the address that it left')
    bench.leaseTable.free(ip('10.20.0.51'), bench.nowMs)
    t.notOk(has(phone), 'freed')
    bench.nowMs += 300_000
    t.notOk(has(other), 'run out')
  },
)

t.test('the lease of a device is found by network while it lasts', async (t) => {
  const bench = new LeaseBench([small(), aRelayedScope()])
  const mac = A.mac as Mac
  t.equal(bench.leaseTable.leaseOf('bench', mac, bench.nowMs), undefined)
  bench.bind(A, '10.20.0.50', 1000)
  t.equal(bench.leaseTable.leaseOf('bench', mac, bench.nowMs)?.address, ip('10.20.0.50'))
  t.equal(bench.leaseTable.leaseOf('floor-3', mac, bench.nowMs), undefined)
  t.equal(bench.leaseTable.leaseOf('bench', mac, bench.nowMs + 1000), undefined, 'it has run out')
})

t.test(
  'R1: an address whose lease ends early stays for its client where that was not heard',
  async (t) => {
    const [phone, other] = [aClient('a'), aClient('b')]
    const endings = {
      release: (bench: LeaseBench) => {
        bench.leaseTable.release(bench.leaseTable.at(ip('10.20.0.50')) as Binding, bench.nowMs)
      },
      'another address': (bench: LeaseBench) => bench.bind(phone, '10.20.0.60'),
      operator: (bench: LeaseBench) => {
        const freeing = bench.leaseTable.freeing(ip('10.20.0.50'), bench.nowMs)
        t.match(freeing, [{ kind: 'put', binding: { state: 'released' } }])
        t.ok(bench.leaseTable.clientAt(ip('10.20.0.50'), bench.nowMs), 'only said, not done')
        t.same(bench.leaseTable.free(ip('10.20.0.50'), bench.nowMs), freeing)
      },
    }
    for (const [name, end] of Object.entries(endings)) {
      const bench = new LeaseBench([
        aScope({
          pools: [
            { first: ip('10.20.0.50'), last: ip('10.20.0.50') },
            { first: ip('10.20.0.60'), last: ip('10.20.0.60') },
          ],
        }),
      ])
      bench.bind(phone, '10.20.0.50')
      bench.leaseTable.keepEnded('bench', true)
      t.ok(bench.leaseTable.keepsEnded('bench'))
      bench.nowMs += 100_000
      end(bench)
      t.equal(bench.holder('10.20.0.50'), undefined, name)
      t.equal(bench.claimed(other, '10.20.0.50'), 'taken', name)
      if (name !== 'another address') {
        t.equal(bench.chosen(other), '10.20.0.60 free', name)
        t.equal(bench.chosen(phone), '10.20.0.50 previous', name)
        t.equal(bench.claimed(phone, '10.20.0.50'), 'free', name)
      } else t.equal(bench.chosen(other), 'none', name)
      bench.leaseTable.keepEnded('bench', false)
      t.notOk(bench.leaseTable.keepsEnded('bench'))
      t.equal(
        bench.claimed(other, '10.20.0.50'),
        'taken',
        'that time is over, the old lease is not',
      )
      bench.nowMs += 200_001
      t.equal(bench.claimed(other, '10.20.0.50'), 'free', name)
    }
  },
)

t.test('R1: nor is an address out of quarantine before its lease would have run out', async (t) => {
  const bench = new LeaseBench()
  bench.leaseTable.keepEnded('bench', true)
  const [phone, other] = [aClient('a'), aClient('b')]
  const until = { nowMs: bench.nowMs, untilMs: bench.nowMs + 60_000 }
  bench.leaseTable.quarantine('bench', other, ip('10.20.0.51'), until)
  t.equal(bench.leaseTable.at(ip('10.20.0.51'))?.expiresAtMs, bench.nowMs + 60_000)
  bench.bind(phone, '10.20.0.50')
  bench.leaseTable.quarantine('bench', phone, ip('10.20.0.50'), until)
  t.equal(bench.leaseTable.at(ip('10.20.0.50'))?.expiresAtMs, bench.nowMs + 300_000)
  t.equal(bench.claimed(phone, '10.20.0.50'), 'declined', 'for nobody')
})

t.test('R1: what has run out already is forgotten as ever', async (t) => {
  const bench = new LeaseBench()
  bench.leaseTable.keepEnded('bench', true)
  bench.bind(aClient('a'), '10.20.0.50')
  bench.nowMs += 300_001
  t.match(bench.leaseTable.free(ip('10.20.0.50'), bench.nowMs), [{ kind: 'delete' }])
  t.same(bench.leaseTable.freeing(ip('10.20.0.50'), bench.nowMs), [])
})

t.test('R2: an address rests after its lease before another client gets it', async (t) => {
  const pools = [{ first: ip('10.20.0.50'), last: ip('10.20.0.50') }]
  const bench = new LeaseBench([aScope({ pools, reuseAfterMs: 60_000 })])
  const [phone, other] = [aClient('a'), aClient('b')]
  bench.bind(phone, '10.20.0.50')
  bench.nowMs += 300_001
  t.equal(bench.claimed(other, '10.20.0.50'), 'taken')
  t.equal(bench.chosen(other), 'none')
  t.equal(bench.chosen(phone), '10.20.0.50 previous', 'its own it gets')
  bench.nowMs += 60_000
  t.equal(bench.claimed(other, '10.20.0.50'), 'free')
  t.equal(bench.chosen(other), '10.20.0.50 free')
})

t.test('forgets a scope whole, and nothing else', async (t) => {
  const bench = new LeaseBench([aScope(), aRelayedScope()])
  bench.bind(aClient('a'), '10.20.0.50')
  bench.hold(aClient('b'), '10.20.0.51')
  const grant = { expiresAtMs: bench.nowMs + 9, vendorClass: '', hostName: '', relayAgent: '' }
  bench.leaseTable.bind('floor-3', A, { ...grant, address: ip('10.30.0.60') }, bench.nowMs)
  bench.leaseTable.forget('bench')
  t.same(
    [...bench.leaseTable.bindings()].map(({ scope }) => scope),
    ['floor-3'],
  )
  t.equal(bench.leaseTable.holdOf('bench', aClient('b').key, bench.nowMs), undefined)
  t.equal(bench.chosen(aClient('c')), '10.20.0.50 free', 'the pool begins again')
  t.throws(() => bench.leaseTable.forget('gone'))
})
