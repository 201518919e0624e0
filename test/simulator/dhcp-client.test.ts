import t from 'tap'
import type { Mac } from '../../src/net/mac.ts'
import { DhcpClient, type DhcpClientEffect } from '../../src/simulator/dhcp-client.ts'
import { DEFAULT_QUIRKS } from '../../src/simulator/phone-quirks.ts'
import { DEFAULT_TIMING } from '../../src/simulator/phone-timing.ts'
import { decodeMessage } from '../../src/wire/dhcp/decode-message.ts'
import { encodeMessage } from '../../src/wire/dhcp/encode-message.ts'
import { type DhcpMessage, MessageType, type OutgoingOption } from '../../src/wire/dhcp/message.ts'
import { addresses, ip } from '../support/scripted-bench.ts'

const identity = {
  mac: '000E84C060A6' as Mac,
  vendorClass: 'Cisco Systems, Inc. IP Phone CP-7960G\0',
  hostName: 'SEP000E84C060A6',
  requestedOptions: DEFAULT_QUIRKS.requestedOptions,
}
const aClient = (declines = 0) =>
  new DhcpClient(identity, {
    retryMs: DEFAULT_TIMING.dhcpRetryMs,
    declines,
    tftpServerFrom: DEFAULT_QUIRKS.tftpServerFrom,
  })

const sent = (effects: readonly DhcpClientEffect[]): DhcpMessage => {
  const send = effects.find((effect) => effect.kind === 'send')
  return decodeMessage(send?.bytes ?? new Uint8Array(0))
}
const typeOf = (effects: readonly DhcpClientEffect[]) => sent(effects).options.get(53)?.[0]
const kinds = (effects: readonly DhcpClientEffect[]) => effects.map(({ kind }) => kind)

const seconds = (value: number) => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
const serverId: OutgoingOption = [54, addresses('10.20.0.2')]
const granted: readonly OutgoingOption[] = [serverId, [51, seconds(1_000)]]

/** A reply to the phone; `fields` change what is in its header. */
const reply = (
  type: number,
  options: readonly OutgoingOption[] = granted,
  fields: Partial<DhcpMessage> = {},
) => {
  const request = sent(aClient().begin(null, 0))
  const header = { ...request, op: 2, yiaddr: ip('10.20.0.61'), ...fields }
  return encodeMessage(header, [[53, Uint8Array.of(type)], ...options]).bytes
}
const { offer, ack, nak } = MessageType

/** A client that has its lease since 1000 s. */
const aBoundClient = (lease: readonly OutgoingOption[] = granted) => {
  const client = aClient()
  client.begin(null, 0)
  client.onDatagram(reply(offer), 1)
  client.onDatagram(reply(ack, lease), 1_000_000)
  return client
}

t.test('a DISCOVER looks as phones send it', async (t) => {
  const effects = aClient().begin(null, 0)
  t.match(effects, [{ kind: 'send', to: ip('255.255.255.255') }])
  const message = sent(effects)
  t.match(message, { op: 1, htype: 1, hlen: 6, hops: 0, secs: 0, xid: 0x84c060a6, flags: 0x8000 })
  t.same(message.chaddr, Uint8Array.of(0, 0x0e, 0x84, 0xc0, 0x60, 0xa6, ...new Array(10).fill(0)))
  t.same(message.options.get(53), Uint8Array.of(1))
  t.same(message.options.get(55), Uint8Array.of(1, 66, 6, 3, 15, 150, 35))
  t.same(message.options.get(61), Uint8Array.of(1, 0, 0x0e, 0x84, 0xc0, 0x60, 0xa6))
  const text = (code: number) => new TextDecoder().decode(message.options.get(code))
  t.equal(text(60), 'Cisco Systems, Inc. IP Phone CP-7960G\0')
  t.equal(text(12), 'SEP000E84C060A6')
})

t.test(
  'RFC 2131 section 4.3.2: SELECTING names the server and the address, ciaddr is zero',
  async (t) => {
    const client = aClient()
    client.begin(null, 0)
    const request = sent(client.onDatagram(reply(offer), 3_000))
    t.match(request, { ciaddr: 0, secs: 3, xid: 0x84c060a6 })
    t.same(request.options.get(50), addresses('10.20.0.61'))
    t.same(request.options.get(54), addresses('10.20.0.2'))
    const bound = client.onDatagram(reply(ack), 4_000)
    t.match(bound, [{ kind: 'bound', lease: { address: ip('10.20.0.61'), renewAtMs: 504_000 } }])
    t.equal(client.wakeAtMs, 504_000)
  },
)

t.test('RFC 2131 section 4.3.2: INIT-REBOOT names the address and no server', async (t) => {
  const client = aClient()
  const request = sent(client.begin(ip('10.20.0.61'), 0))
  t.same(request.options.get(53), Uint8Array.of(3))
  t.same(request.options.get(50), addresses('10.20.0.61'))
  t.equal(request.options.has(54), false)
  t.same(kinds(client.onDatagram(reply(ack), 1)), ['bound'])
})

t.test('a NAK at INIT-REBOOT leads to DISCOVER at once', async (t) => {
  const client = aClient()
  client.begin(ip('10.20.0.61'), 0)
  const effects = client.onDatagram(reply(nak, [serverId]), 1)
  t.same(kinds(effects), ['refused', 'send'])
  t.equal(typeOf(effects), MessageType.discover)
})

t.test(
  'a NAK of the chosen server leads to DISCOVER after a pause, of another one to nothing',
  async (t) => {
    const client = aClient()
    client.begin(null, 0)
    client.onDatagram(reply(offer), 1)
    t.same(client.onDatagram(reply(nak, [[54, addresses('10.20.0.9')]]), 2), [])
    t.same(kinds(client.onDatagram(reply(nak, [serverId]), 2)), ['refused'])
    t.same(client.onWake(4_001), [])
    t.equal(typeOf(client.onWake(4_002)), MessageType.discover)
  },
)

t.test('a REQUEST without answer is sent four times, then DISCOVER', async (t) => {
  const client = aClient()
  client.begin(null, 0)
  client.onDatagram(reply(offer), 0)
  for (const atMs of [4_000, 12_000, 28_000]) t.equal(typeOf(client.onWake(atMs)), 3, `${atMs}`)
  t.equal(typeOf(client.onWake(60_000)), 1)
})

t.test(
  'RFC 2131 section 4.4.5: renews by unicast from T1, rebinds by broadcast from T2, then lets go',
  async (t) => {
    const client = aBoundClient()
    t.equal(client.wakeAtMs, 1_500_000)
    const renewal = client.onWake(1_500_000)
    t.match(renewal, [{ kind: 'send', to: ip('10.20.0.2') }])
    const message = sent(renewal)
    t.match(message, { ciaddr: ip('10.20.0.61'), flags: 0 })
    t.equal(message.options.has(50), false)
    t.equal(message.options.has(54), false)
    t.equal(client.wakeAtMs, 1_687_500, 'half of what is left until T2')
    client.onWake(1_687_500)
    t.equal(client.wakeAtMs, 1_781_250)
    client.onWake(1_781_250)
    t.equal(client.wakeAtMs, 1_841_250, 'but not below 60 s')
    client.onWake(1_841_250)
    t.equal(client.wakeAtMs, 1_875_000, 'and not beyond T2')
    t.match(client.onWake(1_875_000), [{ kind: 'send', to: ip('255.255.255.255') }])
    client.onWake(1_937_500)
    t.equal(client.wakeAtMs, 1_997_500)
    client.onWake(1_997_500)
    t.same(kinds(client.onWake(2_000_000)), ['lost'])
    t.equal(typeOf(client.onWake(2_004_000)), 1)
  },
)

t.test('an ACK extends the lease', async (t) => {
  const client = aBoundClient()
  client.onWake(1_500_000)
  t.match(client.onDatagram(reply(ack), 1_500_001), [{ kind: 'extended' }])
  t.equal(client.wakeAtMs, 2_000_001)
  t.same(client.onDatagram(reply(ack), 1_500_002), [], 'an ACK that nobody asked for')
})

t.test('a NAK in RENEWING ends the lease', async (t) => {
  const client = aBoundClient()
  t.same(client.onDatagram(reply(nak, [serverId]), 1_400_000), [], 'nothing was asked')
  client.onWake(1_500_000)
  t.same(kinds(client.onDatagram(reply(nak, [serverId]), 1_500_001)), ['refused', 'lost'])
})

t.test('T1 and T2 are taken from the server where they make sense', async (t) => {
  const cases = [
    { why: 'given', extra: [[58, seconds(100)]], wakeAtMs: 1_100_000 },
    { why: 'zero', extra: [[58, seconds(0)]], wakeAtMs: 1_500_000 },
    { why: 'beyond the lease', extra: [[58, seconds(5_000)]], wakeAtMs: 1_500_000 },
    { why: 'not four octets', extra: [[58, Uint8Array.of(1)]], wakeAtMs: 1_500_000 },
  ] as const
  for (const { why, extra, wakeAtMs } of cases) {
    t.equal(aBoundClient([...granted, ...extra]).wakeAtMs, wakeAtMs, why)
  }
})

t.test(
  'RFC 2131 section 3.3: a lease of 0xffffffff is never renewed; one of no seconds, seldom',
  async (t) => {
    const endless = aBoundClient([serverId, [51, seconds(0xffffffff)]])
    t.equal(endless.wakeAtMs, Number.POSITIVE_INFINITY)
    const none = aBoundClient([serverId, [51, seconds(0)]])
    t.equal(none.wakeAtMs, 1_001_000)
  },
)

t.test('RFC 2131 section 4.4.1: an address that is taken is declined', async (t) => {
  const client = aClient(1)
  client.begin(null, 0)
  client.onDatagram(reply(offer), 1)
  const decline = sent(client.onDatagram(reply(ack), 2))
  t.same(decline.options.get(53), Uint8Array.of(4))
  t.match(decline, { ciaddr: 0 })
  t.same([...decline.options.keys()].sort(), [50, 53, 54, 61], 'RFC 2131 table 5')
  t.equal(typeOf(client.onWake(4_002)), 1)
  client.onDatagram(reply(offer), 4_003)
  t.same(kinds(client.onDatagram(reply(ack), 4_004)), ['bound'])
})

t.test('what is no reply to this phone is dropped', async (t) => {
  const cases = [
    { why: 'a request', bytes: reply(offer, granted, { op: 1 }) },
    { why: 'another transaction', bytes: reply(offer, granted, { xid: 1 }) },
    { why: 'another phone', bytes: reply(offer, granted, { chaddr: new Uint8Array(16) }) },
    { why: 'no address', bytes: reply(offer, granted, { yiaddr: ip('0.0.0.0') }) },
    { why: 'no server', bytes: reply(offer, []) },
    { why: 'INFORM', bytes: reply(8) },
    { why: 'an ACK before any request', bytes: reply(ack) },
    { why: 'a NAK before any request', bytes: reply(nak) },
    { why: 'no message', bytes: new Uint8Array(10) },
  ]
  for (const { why, bytes } of cases) {
    const client = aClient()
    client.begin(null, 0)
    t.same(client.onDatagram(bytes, 1), [], why)
  }
})

t.test('an ACK without a usable lease is dropped', async (t) => {
  const cases = [
    { why: 'no lease time', bytes: reply(ack, [serverId]) },
    { why: 'no server', bytes: reply(ack, [[51, seconds(60)]]) },
    { why: 'no address', bytes: reply(ack, granted, { yiaddr: ip('0.0.0.0') }) },
  ]
  for (const { why, bytes } of cases) {
    const client = aClient()
    client.begin(ip('10.20.0.61'), 0)
    t.same(client.onDatagram(bytes, 1), [], why)
  }
})

t.test('a lease without mask has that of its class, without router none', async (t) => {
  const cases = [
    { address: '10.0.0.1', mask: '255.0.0.0' },
    { address: '172.16.0.1', mask: '255.255.0.0' },
    { address: '192.168.0.1', mask: '255.255.255.0' },
  ]
  for (const { address, mask } of cases) {
    const client = aClient()
    client.begin(ip(address), 0)
    const bound = client.onDatagram(reply(ack, granted, { yiaddr: ip(address) }), 1)
    t.match(bound, [{ lease: { mask: ip(mask), router: null } }], address)
  }
})

t.test('RFC 2131 section 4.4.6: a lease in use is given back by unicast', async (t) => {
  const client = aBoundClient()
  const effects = client.release(1_001_000)
  t.match(effects, [{ kind: 'send', to: ip('10.20.0.2') }])
  const message = sent(effects)
  t.match(message, { ciaddr: ip('10.20.0.61'), flags: 0 })
  t.same([...message.options.keys()].sort(), [53, 54, 61], 'table 5: nothing more')
  t.same(message.options.get(53), Uint8Array.of(7))
  t.same(client.release(1_002_000), [], 'there is nothing left to give back')
  t.equal(typeOf(client.onWake(client.wakeAtMs)), 1, 'then it looks for another')
})

t.test('a phone finds its TFTP server where its firmware looks', async (t) => {
  const everywhere: readonly OutgoingOption[] = [
    ...granted,
    [66, new TextEncoder().encode('10.20.0.66')],
    [150, addresses('10.20.0.150')],
  ]
  const cases = [
    { from: DEFAULT_QUIRKS.tftpServerFrom, options: everywhere, server: '10.20.0.150' },
    { from: ['option-66'], options: everywhere, server: '10.20.0.66' },
    { from: ['siaddr'], options: everywhere, server: '10.20.0.3' },
    { from: ['option-66', 'dhcp-server'], options: granted, server: '10.20.0.2' },
    { from: ['option-66', 'option-150'], options: granted, server: null },
  ] as const
  for (const { from, options, server } of cases) {
    const retryMs = DEFAULT_TIMING.dhcpRetryMs
    const client = new DhcpClient(identity, { retryMs, declines: 0, tftpServerFrom: from })
    client.begin(null, 0)
    client.onDatagram(reply(offer), 1)
    const bound = client.onDatagram(reply(ack, options, { siaddr: ip('10.20.0.3') }), 2)
    const tftpServers = server === null ? [] : [ip(server)]
    t.match(bound, [{ kind: 'bound', lease: { tftpServers } }], from.join(', '))
  }
})
