import t from 'tap'
import {
  type Exchange,
  grantFor,
  ignored,
  isForUs,
  keptExchange,
  serverIdFor,
} from '../../src/dhcp/exchange.ts'
import {
  aDiscover,
  ip,
  type MessageParts,
  octetsOf,
  relayOptions,
} from '../support/a-dhcp-message.ts'
import { aRelayedScope, aScope, START_MS } from '../support/dhcp-lab.ts'

const OVERRIDE = new Map([[11, octetsOf('10.30.0.1')]])
const NO_RELAY = new Map<number, Uint8Array>()

function anExchange(parts: MessageParts = {}): Exchange {
  return {
    message: aDiscover(parts),
    relay: new Map(),
    arrival: { interfaceName: 'eth0.120', localAddress: ip('198.51.100.9') },
    scope: aScope(),
    serverId: ip('10.30.0.1'),
    facts: { vendorClass: 'v', hostName: 'h', xid: 7 },
    nowMs: START_MS,
  } as unknown as Exchange
}

t.test('RFC 2131 section 4.1: option 54 is our address on the network of the client', async (t) => {
  t.equal(serverIdFor(aDiscover(), NO_RELAY, aScope(), ''), ip('10.20.0.2'))
  const relayed = aDiscover({ giaddr: '10.30.0.1' })
  t.equal(serverIdFor(relayed, NO_RELAY, aRelayedScope(), ''), ip('192.0.2.2'))
})

t.test('RFC 5107 section 4: option 54 is what the relay agent wants, or once wanted', async (t) => {
  const relayed = aDiscover({ giaddr: '10.30.0.1' })
  const remembered = '0B040A1E0001'
  t.equal(serverIdFor(relayed, OVERRIDE, aRelayedScope(), ''), ip('10.30.0.1'))
  t.equal(serverIdFor(aDiscover(), NO_RELAY, aRelayedScope(), remembered), ip('10.30.0.1'))
  const now = serverIdFor(relayed, NO_RELAY, aRelayedScope(), remembered)
  t.equal(now, ip('192.0.2.2'), 'the relay agent no longer wants it')
})

t.test('RFC 2131 section 4.1: which option 54 means us', async (t) => {
  const exchange = anExchange()
  t.ok(isForUs(exchange, ip('203.0.113.1'), true), 'an address of ours')
  t.ok(isForUs(exchange, ip('10.30.0.1'), false), 'the override')
  t.ok(isForUs(exchange, ip('198.51.100.9'), false), 'where the message came in')
  t.notOk(isForUs(exchange, ip('203.0.113.1'), false))
  t.notOk(isForUs(exchange, ip('0.0.0.0'), false))
})

t.test('RFC 3046 section 2.1: what is kept with a lease was added by a relay agent', async (t) => {
  const circuit = relayOptions([[1, Uint8Array.of(7)]])
  const grant = (parts: MessageParts) => grantFor(anExchange(parts), ip('10.20.0.50'), 300)
  t.same(grant({ giaddr: '10.30.0.1', options: [[82, circuit]] }), {
    address: ip('10.20.0.50'),
    expiresAtMs: START_MS + 300_000,
    vendorClass: 'v',
    hostName: 'h',
    relayAgent: '010107',
  })
  t.equal(grant({ options: [[82, circuit]] }).relayAgent, '', 'not by a relay agent')
  t.equal(grant({ giaddr: '10.30.0.1' }).relayAgent, '', 'nothing added')
  const long = new Uint8Array(256)
  t.equal(grant({ giaddr: '10.30.0.1', options: [[82, long]] }).relayAgent, '', 'too long')
})

t.test('an exchange that is kept does not share bytes with the datagram', async (t) => {
  const clientId = Uint8Array.of(1, 2)
  const exchange = { ...anExchange({ clientId }), relay: new Map([[1, Uint8Array.of(7)]]) }
  const kept = keptExchange(exchange)
  t.same(kept, exchange)
  clientId.fill(9)
  exchange.relay.get(1)?.fill(9)
  exchange.message.chaddr.fill(9)
  t.same(kept.message.options.get(61), Uint8Array.of(1, 2))
  t.same(kept.relay.get(1), Uint8Array.of(7))
  t.equal(kept.message.chaddr[0], 0)
})

t.test('silence is an event that says why', async (t) => {
  const about = { address: ip('10.20.0.50'), requestKind: null }
  t.same(ignored(anExchange(), 'dhcp.release.ignored', 'not-the-holder', about), [
    {
      kind: 'event',
      event: {
        event: 'dhcp.release.ignored',
        vendorClass: 'v',
        hostName: 'h',
        xid: 7,
        reason: 'not-the-holder',
        address: ip('10.20.0.50'),
        requestKind: null,
      },
    },
  ])
})
