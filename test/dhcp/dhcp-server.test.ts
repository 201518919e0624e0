import t from 'tap'
import { parseSubnet, type Subnet } from '../../src/net/subnet.ts'
import { decodeMessage } from '../../src/wire/dhcp/decode-message.ts'
import {
  aDiscover,
  aMessage,
  aRelease,
  aRequest,
  ip,
  octetsOf,
  PHONE_MAC,
  relayOptions,
} from '../support/a-dhcp-message.ts'
import { aRelayedScope, aScope, DhcpLab, onlyReply, reasonOf, SERVER } from '../support/dhcp-lab.ts'

t.test('a phone gets its address, renews it, restarts with it and gives it back', async (t) => {
  const lab = new DhcpLab({ scopes: [aScope({ admit: 'enrolled' })] })
  lab.enroll('000e84c060a6', { network: 'bench', address: null })
  const address = lab.bind()
  t.equal(address, '10.20.0.50')
  lab.pass(150_000)
  t.equal(onlyReply(lab.handle(aRequest({ ciaddr: address }))).type, 'ack')
  t.equal(onlyReply(lab.handle(aRequest({ requested: address }))).type, 'ack')
  const release = aRelease({ ciaddr: address, serverId: SERVER })
  t.equal(reasonOf(lab.handle(release)), 'dhcp.lease.released')
  t.same(lab.leaseTable.poolUse('bench', lab.nowMs).bound, 0)
})

t.test('RFC 2131 section 2: what is no BOOTREQUEST gets no reply', async (t) => {
  const lab = new DhcpLab()
  for (const op of [0, 2, 3, 255]) {
    const outcome = lab.handle(aDiscover({ header: { op } }))
    t.same(outcome.kinds, ['event'], `op ${op}`)
    t.match(outcome.events, [{ event: 'dhcp.message.ignored', reason: 'not-a-request' }])
  }
  t.equal(onlyReply(lab.handle(aDiscover({ header: { op: 1 } }))).type, 'offer')
})

t.test('RFC 2131 section 3: without a message type that a client may send, no reply', async (t) => {
  const lab = new DhcpLab()
  for (const type of [undefined, 0, 2, 5, 6, 9, 255]) {
    const outcome = lab.handle(aMessage(type))
    t.equal(reasonOf(outcome), 'no-message-type', `type ${type}`)
    t.same(outcome.kinds, ['event'])
  }
  for (const value of [new Uint8Array(0), Uint8Array.of(1, 1)]) {
    const message = aMessage(undefined, { options: [[53, value]] })
    t.equal(reasonOf(lab.handle(message)), 'no-message-type', `${value.length} octets`)
  }
})

t.test('a message without an identity, or with a false relay agent, is ignored', async (t) => {
  const lab = new DhcpLab()
  const nobody = aDiscover({ header: { hlen: 0 } })
  t.match(lab.handle(nobody).events, [{ reason: 'no-identity', client: null, mac: null }])
  const broken = aDiscover({ giaddr: '10.30.0.1', options: [[82, Uint8Array.of(1, 9)]] })
  t.equal(reasonOf(lab.handle(broken)), 'malformed-option')
  t.equal(reasonOf(lab.handle(aDiscover({ giaddr: '10.99.0.1' }))), 'no-scope')
  const request = aRequest({ requested: '10.20.0.50', giaddr: '10.99.0.1' })
  t.match(lab.handle(request).events, [
    { event: 'dhcp.request.ignored', reason: 'no-scope', requestKind: 'init-reboot', scope: null },
  ])
})

t.test(
  'RFC 2131 section 4.2: who is not admitted is ignored in silence, with an event',
  async (t) => {
    const lab = new DhcpLab({ scopes: [aScope({ admit: 'phones' })] })
    const outcome = lab.handle(aDiscover({ vendorClass: 'MSFT 5.0' }))
    t.same(outcome.kinds, ['event'])
    t.match(outcome.events, [
      {
        event: 'dhcp.discover.ignored',
        reason: 'not-a-phone',
        scope: 'bench',
        mac: PHONE_MAC,
        vendorClass: 'MSFT 5.0',
      },
    ])
    t.equal(onlyReply(lab.handle(aDiscover())).type, 'offer', 'a phone is served')
  },
)

t.test('RFC 2131 section 4.2: the client is who option 61 says', async (t) => {
  const lab = new DhcpLab()
  const clientId = Uint8Array.of(0, 1, 2)
  const first = lab.bind({ clientId })
  t.equal(lab.bind({ clientId, mac: '020000000001' }), first, 'same identifier, same client')
  const other = lab.bind({ clientId: Uint8Array.of(0, 1, 3) })
  t.not(other, first, 'same hardware, other identifier: another client')
  t.not(lab.bind(), other, 'and without identifier a third')
})

t.test('RFC 4361 section 6.3: a reservation by MAC holds in spite of option 61', async (t) => {
  const reservations = [{ mac: PHONE_MAC, address: ip('10.20.0.10') }]
  const lab = new DhcpLab({ scopes: [aScope({ reservations })] })
  t.equal(lab.bind({ clientId: Uint8Array.of(0, 1, 2) }), '10.20.0.10')
  t.not(lab.bind({ mac: '020000000001' }), '10.20.0.10')
})

t.test('copies of one message, by broadcast, unicast and relay agent, agree', async (t) => {
  const lab = new DhcpLab()
  const relayed = { giaddr: '10.20.0.1' }
  const offers = [{}, relayed, {}].map((parts) => onlyReply(lab.handle(aDiscover(parts))).yiaddr)
  t.same(offers, ['10.20.0.50', '10.20.0.50', '10.20.0.50'])
  const request = { requested: '10.20.0.50', serverId: SERVER }
  const acks = [{}, relayed, {}].map(
    (parts) => onlyReply(lab.handle(aRequest({ ...request, ...parts }))).yiaddr,
  )
  t.same(acks, offers)
  t.equal(lab.leaseTable.poolUse('bench', lab.nowMs).bound, 1)
})

t.test('the same phone on two networks is two clients', async (t) => {
  const voice = aScope({
    name: 'voice',
    subnet: parseSubnet('10.21.0.0/24') as Subnet,
    address: ip('10.21.0.2'),
    pools: [{ first: ip('10.21.0.50'), last: ip('10.21.0.99') }],
    interfaceName: 'eth0.121',
  })
  const lab = new DhcpLab({ scopes: [aScope(), voice] })
  t.equal(lab.bind(), '10.20.0.50')
  t.equal(lab.bind({}, { interfaceName: 'eth0.121' }), '10.21.0.50')
  t.equal(lab.leaseTable.clientAt(ip('10.20.0.50'), lab.nowMs)?.mac, PHONE_MAC)
})

t.test('an edit takes effect at once and loses no client', async (t) => {
  const lab = new DhcpLab({ scopes: [aScope({ probe: true })] })
  lab.wake()
  lab.handle(aDiscover())
  lab.server.replaceScopes([aScope({ leaseSeconds: 600, probe: true })], lab.nowMs)
  t.same(lab.probed('10.20.0.50', false).effects, [], 'who waited asks again')
  t.same(lab.handle(aDiscover()).probes, ['10.20.0.50'])
  const offer = onlyReply(lab.probed('10.20.0.50', false))
  t.equal(
    new DataView(Uint8Array.from(offer.message.options.get(51) ?? []).buffer).getUint32(0),
    600,
  )
})

t.test('a network that is taken out is no longer served', async (t) => {
  const lab = new DhcpLab({ scopes: [aScope(), aRelayedScope()] })
  lab.bind({ giaddr: '10.30.0.1' })
  lab.server.replaceScopes([aScope()], lab.nowMs)
  t.equal(reasonOf(lab.handle(aDiscover({ giaddr: '10.30.0.1' }))), 'no-scope')
  lab.server.replaceScopes([aScope(), aRelayedScope()], lab.nowMs)
  t.equal(onlyReply(lab.handle(aDiscover({ giaddr: '10.30.0.1' }))).yiaddr, '10.30.0.50')
})

t.test('each message is explained by exactly one event', async (t) => {
  const lab = new DhcpLab()
  const messages = [
    aDiscover(),
    aRequest({ requested: '10.20.0.50', serverId: SERVER }),
    aRequest({ ciaddr: '10.20.0.50' }),
    aRequest({ requested: '10.99.0.1' }),
    aRequest(),
    aRelease({ ciaddr: '10.20.0.50', serverId: SERVER }),
    aRelease({ ciaddr: '10.20.0.50', serverId: SERVER }),
    aMessage(4),
    aMessage(8, { ciaddr: '10.20.0.200' }),
    aMessage(undefined),
  ]
  for (const message of messages) t.equal(lab.handle(message).events.length, 1)
})

t.test('a datagram goes all the way: bytes in, bytes out', async (t) => {
  const lab = new DhcpLab({ scopes: [aRelayedScope()] })
  const link = relayOptions([[5, octetsOf('10.30.0.0')]])
  const discover = aDiscover({ giaddr: '10.30.0.1', options: [[82, link]] })
  const { bytes } = onlyReply(lab.handle(discover))
  t.equal(decodeMessage(bytes).yiaddr, ip('10.30.0.50'))
})

t.test('50,000 leases slow nothing down: the tables are looked up, never walked', async (t) => {
  const pools = [{ first: ip('10.64.0.1'), last: ip('10.64.255.254') }]
  const subnet = parseSubnet('10.64.0.0/16') as Subnet
  const lab = new DhcpLab({ scopes: [aScope({ subnet, pools, address: ip('10.64.0.1') })] })
  const timed = (from: number, count: number): number => {
    const before = process.cpuUsage()
    for (let index = from; index < from + count; index++) {
      const mac = (0x02_0000_000000 + index).toString(16).padStart(12, '0')
      lab.handle(aDiscover({ mac }))
      lab.handle(aRequest({ mac, requested: addressOf(index), serverId: '10.64.0.1' }))
    }
    const { user, system } = process.cpuUsage(before)
    return user + system
  }
  timed(0, 2000)
  const early = timed(2000, 2000)
  timed(4000, 46_000)
  // The least of three: a collection of garbage may fall into one of them.
  const late = Math.min(...[50_000, 52_000, 54_000].map((from) => timed(from, 2000)))
  t.equal(lab.leaseTable.poolUse('bench', lab.nowMs).bound, 56_000)
  // Processor time. A scan of the leases would make it twenty times as much.
  t.ok(late < early * 6, `${late} us against ${early} us`)
})

function addressOf(index: number): string {
  const offset = index + 2
  return `10.64.${offset >> 8}.${offset & 255}`
}
