import t from 'tap'
import { type OpenedExchange, openExchange, unserved } from '../../src/dhcp/open-exchange.ts'
import { RogueProbe } from '../../src/dhcp/rogue-probe.ts'
import type { Scope } from '../../src/dhcp/scope.ts'
import { ScopeIndex } from '../../src/dhcp/select-scope.ts'
import { LeaseTable } from '../../src/leases/lease-table.ts'
import type { DhcpMessage } from '../../src/wire/dhcp/message.ts'
import { aDiscover, aRequest, ip, PHONE_MAC } from '../support/a-dhcp-message.ts'
import { aScope, SERVER, START_MS } from '../support/dhcp-lab.ts'

const ARRIVAL = {
  interfaceName: 'eth0.120',
  localAddress: ip(SERVER),
  sourceAddress: ip('0.0.0.0'),
  sourcePort: 68,
}

function opened(message: DhcpMessage, scope: Scope = aScope()): OpenedExchange {
  const directory = { find: () => undefined, ownerOf: () => undefined }
  const rogues = new RogueProbe(() => 1, 1000)
  rogues.replaceScopes([scope], START_MS)
  return openExchange(message, ARRIVAL, START_MS, {
    type: 'discover',
    index: new ScopeIndex([scope]),
    rogues,
    admission: { directory, leaseTable: new LeaseTable([scope], directory), isPhone: () => true },
    authorityOf: () => 'full',
  })
}

t.test('a message that is served comes with all that was found out about it', async (t) => {
  t.match(opened(aDiscover()), {
    kind: 'open',
    exchange: {
      client: { key: 'hw:01000E84C060A6', mac: PHONE_MAC, fixedAddress: null },
      serverId: ip(SERVER),
      scope: { name: 'bench' },
      facts: { scope: 'bench', mac: PHONE_MAC, isBoot: true },
      vendorClass: '',
      nowMs: START_MS,
    },
  })
})

t.test('RFC 2132 section 2: the class is kept as sent, where classes are configured', async (t) => {
  const classes = new Map([['x', []]])
  const vendorClass = 'Cisco\x01\0'
  const { exchange } = opened(aDiscover({ vendorClass }), aScope({ classes })) as Extract<
    OpenedExchange,
    { kind: 'open' }
  >
  t.equal(exchange.vendorClass, 'Cisco\x01')
  t.equal(exchange.facts.vendorClass, 'Cisco?', 'and printable for people')
})

t.test('a message that is not served comes with the event that says why', async (t) => {
  const refuse = aScope({ onRogueServer: 'refuse' })
  const enrolled = aScope({ admit: 'enrolled' })
  const cases = [
    { message: aDiscover({ header: { hlen: 0 } }), scope: aScope(), reason: 'no-identity' },
    { message: aDiscover({ giaddr: '10.9.0.1' }), scope: aScope(), reason: 'no-scope' },
    { message: aDiscover(), scope: refuse, reason: 'rogue-server' },
    { message: aDiscover(), scope: enrolled, reason: 'not-enrolled' },
  ]
  for (const { message, scope, reason } of cases) {
    t.match(opened(message, scope), {
      kind: 'ignored',
      effect: { kind: 'event', event: { event: 'dhcp.discover.ignored', reason } },
    })
  }
})

t.test('what is not looked into is still told who and what it was', async (t) => {
  t.match(unserved(aRequest({ ciaddr: '10.20.0.50' }), ARRIVAL, 'request', 'own-probe'), {
    event: {
      event: 'dhcp.request.ignored',
      mac: PHONE_MAC,
      address: ip('10.20.0.50'),
      requestKind: 'renewing',
      scope: null,
      isBoot: false,
    },
  })
  t.match(unserved(aDiscover(), ARRIVAL, 'message', 'not-a-request'), {
    event: { event: 'dhcp.message.ignored', requestKind: null, isBoot: false },
  })
})
