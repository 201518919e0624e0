import t from 'tap'
import { aDiscover, aRequest, ip } from '../support/a-dhcp-message.ts'
import { aRelayedScope, aScope, DhcpLab, onlyReply, reasonOf, SERVER } from '../support/dhcp-lab.ts'

const FIRST = '10.20.0.50'
const SECOND = '10.20.0.51'
const macOf = (index: number) => `0200000${(0x10000 + index).toString(16)}`

/** A network with probes, where the first look for other servers is over. */
function probing(): DhcpLab {
  const lab = new DhcpLab({ scopes: [aScope({ probe: true })] })
  lab.wake()
  lab.pass(3000)
  lab.wake()
  return lab
}

t.test('RFC 2131 section 2.2: an address that no device answers for is offered', async (t) => {
  const lab = probing()
  lab.handle(aDiscover())
  lab.pass(500)
  const outcome = lab.probed(FIRST, false)
  t.equal(onlyReply(outcome).yiaddr, FIRST)
  t.match(outcome.events, [{ event: 'dhcp.offer.sent', address: ip(FIRST) }])
  t.same(lab.probed(FIRST, false).effects, [], 'answered once')
})

t.test(
  'RFC 2131 section 2.2: an address in use is kept from everybody, another is tried',
  async (t) => {
    const lab = probing()
    lab.handle(aDiscover())
    const conflict = lab.probed(FIRST, true)
    t.same(conflict.kinds, ['commit', 'event', 'probe', 'wake', 'event'])
    t.same(conflict.probes, [SECOND])
    const untilAtMs = lab.nowMs + 600_000
    t.match(conflict.events, [
      { event: 'dhcp.address.conflict', address: ip(FIRST), untilAtMs },
      { event: 'dhcp.discover.probing', address: ip(SECOND) },
    ])
    t.match(conflict.changes, [{ kind: 'put', binding: { state: 'declined', address: ip(FIRST) } }])
    t.equal(onlyReply(lab.probed(SECOND, false)).yiaddr, SECOND)
  },
)

t.test('after three addresses in use the client has to ask again', async (t) => {
  const lab = probing()
  lab.handle(aDiscover())
  lab.probed(FIRST, true)
  lab.probed(SECOND, true)
  const last = lab.probed('10.20.0.52', true)
  t.same(last.replies, [])
  t.same(last.probes, [])
  t.match(last.events.at(-1), { event: 'dhcp.discover.ignored', reason: 'all-in-use' })
  t.same(lab.handle(aDiscover()).probes, ['10.20.0.53'], 'then it goes on')
})

t.test('a probe delays no other client', async (t) => {
  const lab = probing()
  lab.handle(aDiscover())
  lab.probed(FIRST, false)
  lab.handle(aRequest({ requested: FIRST, serverId: SERVER }))
  lab.handle(aDiscover({ mac: macOf(1) }))
  const other = lab.handle(aRequest({ ciaddr: FIRST }))
  t.equal(onlyReply(other).type, 'ack')
  const third = lab.handle(aDiscover({ mac: macOf(2) }))
  t.same(third.probes, ['10.20.0.52'], 'each has an address of its own')
  t.equal(onlyReply(lab.probed('10.20.0.52', false)).yiaddr, '10.20.0.52')
  t.equal(onlyReply(lab.probed(SECOND, false)).yiaddr, SECOND)
})

t.test('a DISCOVER repeated meanwhile is answered once, by its latest xid', async (t) => {
  const lab = probing()
  lab.handle(aDiscover({ header: { xid: 1 } }))
  const repeat = lab.handle(aDiscover({ header: { xid: 2 } }))
  t.same(repeat.kinds, ['event'])
  t.match(repeat.events, [{ event: 'dhcp.discover.probing', address: ip(FIRST), xid: 2 }])
  t.equal(onlyReply(lab.probed(FIRST, false)).message.xid, 2)
})

t.test('what was received is kept apart from the buffer that it came in', async (t) => {
  const lab = probing()
  const clientId = Uint8Array.of(1, 2, 3)
  const discover = aDiscover({ clientId, giaddr: '0.0.0.0' })
  lab.handle(discover)
  for (const value of discover.options.values()) value.fill(0xee)
  discover.chaddr.fill(0xee)
  const { message } = onlyReply(lab.probed(FIRST, false))
  t.same(message.options.get(61), Uint8Array.of(1, 2, 3))
  t.equal(message.chaddr[0], 0)
})

t.test('without a result in time the client is answered all the same', async (t) => {
  const lab = probing()
  lab.handle(aDiscover())
  lab.pass(999)
  t.same(lab.wake().replies, [], 'too early')
  lab.pass(1)
  t.equal(onlyReply(lab.wake()).yiaddr, FIRST)
  lab.handle(aDiscover({ mac: macOf(1) }))
  t.equal(onlyReply(lab.probed(SECOND, null)).yiaddr, SECOND, 'or where the wire cannot be asked')
})

t.test('a result for another interface is no result', async (t) => {
  const lab = probing()
  lab.handle(aDiscover())
  t.same(lab.probed(FIRST, true, 'eth0.121').effects, [])
  t.same(lab.probed('10.20.0.99', true).effects, [], 'nor one for an address nobody waits for')
  t.equal(onlyReply(lab.probed(FIRST, false)).yiaddr, FIRST)
})

t.test('a network behind relay agents is probed by the routing table', async (t) => {
  const lab = new DhcpLab({ scopes: [aRelayedScope({ probe: true })] })
  const outcome = lab.handle(
    aDiscover({ giaddr: '10.30.0.1', options: [[82, Uint8Array.of(1, 1, 7)]] }),
  )
  t.match(outcome.effects[0], { kind: 'probe', interfaceName: null })
  const reply = onlyReply(lab.probed('10.30.0.50', false, null))
  t.equal(reply.to, '10.30.0.1:67')
  t.same(reply.message.options.get(82), Uint8Array.of(1, 1, 7))
})

t.test('an address that was assigned while we waited is not offered', async (t) => {
  const lab = probing()
  lab.handle(aDiscover())
  lab.pass(61_000)
  const taken = aRequest({ mac: macOf(1), requested: FIRST, serverId: SERVER })
  t.equal(onlyReply(lab.handle(taken)).yiaddr, FIRST)
  t.same(lab.wake().probes, [SECOND])
})

t.test(
  'the number of clients that wait is bounded; who comes then is not kept waiting',
  async (t) => {
    const pools = [{ first: ip('10.20.0.3'), last: ip('10.20.0.254') }]
    const wide = aRelayedScope({ probe: true })
    const lab = new DhcpLab({ scopes: [aScope({ probe: true, pools }), wide] })
    for (let index = 0; index < 252; index++) lab.handle(aDiscover({ mac: macOf(index) }))
    for (let index = 252; index < 256; index++) {
      lab.handle(aDiscover({ mac: macOf(index), giaddr: '10.30.0.1' }))
    }
    const next = lab.handle(aDiscover({ mac: macOf(999), giaddr: '10.30.0.1' }))
    t.equal(onlyReply(next).type, 'offer')
    t.same(next.probes, [])
  },
)

const ONE = [{ first: ip(FIRST), last: ip(FIRST) }]
const full = (parts = {}) => {
  const lab = new DhcpLab({
    scopes: [aScope({ pools: ONE, reclaim: 'idle', leaseSeconds: 3600, ...parts })],
  })
  lab.bind()
  lab.pass(61_000)
  return lab
}

t.test(
  'reclaim idle: the lease of a client that no longer answers goes to a new one',
  async (t) => {
    const lab = full()
    const asked = lab.handle(aDiscover({ mac: macOf(1) }))
    t.same(asked.probes, [FIRST])
    t.match(asked.events, [{ event: 'dhcp.discover.probing', isReclaim: true }])
    const outcome = lab.probed(FIRST, false)
    t.same(outcome.kinds, ['commit', 'event', 'send', 'event'])
    t.match(outcome.changes, [{ kind: 'put', binding: { state: 'released', mac: '000E84C060A6' } }])
    t.match(outcome.events, [
      { event: 'dhcp.lease.reclaimed', address: ip(FIRST), formerMac: '000E84C060A6' },
      { event: 'dhcp.offer.sent', address: ip(FIRST) },
    ])
    const request = aRequest({ mac: macOf(1), requested: FIRST, serverId: SERVER })
    t.equal(onlyReply(lab.handle(request)).type, 'ack')
    t.equal(onlyReply(lab.handle(aRequest({ ciaddr: FIRST }))).type, 'nak', 'the old one is told')
  },
)

t.test('reclaim idle: who answers, or may answer, keeps the lease', async (t) => {
  for (const inUse of [true, null]) {
    const lab = full()
    lab.handle(aDiscover({ mac: macOf(1) }))
    const outcome = lab.probed(FIRST, inUse)
    t.equal(reasonOf(outcome), 'pool-exhausted')
    t.same(outcome.changes, [])
    t.equal(lab.leaseTable.clientAt(ip(FIRST), lab.nowMs)?.mac, '000E84C060A6')
    t.same(lab.handle(aDiscover({ mac: macOf(2) })).probes, [], 'and is left alone for a while')
  }
})

t.test('reclaim idle: who renews while the wire is asked keeps the lease', async (t) => {
  const lab = full()
  lab.handle(aDiscover({ mac: macOf(1) }))
  lab.pass(100)
  t.equal(onlyReply(lab.handle(aRequest({ ciaddr: FIRST }))).type, 'ack')
  const outcome = lab.probed(FIRST, false)
  t.equal(reasonOf(outcome), 'pool-exhausted')
  t.same(outcome.changes, [])
})

t.test('reclaim idle: no client that was heard within 5 s loses its lease', async (t) => {
  const pools = [{ first: ip(FIRST), last: ip(FIRST) }]
  const lab = new DhcpLab({ scopes: [aScope({ pools, reclaim: 'idle', leaseSeconds: 3600 })] })
  lab.bind()
  lab.pass(4999)
  t.equal(reasonOf(lab.handle(aDiscover({ mac: macOf(1) }))), 'pool-exhausted')
  lab.pass(1)
  t.same(lab.handle(aDiscover({ mac: macOf(1) })).probes, [FIRST], 'then the wire is asked')
})

t.test('reclaim idle: one silent client is not taken from for two', async (t) => {
  const lab = full()
  lab.handle(aDiscover({ mac: macOf(1) }))
  t.equal(reasonOf(lab.handle(aDiscover({ mac: macOf(2) }))), 'pool-exhausted')
})

t.test(
  'reclaim idle: the longest silent are tried one after the other, three at most',
  async (t) => {
    const pools = [{ first: ip(FIRST), last: ip('10.20.0.53') }]
    const lab = new DhcpLab({ scopes: [aScope({ pools, reclaim: 'idle', leaseSeconds: 3600 })] })
    for (let index = 0; index < 4; index++) {
      lab.bind({ mac: macOf(index) })
      lab.pass(1000)
    }
    lab.pass(60_000)
    t.same(lab.handle(aDiscover({ mac: macOf(9) })).probes, [FIRST])
    t.same(lab.probed(FIRST, true).probes, [SECOND])
    t.same(lab.probed(SECOND, true).probes, ['10.20.0.52'])
    t.equal(reasonOf(lab.probed('10.20.0.52', true)), 'all-in-use')
  },
)

t.test('reclaim idle: an address that went to another client is not offered', async (t) => {
  const lab = full()
  lab.handle(aDiscover({ mac: macOf(1) }))
  lab.enroll(macOf(7), { network: 'bench', address: ip(FIRST) })
  const outcome = lab.probed(FIRST, false)
  t.match(outcome.events, [
    { event: 'dhcp.lease.reclaimed' },
    { event: 'dhcp.discover.ignored', reason: 'pool-exhausted' },
  ])
})

t.test('reclaim never: a full pool is full', async (t) => {
  const lab = full({ reclaim: 'never' })
  t.equal(reasonOf(lab.handle(aDiscover({ mac: macOf(1) }))), 'pool-exhausted')
})

t.test('R1: a lease is not reclaimed where its address would be kept all the same', async (t) => {
  const pools = [{ first: ip(FIRST), last: ip(FIRST) }]
  const lab = new DhcpLab({ scopes: [aScope({ pools, reclaim: 'idle' })] })
  lab.bind()
  lab.pass(60_000)
  lab.leaseTable.keepEnded('bench', true)
  t.equal(reasonOf(lab.handle(aDiscover({ mac: macOf(1) }))), 'pool-exhausted')
  lab.leaseTable.keepEnded('bench', false)
  t.same(lab.handle(aDiscover({ mac: macOf(1) })).probes, [FIRST])
})
