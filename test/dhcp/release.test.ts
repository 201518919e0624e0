import t from 'tap'
import { aDiscover, aRelease, ip, type MessageParts } from '../support/a-dhcp-message.ts'
import { aRelayedScope, aScope, DhcpLab, onlyReply, reasonOf, SERVER } from '../support/dhcp-lab.ts'

const MINE = '10.20.0.50'
const releasing = (parts: MessageParts = {}) =>
  aRelease({ ciaddr: MINE, serverId: SERVER, ...parts })

t.test('RFC 2131 section 4.3.4: a released address is free, and no reply is sent', async (t) => {
  const lab = new DhcpLab()
  lab.bind()
  const outcome = lab.handle(releasing())
  t.same(outcome.kinds, ['commit', 'event'])
  t.match(outcome.changes, [{ kind: 'put', binding: { state: 'released', address: ip(MINE) } }])
  t.match(outcome.events, [{ event: 'dhcp.lease.released', address: ip(MINE) }])
  t.equal(lab.leaseTable.clientAt(ip(MINE), lab.nowMs), undefined)
})

t.test('RFC 2131 section 4.3.4: the client is remembered and gets its address again', async (t) => {
  const lab = new DhcpLab()
  lab.bind()
  lab.handle(releasing())
  t.equal(lab.bind({ mac: '020000000001' }), '10.20.0.51', 'others get fresh ones')
  t.equal(onlyReply(lab.handle(aDiscover())).yiaddr, MINE)
})

t.test('a RELEASE without option 54 is believed by its identity', async (t) => {
  const lab = new DhcpLab()
  lab.bind()
  t.equal(reasonOf(lab.handle(aRelease({ ciaddr: MINE }))), 'dhcp.lease.released')
})

t.test('a phone that is no longer enrolled can still give its address back', async (t) => {
  const lab = new DhcpLab({ scopes: [aScope({ admit: 'enrolled' })] })
  lab.enroll('000e84c060a6')
  lab.bind()
  lab.enrolled.clear()
  t.equal(reasonOf(lab.handle(releasing())), 'dhcp.lease.released')
})

t.test('a client behind a relay agent releases past it', async (t) => {
  const lab = new DhcpLab({ scopes: [aScope(), aRelayedScope()] })
  lab.bind({ giaddr: '10.30.0.1' })
  const message = releasing({ ciaddr: '10.30.0.50', serverId: '192.0.2.2' })
  t.match(lab.handle(message).events, [{ event: 'dhcp.lease.released', scope: 'floor-3' }])
})

t.test('RFC 2131 section 3.1 (4): a RELEASE of another identity changes nothing', async (t) => {
  const lab = new DhcpLab()
  lab.bind()
  lab.bind({ mac: '020000000001', clientId: Uint8Array.of(0, 9) })
  const cases = [
    { why: 'other hardware', parts: { mac: '020000000002' }, reason: 'not-the-holder' },
    { why: 'other identifier', parts: { clientId: Uint8Array.of(1) }, reason: 'not-the-holder' },
    {
      why: 'its identifier, other hardware',
      parts: { ciaddr: '10.20.0.51', clientId: Uint8Array.of(0, 9) },
      reason: 'not-the-holder',
    },
    {
      why: 'an address that nobody has',
      parts: { ciaddr: '10.20.0.77' },
      reason: 'not-the-holder',
    },
    { why: 'no address', parts: { ciaddr: '0.0.0.0' }, reason: 'not-the-holder' },
    { why: 'another server', parts: { serverId: '10.20.0.3' }, reason: 'other-server' },
    {
      why: 'a server of two octets',
      parts: { options: [[54, new Uint8Array(2)]] as const },
      reason: 'malformed-option',
    },
  ]
  for (const { why, parts, reason } of cases) {
    const outcome = lab.handle(releasing(parts))
    t.same(outcome.changes, [], why)
    t.equal(reasonOf(outcome), reason, why)
  }
  t.equal(lab.leaseTable.clientAt(ip(MINE), lab.nowMs)?.state, 'bound')
})
