import t from 'tap'
import type { Binding } from '../../src/leases/binding.ts'
import { isLiveBound } from '../../src/leases/lease-decision.ts'
import type { Mac } from '../../src/net/mac.ts'
import { ip } from '../support/a-dhcp-message.ts'
import { aClient, LeaseBench } from '../support/a-lease-table.ts'
import { aScope } from '../support/dhcp-lab.ts'

const A = aClient('a')
const B = aClient('b')
const C = aClient('c')
const TWO = [{ first: ip('10.20.0.50'), last: ip('10.20.0.51') }]
const small = () => aScope({ pools: TWO })

t.test('a binding is live while it is bound and its time is not over', async (t) => {
  const lasting = { state: 'bound', expiresAtMs: 10 } as Binding
  t.ok(isLiveBound(lasting, 9))
  t.notOk(isLiveBound(lasting, 10))
  for (const state of ['released', 'declined'] as const) {
    t.notOk(isLiveBound({ ...lasting, state }, 9), state)
  }
})

t.test('RFC 2131 section 4.3.1: reservation, current, previous, requested, then any', async (t) => {
  const bench = new LeaseBench()
  t.equal(bench.chosen(A), '10.20.0.50 free', 'nothing known')
  t.equal(bench.chosen(A, '10.20.0.77'), '10.20.0.77 requested')
  bench.bind(A, '10.20.0.60')
  t.equal(bench.chosen(A, '10.20.0.77'), '10.20.0.60 current')
  t.equal(bench.choose(A)?.binding?.address, ip('10.20.0.60'))
  bench.nowMs += 300_000
  t.equal(bench.chosen(A, '10.20.0.77'), '10.20.0.60 previous', 'expired')
  t.equal(bench.choose(A)?.binding, null)
  bench.owners.set(ip('10.20.0.10'), A.mac as Mac)
  const fixed = { ...A, fixedAddress: ip('10.20.0.10') }
  t.equal(bench.chosen(fixed, '10.20.0.77'), '10.20.0.10 reservation')
})

t.test('RFC 2131 section 4.3.1: an address that cannot be had is not given', async (t) => {
  const bench = new LeaseBench()
  bench.bind(B, '10.20.0.60')
  bench.hold(C, '10.20.0.61')
  bench.owners.set(ip('10.20.0.62'), B.mac as Mac)
  const cases = [
    { why: 'bound to another', requested: '10.20.0.60' },
    { why: 'offered to another', requested: '10.20.0.61' },
    { why: 'reserved for another', requested: '10.20.0.62' },
    { why: 'outside the pool', requested: '10.20.0.10' },
    { why: 'outside the subnet', requested: '10.99.0.10' },
    { why: 'our own', requested: '10.20.0.2' },
    { why: 'the broadcast address', requested: '10.20.0.255' },
  ]
  for (const { why, requested } of cases) t.match(bench.chosen(A, requested), / free$/, why)
})

t.test(
  'RFC 2131 section 4.3.1: an offered address is for no other client until its time',
  async (t) => {
    const bench = new LeaseBench([small()])
    bench.hold(A, '10.20.0.50')
    t.equal(bench.chosen(A), '10.20.0.50 offered')
    t.equal(bench.leaseTable.holdOf('bench', A.key, bench.nowMs)?.address, ip('10.20.0.50'))
    t.equal(bench.chosen(B, '10.20.0.50'), '10.20.0.51 free')
    bench.hold(B, '10.20.0.51')
    t.equal(bench.chosen(C), 'none')
    bench.nowMs += 60_000
    t.equal(bench.leaseTable.holdOf('bench', A.key, bench.nowMs), undefined)
    t.equal(bench.chosen(C, '10.20.0.50'), '10.20.0.50 requested')
  },
)

t.test('a full pool gives what has been free for longest, live leases never', async (t) => {
  const bench = new LeaseBench([small()])
  bench.bind(A, '10.20.0.50', 200_000)
  bench.bind(B, '10.20.0.51', 100_000)
  t.equal(bench.chosen(C), 'none')
  bench.nowMs += 100_000
  t.equal(bench.chosen(C), '10.20.0.51 free')
  bench.nowMs += 100_000
  t.equal(bench.chosen(C), '10.20.0.51 free', 'longer than .50')
  bench.bind(C, '10.20.0.51')
  t.equal(bench.chosen(B), '10.20.0.50 free', 'its previous one is taken')
  t.equal(bench.chosen(A), '10.20.0.50 previous')
})

t.test('never used addresses go before used ones', async (t) => {
  const bench = new LeaseBench([small()])
  bench.bind(A, '10.20.0.50')
  bench.leaseTable.release(bench.leaseTable.at(ip('10.20.0.50')) as Binding, bench.nowMs)
  t.equal(bench.chosen(B), '10.20.0.51 free')
})

t.test('a reserved phone gets its address from a pool that others have emptied', async (t) => {
  const bench = new LeaseBench([small()])
  bench.owners.set(ip('10.20.0.50'), A.mac as Mac)
  t.equal(bench.chosen(B), '10.20.0.51 free', '.50 is not for B')
  bench.bind(B, '10.20.0.51')
  t.equal(bench.chosen(C), 'none')
  t.equal(bench.chosen(C), 'none', 'and stays so')
  t.equal(bench.chosen({ ...A, fixedAddress: ip('10.20.0.50') }), '10.20.0.50 reservation')
  bench.owners.clear()
  bench.nowMs += 60_000
  t.equal(bench.chosen(C), '10.20.0.50 free', 'a reservation that went away strands nothing')
})

t.test('two firmwares of a phone share its reservation, not what belongs to others', async (t) => {
  const bench = new LeaseBench()
  const fixedAddress = ip('10.20.0.61')
  bench.owners.set(fixedAddress, A.mac as Mac)
  const byHardware = { ...A, fixedAddress }
  const byIdentifier = { ...byHardware, key: 'id:00AA' }
  bench.hold(byHardware, '10.20.0.61')
  t.equal(bench.chosen(byIdentifier), '10.20.0.61 reservation', 'also while it is offered')
  t.equal(bench.claimed(byIdentifier, '10.20.0.61'), 'free')
  bench.bind(byHardware, '10.20.0.61')
  t.equal(bench.chosen(byIdentifier), '10.20.0.61 reservation')
  t.equal(bench.claimed(byIdentifier, '10.20.0.61'), 'bound')
  bench.bind(byIdentifier, '10.20.0.61')
  t.equal(bench.leaseTable.recordOf('bench', A.key), undefined, 'one binding is left')
  t.equal(bench.claimed(B, '10.20.0.61'), 'taken')
  const dynamic = { ...C, key: 'id:00BB' }
  bench.bind(C, '10.20.0.70')
  t.equal(bench.claimed(dynamic, '10.20.0.70'), 'taken', 'no reservation: two clients')
})

t.test('RFC 2131 section 4.3.2: claims are judged by the record', async (t) => {
  const bench = new LeaseBench()
  bench.bind(A, '10.20.0.60')
  bench.hold(B, '10.20.0.61')
  bench.owners.set(ip('10.20.0.62'), B.mac as Mac)
  t.same(bench.claim(A, '10.20.0.60'), {
    kind: 'bound',
    binding: bench.leaseTable.at(ip('10.20.0.60')),
    mayExtend: true,
  })
  t.same(bench.claim(B, '10.20.0.61'), { kind: 'offered', isKnown: false })
  t.same(bench.claim(C, '10.20.0.70'), { kind: 'free', isKnown: false })
  t.same(bench.claim({ ...B, fixedAddress: ip('10.20.0.62') }, '10.20.0.62'), {
    kind: 'free',
    isKnown: true,
  })
  t.equal(bench.claimed(C, '10.20.0.60'), 'taken')
  t.equal(bench.claimed(C, '10.20.0.61'), 'offered-to-another')
  t.equal(bench.claimed(C, '10.20.0.62'), 'not-available')
  t.equal(bench.claimed(C, '10.20.0.10'), 'not-available')
  bench.nowMs += 300_000
  t.same(bench.claim(A, '10.20.0.60'), { kind: 'free', isKnown: true }, 'expired, but its own')
})

t.test('a reservation edit lets the present holder finish and the owner wait', async (t) => {
  const bench = new LeaseBench()
  bench.bind(B, '10.20.0.60')
  bench.owners.set(ip('10.20.0.60'), A.mac as Mac)
  const owner = { ...A, fixedAddress: ip('10.20.0.60') }
  t.match(bench.claim(B, '10.20.0.60'), { kind: 'bound', mayExtend: false })
  t.equal(bench.chosen(owner), '10.20.0.50 free')
  bench.bind(owner, '10.20.0.50')
  bench.nowMs += 299_999
  t.match(bench.claim(owner, '10.20.0.50'), { kind: 'bound', mayExtend: true }, 'not free yet')
  bench.nowMs += 1
  bench.bind(owner, '10.20.0.50')
  t.match(bench.claim(owner, '10.20.0.50'), { kind: 'bound', mayExtend: false }, 'now it is')
  t.equal(bench.chosen(owner), '10.20.0.60 reservation')
})
