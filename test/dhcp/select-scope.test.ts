import t from 'tap'
import type { Scope } from '../../src/dhcp/scope.ts'
import { ScopeIndex, selectScope } from '../../src/dhcp/select-scope.ts'
import { parseSubnet, type Subnet } from '../../src/net/subnet.ts'
import { aRequest, ip, type MessageParts, octetsOf } from '../support/a-dhcp-message.ts'
import { aRelayedScope, aScope } from '../support/dhcp-lab.ts'

const LAB = aScope({
  name: 'lab',
  subnet: parseSubnet('10.21.0.0/24') as Subnet,
  address: ip('10.21.0.2'),
  interfaceName: 'eth0.121',
})

const SCOPES: readonly Scope[] = [aScope(), LAB, aRelayedScope()]

type Asked = {
  readonly parts?: MessageParts
  readonly on?: string | null
  readonly from?: string
  readonly relay?: ReadonlyMap<number, Uint8Array>
  readonly scopes?: readonly Scope[]
}

/** The name of the scope, or why there is none. */
function selected({ parts = {}, on = 'eth0.120', from, relay, scopes = SCOPES }: Asked): string {
  const message = aRequest(parts)
  const arrival = {
    interfaceName: on,
    localAddress: ip('0.0.0.0'),
    sourceAddress: from === undefined ? message.ciaddr : ip(from),
    sourcePort: 68,
  }
  const selection = selectScope(new ScopeIndex(scopes), message, arrival, relay ?? new Map())
  return selection.kind === 'none' ? selection.reason : selection.served.scope.name
}

t.test('RFC 2131 section 4.3.1: by giaddr, else by the interface', async (t) => {
  t.equal(selected({}), 'bench')
  t.equal(selected({ on: 'eth0.121' }), 'lab')
  t.equal(selected({ on: 'eth0.999' }), 'no-scope')
  t.equal(selected({ on: null }), 'no-scope', 'a socket for relay agents alone')
  t.equal(selected({ parts: { giaddr: '10.30.0.1' }, on: null }), 'floor-3')
  t.equal(selected({ parts: { giaddr: '10.30.0.1' } }), 'floor-3', 'wherever it came in')
  t.equal(selected({ parts: { giaddr: '10.99.0.1' } }), 'no-scope')
})

t.test('giaddr is the address of a relay agent, or the message is none', async (t) => {
  for (const giaddr of [
    '255.255.255.255',
    '224.0.0.1',
    '240.0.0.1',
    '10.20.0.2',
    '10.21.0.2',
    '10.30.0.0',
    '10.30.0.255',
  ]) {
    t.equal(selected({ parts: { giaddr } }), 'bad-giaddr', giaddr)
  }
})

t.test(
  'RFC 2131 section 4.3.2: a unicast renewal past the relay agent goes by ciaddr',
  async (t) => {
    t.equal(selected({ parts: { ciaddr: '10.30.0.60' }, on: null }), 'floor-3')
    t.equal(selected({ parts: { ciaddr: '10.30.0.60' } }), 'floor-3', 'by whichever interface')
    t.equal(selected({ parts: { ciaddr: '10.21.0.60' }, on: null }), 'lab')
    const carried = { parts: { ciaddr: '10.21.0.60' } }
    t.equal(selected(carried), 'bench', 'carried here from another local network')
    t.equal(
      selected({ parts: { ciaddr: '10.30.0.60' }, from: '10.20.0.9' }),
      'bench',
      'not its own',
    )
    t.equal(selected({ parts: { ciaddr: '172.16.0.1' } }), 'bench', 'an address of no network')
    t.equal(selected({ parts: { ciaddr: '172.16.0.1' }, on: null }), 'no-scope')
  },
)

t.test('RFC 3527 section 3: link selection decides, and nothing else will do', async (t) => {
  const link = (address: string) => new Map([[5, octetsOf(address)]])
  const giaddr = '10.99.0.1'
  t.equal(selected({ parts: { giaddr }, relay: link('10.30.0.0') }), 'floor-3')
  t.equal(selected({ parts: { giaddr: '10.30.0.1' }, relay: link('10.21.0.0') }), 'lab')
  t.equal(selected({ parts: { giaddr }, relay: link('172.16.0.0') }), 'unknown-link')
  const short = new Map([[5, Uint8Array.of(10, 30)]])
  t.equal(selected({ parts: { giaddr: '10.30.0.1' }, relay: short }), 'malformed-option')
})

t.test('RFC 3527 section 3: link selection goes before option 118', async (t) => {
  const scopes = SCOPES.map((scope) => ({ ...scope, subnetSelection: true }))
  const parts: MessageParts = { giaddr: '10.30.0.1', options: [[118, octetsOf('10.20.0.0')]] }
  t.equal(selected({ scopes, parts, relay: new Map([[5, octetsOf('10.21.0.0')]]) }), 'lab')
  t.equal(selected({ scopes, parts }), 'bench', 'without it, option 118 decides')
})

t.test('RFC 3011 section 6: option 118 is ignored unless both networks allow it', async (t) => {
  const wanting = (address: string): MessageParts => ({ options: [[118, octetsOf(address)]] })
  t.equal(selected({ parts: wanting('10.21.0.0') }), 'bench', 'off by default')
  const here = [aScope({ subnetSelection: true }), LAB]
  t.equal(selected({ scopes: here, parts: wanting('10.21.0.0') }), 'unknown-link', 'off there')
  t.equal(selected({ scopes: here, parts: {} }), 'bench', 'not asked for')
  const both = [aScope({ subnetSelection: true }), { ...LAB, subnetSelection: true }]
  t.equal(selected({ scopes: both, parts: wanting('10.21.0.0') }), 'lab')
  t.equal(selected({ scopes: both, parts: wanting('172.16.0.0') }), 'unknown-link')
  const malformed: MessageParts = { options: [[118, Uint8Array.of(10)]] }
  t.equal(selected({ scopes: both, parts: malformed }), 'malformed-option')
})

t.test('finds the most specific subnet, the interfaces, and our own addresses', async (t) => {
  const wide = aRelayedScope({ name: 'wide', subnet: parseSubnet('10.0.0.0/8') as Subnet })
  const index = new ScopeIndex([wide, aScope(), aScope({ name: 'second' })])
  t.equal(index.containing(ip('10.99.0.1'))?.scope.name, 'wide')
  t.equal(index.containing(ip('10.20.0.77'))?.scope.name, 'second')
  t.equal(index.containing(ip('192.0.2.1')), undefined)
  t.equal(index.onInterface('eth0.120')?.scope.name, 'bench', 'the first on an interface')
  t.ok(index.isOwn(ip('10.20.0.2')))
  t.ok(index.isOwn(ip('192.0.2.2')))
  t.notOk(index.isOwn(ip('10.20.0.3')))
})
