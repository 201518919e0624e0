import t from 'tap'
import { identifyClient } from '../../src/dhcp/client-identity.ts'
import type { Exchange } from '../../src/dhcp/exchange.ts'
import { nakDestination, replyDestination } from '../../src/dhcp/reply-destination.ts'
import { formatIpv4, type Ipv4 } from '../../src/net/ipv4.ts'
import { macToBytes } from '../../src/net/mac.ts'
import { aRequest, ip, type MessageParts, PHONE_MAC } from '../support/a-dhcp-message.ts'
import { aScope, SERVER } from '../support/dhcp-lab.ts'

const YIADDR = ip('10.20.0.50')

type Asked = {
  readonly parts?: MessageParts
  readonly relay?: ReadonlyMap<number, Uint8Array>
  readonly yiaddr?: Ipv4
  readonly sourcePort?: number
  readonly localAddress?: string
}

function anExchange({
  parts = {},
  relay,
  sourcePort = 67,
  localAddress = SERVER,
}: Asked): Exchange {
  const message = aRequest(parts)
  return {
    message,
    relay: relay ?? new Map(),
    scope: aScope(),
    arrival: {
      interfaceName: 'eth0.120',
      localAddress: ip(localAddress),
      sourceAddress: ip('10.20.0.1'),
      sourcePort,
    },
    client: identifyClient(message),
  } as unknown as Exchange
}

function destination(asked: Asked): string {
  const { address, port, hardwareAddress, interfaceName } = replyDestination(
    anExchange(asked),
    asked.yiaddr ?? YIADDR,
  )
  t.equal(interfaceName, 'eth0.120', 'out of the interface that it came in by')
  const frame =
    hardwareAddress === null ? '' : ` to ${Buffer.from(hardwareAddress).toString('hex')}`
  return `${formatIpv4(address)}:${port}${frame}`
}

t.test('RFC 2131 section 4.1: through the relay agent, to port 67, never 68', async (t) => {
  const giaddr = '10.30.0.1'
  for (const parts of [
    { giaddr },
    { giaddr, ciaddr: '10.20.0.60' },
    { giaddr, header: { flags: 0 } },
  ]) {
    t.equal(destination({ parts, sourcePort: 68 }), '10.30.0.1:67')
  }
})

t.test(
  'RFC 8357 section 4.1: sub-option 19 asks for the port that the request came from',
  async (t) => {
    const relay = new Map([[19, new Uint8Array(0)]])
    t.equal(
      destination({ parts: { giaddr: '10.30.0.1' }, relay, sourcePort: 4011 }),
      '10.30.0.1:4011',
    )
    const without = destination({ parts: { giaddr: '10.30.0.1' }, sourcePort: 4011 })
    t.equal(without, '10.30.0.1:67', 'not asked for')
  },
)

t.test('RFC 2131 section 4.1: without relay agent, to ciaddr and port 68', async (t) => {
  t.equal(destination({ parts: { ciaddr: '10.20.0.60' } }), '10.20.0.60:68')
  const bogus = destination({ parts: { ciaddr: '203.0.113.9' } })
  t.equal(bogus, '255.255.255.255:68', 'not to where an unknown device points')
})

t.test('RFC 2131 section 4.1: BROADCAST set, to everybody', async (t) => {
  t.equal(destination({ parts: { header: { flags: 0x8000 } } }), '255.255.255.255:68')
})

t.test('RFC 2131 section 4.1: BROADCAST clear, to yiaddr in a frame for chaddr', async (t) => {
  const mac = Buffer.from(macToBytes(PHONE_MAC)).toString('hex')
  t.equal(destination({ parts: { header: { flags: 0 } } }), `10.20.0.50:68 to ${mac}`)
  t.equal(destination({ parts: { header: { flags: 0x7fff } } }), `10.20.0.50:68 to ${mac}`)
})

t.test('RFC 2131 section 4.1: by broadcast where unicast is impossible', async (t) => {
  for (const header of [
    { flags: 0, htype: 6 },
    { flags: 0, hlen: 8 },
  ]) {
    t.equal(destination({ parts: { header } }), '255.255.255.255:68')
  }
  const none = destination({ parts: { header: { flags: 0 } }, yiaddr: ip('0.0.0.0') })
  t.equal(none, '255.255.255.255:68', 'no address to send to')
})

t.test(
  'the source is our address on the network, for relay agents that of the socket',
  async (t) => {
    const local = (asked: Asked) =>
      formatIpv4(replyDestination(anExchange(asked), YIADDR).localAddress)
    t.equal(local({ localAddress: '198.51.100.9' }), SERVER)
    const giaddr = '10.30.0.1'
    t.equal(local({ parts: { giaddr }, localAddress: '198.51.100.9' }), '198.51.100.9')
    t.equal(local({ parts: { giaddr }, localAddress: '0.0.0.0' }), SERVER)
  },
)

t.test('RFC 2131 section 4.1: a NAK to everybody, or to the relay agent', async (t) => {
  const to = (parts: MessageParts) => {
    const { address, port } = nakDestination(anExchange({ parts }))
    return `${formatIpv4(address)}:${port}`
  }
  t.equal(to({ ciaddr: '10.20.0.60', header: { flags: 0 } }), '255.255.255.255:68')
  t.equal(to({ giaddr: '10.30.0.1', ciaddr: '10.20.0.60' }), '10.30.0.1:67')
})
