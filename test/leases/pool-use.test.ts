import t from 'tap'
import type { Ipv4 } from '../../src/net/ipv4.ts'
import { ip } from '../support/a-dhcp-message.ts'
import { aClient, LeaseBench } from '../support/a-lease-table.ts'
import { aScope } from '../support/dhcp-lab.ts'

t.test('counts what the addresses of a pool are used for', async (t) => {
  const pools = [{ first: ip('10.20.0.50'), last: ip('10.20.0.59') }]
  const bench = new LeaseBench([aScope({ pools })])
  const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map((name) => aClient(name))
  if (!a || !b || !c || !d || !e) throw new Error('five clients')
  const use = () => bench.leaseTable.poolUse('bench', bench.nowMs)
  t.same(use(), { size: 10, bound: 0, offered: 0, declined: 0, free: 10, boundOutside: 0 })
  bench.bind(a, '10.20.0.50')
  bench.bind(b, '10.20.0.10')
  bench.hold(c, '10.20.0.51')
  bench.hold(d, '10.20.0.11')
  const times = { nowMs: bench.nowMs, untilMs: bench.nowMs + 600_000 }
  bench.leaseTable.quarantine('bench', d, ip('10.20.0.52'), times)
  bench.leaseTable.quarantine('bench', d, ip('10.20.0.12'), times)
  bench.bind(e, '10.20.0.53', 10_000)
  bench.leaseTable.load(
    [
      {
        scope: 'elsewhere',
        address: ip('192.0.2.1'),
        client: 'hw:x',
        mac: null,
        state: 'bound',
        grantedAtMs: bench.nowMs,
        expiresAtMs: bench.nowMs + 900_000,
        vendorClass: '',
        hostName: '',
        relayAgent: '',
      },
    ],
    bench.nowMs,
  )
  t.same(use(), { size: 10, bound: 2, offered: 1, declined: 1, free: 6, boundOutside: 1 })
  bench.nowMs += 60_000
  t.same(use(), { size: 10, bound: 1, offered: 0, declined: 1, free: 8, boundOutside: 1 })
})

t.test('an offer of an address that is bound still is not counted twice', async (t) => {
  const bench = new LeaseBench()
  bench.bind(aClient('a'), '10.20.0.50')
  bench.hold(aClient('a'), '10.20.0.50')
  t.match(bench.leaseTable.poolUse('bench', bench.nowMs), { bound: 1, offered: 0, free: 49 })
})

t.test('no count of free addresses is below zero', async (t) => {
  const pools = [{ first: ip('10.20.0.50'), last: ip('10.20.0.50') }]
  const bench = new LeaseBench([aScope({ pools })])
  bench.bind(aClient('a'), '10.20.0.50')
  t.equal(bench.leaseTable.poolUse('bench', bench.nowMs).free, 0)
  t.equal(bench.leaseTable.at(0 as Ipv4), undefined)
})
