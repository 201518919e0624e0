import t from 'tap'
import type { Exchange } from '../../src/dhcp/exchange.ts'
import { PendingProbes, type ProbeSubject } from '../../src/dhcp/pending-probes.ts'
import { type Ipv4, ipv4Plus } from '../../src/net/ipv4.ts'
import { aDiscover, ip } from '../support/a-dhcp-message.ts'
import { aRelayedScope, aScope, outcomeOf, START_MS } from '../support/dhcp-lab.ts'

const ADDRESS = ip('10.20.0.50')

function anExchange(key: string, parts: Partial<Exchange> = {}): Exchange {
  const base = { scope: aScope(), client: { key }, facts: { xid: 1 }, relay: new Map() }
  return { ...base, message: aDiscover(), nowMs: START_MS, ...parts } as unknown as Exchange
}

const offering = (address: Ipv4 = ADDRESS): ProbeSubject => ({
  kind: 'offer',
  choice: { address, rule: 'free', binding: null },
})

t.test('a wait is found by its client on its network, and ends once', async (t) => {
  const probes = new PendingProbes()
  const begun = outcomeOf(probes.begin(anExchange('hw:a'), offering(), 1))
  t.same(begun.kinds, ['probe', 'wake', 'event'])
  t.equal(probes.of(anExchange('hw:a'))?.address, ADDRESS)
  t.equal(probes.of(anExchange('hw:b')), undefined)
  t.equal(probes.of(anExchange('hw:a', { scope: aRelayedScope() })), undefined, 'another network')
  t.equal(probes.take(ADDRESS, 'eth0.121'), undefined, 'another interface')
  t.equal(probes.take(ADDRESS, 'eth0.120')?.round, 1)
  t.equal(probes.take(ADDRESS, 'eth0.120'), undefined)
})

t.test('a wait ends at its deadline', async (t) => {
  const probes = new PendingProbes()
  probes.begin(anExchange('hw:a'), offering(), 1)
  t.same(probes.takeOverdue(START_MS + 999), [])
  t.equal(probes.takeOverdue(START_MS + 1000).length, 1)
  t.same(probes.takeOverdue(START_MS + 1000), [])
})

t.test('a repeat takes the place of the message, not of the wait', async (t) => {
  const probes = new PendingProbes()
  probes.begin(anExchange('hw:a'), offering(), 2)
  const pending = probes.of(anExchange('hw:a'))
  if (pending === undefined) throw new Error('nobody waits')
  const later = anExchange('hw:a', { message: aDiscover({ header: { xid: 9 } }) })
  t.same(outcomeOf(probes.renew(pending, later)).kinds, ['event'])
  const taken = probes.take(ADDRESS, 'eth0.120')
  t.equal(taken?.exchange.message.xid, 9)
  t.match(taken, { round: 2, deadlineAtMs: START_MS + 1000 })
})

t.test('the number that waits is bounded, and all can be sent away', async (t) => {
  const probes = new PendingProbes()
  for (let index = 0; index < 256; index++) {
    t.notOk(probes.isFull)
    probes.begin(anExchange(`hw:${index}`), offering(ipv4Plus(ADDRESS, index)), 1)
  }
  t.ok(probes.isFull)
  probes.clear()
  t.notOk(probes.isFull)
})
