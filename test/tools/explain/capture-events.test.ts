import t from 'tap'
import { type Ipv4, parseIpv4, UNSPECIFIED } from '../../../src/net/ipv4.ts'
import { type Mac, macToBytes } from '../../../src/net/mac.ts'
import { eventsOfCapture } from '../../../src/tools/explain/capture-events.ts'
import { explainPhones } from '../../../src/tools/explain/explain-phones.ts'
import { phoneInWords } from '../../../src/tools/explain/phone-text.ts'
import { encodeMessage } from '../../../src/wire/dhcp/encode-message.ts'
import { MessageType, type OutgoingOption } from '../../../src/wire/dhcp/message.ts'
import { encodeUdpFrame } from '../../../src/wire/frame/udp-frame.ts'
import { encodePacket } from '../../../src/wire/tftp/encode-packet.ts'
import type { TftpPacket } from '../../../src/wire/tftp/packet.ts'

const NOTHING_LEFT = { at: 0, lines: 0 }

const PHONE = { hardwareAddress: macToBytes('000E84C060A6' as Mac), address: at('192.0.2.61') }
const SERVER = { hardwareAddress: macToBytes('020000000001' as Mac), address: at('192.0.2.1') }

function at(text: string): Ipv4 {
  return parseIpv4(text) as Ipv4
}

/** `>` from the phone, `<` from the server; the phone's port, the server's port, a packet. */
type Sent = readonly [direction: '>' | '<', phonePort: number, serverPort: number, TftpPacket]

function results(...sent: readonly Sent[]): readonly string[] {
  const packets = sent.map(([direction, phonePort, serverPort, packet], index) => {
    const [phone, server] = [
      { ...PHONE, port: phonePort },
      { ...SERVER, port: serverPort },
    ]
    const [from, to] = direction === '>' ? [phone, server] : [server, phone]
    const bytes = encodeUdpFrame(from, to, encodePacket(packet))
    return { atNs: BigInt(index) * 1_000_000n, linkType: 1, bytes }
  })
  return eventsOfCapture({ packets, isCut: false }).events.map((event) => {
    if (event.kind === 'ended') return `ended ${event.name} ${event.outcome} ${event.bytes}`
    return 'name' in event ? `${event.kind} ${event.name}` : `${event.kind} ${event.mac}`
  })
}

const read = (name: string): TftpPacket => ({
  kind: 'read',
  name,
  mode: 'octet',
  options: new Map(),
})
const data = (block: number, bytes: number): TftpPacket => ({
  kind: 'data',
  block,
  payload: new Uint8Array(bytes),
})
const ack = (block: number): TftpPacket => ({ kind: 'ack', block })
const error = (code: number): TftpPacket => ({ kind: 'error', code, message: 'no' })
const WHO = 'address 000E84C060A6'

t.test('a transfer is whole when its last, short block was acknowledged', async (t) => {
  t.same(
    results(
      ['>', 5000, 69, read('a')],
      ['>', 5000, 69, read('a')],
      ['<', 5000, 6000, data(1, 512)],
      ['>', 5000, 6000, ack(1)],
      ['<', 5000, 6000, data(2, 8)],
      ['<', 5000, 6000, data(2, 8)],
      ['>', 5000, 6000, ack(2)],
    ),
    // Each request counts: one that is repeated was not answered, or not heard.
    ['request a', 'request a', 'ended a completed 520', WHO],
  )
})

t.test('what is sent and never acknowledged does not reach the phone', async (t) => {
  const once: readonly Sent[] = [
    ['>', 5000, 69, read('a')],
    ['<', 5000, 6000, data(1, 8)],
  ]
  t.same(results(...once), ['request a', 'ended a unheard 8', WHO])
  t.same(results(...once, ...once), [
    'request a',
    'ended a unheard 8',
    'request a',
    'ended a unheard 8',
    WHO,
  ])
  const refused: readonly Sent[] = [
    ['>', 5000, 69, read('a')],
    ['<', 5000, 6000, error(1)],
    ['<', 5000, 6000, error(1)],
  ]
  t.same(results(...refused, ...refused), ['request a', 'absent a', 'request a', 'absent a', WHO])
})

t.test('answers from another address than was asked are told as such', async (t) => {
  const elsewhere = { ...SERVER, address: at('192.0.2.9') }
  const asked = encodeUdpFrame(
    { ...PHONE, port: 5000 },
    { ...SERVER, port: 69 },
    encodePacket(read('CTLSEP000E84C060A6.tlv')),
  )
  const answer = (packet: TftpPacket) =>
    encodeUdpFrame({ ...elsewhere, port: 6000 }, { ...PHONE, port: 5000 }, encodePacket(packet))
  const explained = (packet: TftpPacket) => {
    const frames = [asked, answer(packet), asked, answer(packet)]
    const packets = frames.map((bytes, index) => ({
      atNs: BigInt(index) * 2_000_000_000n,
      linkType: 1,
      bytes,
    }))
    return explainPhones(eventsOfCapture({ packets, isCut: false }).events)
  }
  for (const packet of [data(1, 8), error(1)]) {
    t.match(explained(packet), [
      {
        verdict: 'stalled',
        diagnosis: {
          code: 'replies-unheard',
          seen: /asked 192\.0\.2\.1 and was answered from 192\.0\.2\.9/,
          remedy: /listen-address/,
        },
      },
    ])
  }
})

t.test('after a router the sender of a frame is not the device that asks for files', async (t) => {
  const router = { ...PHONE, hardwareAddress: macToBytes('86316D59A8F0' as Mac) }
  const frame = (port: number, name: string) =>
    encodeUdpFrame({ ...router, port }, { ...SERVER, port: 69 }, encodePacket(read(name)))
  const explained = (...names: readonly string[]) => {
    const packets = names.map((name, index) => ({
      atNs: BigInt(index) * 1_000_000_000n,
      linkType: 1,
      bytes: frame(5_000 + index, name),
    }))
    return explainPhones(eventsOfCapture({ packets, isCut: false }).events)
  }
  t.match(explained('CTLSEP000E84C060A6.tlv', 'XMLDefault.cnf.xml'), [{ mac: '000E84C060A6' }])
  t.equal(explained('CTLSEP000E84C060A6.tlv', 'XMLDefault.cnf.xml').length, 1)
  t.equal(explained('OS79XX.TXT', 'SIP000E84C060A6.cnf').length, 1, 'whichever comes first')
  t.match(explained('OS79XX.TXT'), [{ mac: '86316D59A8F0' }], 'because nothing better is known')
})

t.test(
  'file not found is an absence, any other error the end; so is one of the client',
  async (t) => {
    t.same(results(['>', 5000, 69, read('a')], ['<', 5000, 6000, error(1)]), [
      'request a',
      'absent a',
      WHO,
    ])
    t.same(results(['>', 5000, 69, read('a')], ['<', 5000, 6000, error(2)]), [
      'request a',
      'ended a failed 0',
      WHO,
    ])
    t.same(
      results(
        ['>', 5000, 69, read('a')],
        ['<', 5000, 6000, data(1, 512)],
        ['>', 5000, 6000, error(0)],
      ),
      ['request a', 'ended a failed 512', WHO],
    )
  },
)

t.test('two transfers at once, a server on another port, a negotiated block size', async (t) => {
  const oack: TftpPacket = { kind: 'options-ack', options: new Map([['blksize', '1024']]) }
  t.same(
    results(
      ['>', 5000, 6969, read('a')],
      ['>', 5001, 6969, read('b')],
      ['<', 5000, 6000, oack],
      ['<', 5001, 6001, data(1, 3)],
      ['<', 5000, 6000, data(1, 600)],
      ['>', 5000, 6000, ack(1)],
      ['>', 5001, 6001, ack(1)],
      ['>', 5002, 6002, ack(1)],
    ),
    ['request a', 'request b', 'ended a completed 600', 'ended b completed 3', WHO],
  )
})

t.test('a capture that cut its packets, and one that lacks some, tell the same size', async (t) => {
  const [phone, server] = [
    { ...PHONE, port: 5000 },
    { ...SERVER, port: 69 },
  ]
  const frames = [
    encodeUdpFrame(phone, server, encodePacket(read('a'))),
    encodeUdpFrame(server, phone, encodePacket(data(1, 512))).subarray(0, 46),
    // Blocks 2 to 65535 are lacking, and 65536 is 0 on the wire.
    encodeUdpFrame(server, phone, encodePacket(data(65_535, 512))),
    encodeUdpFrame(server, phone, encodePacket(data(0, 512))).subarray(0, 46),
    encodeUdpFrame(server, phone, encodePacket(data(1, 3))),
    encodeUdpFrame(phone, server, encodePacket(ack(1))),
  ]
  const ended = (kept: readonly Uint8Array[]) => {
    const packets = kept.map((bytes) => ({ atNs: 0n, linkType: 1, bytes }))
    const { events } = eventsOfCapture({ packets, isCut: false })
    return events.flatMap((event) => (event.kind === 'ended' ? [event.bytes] : []))
  }
  const [request, first, , , last, acknowledged] = frames as [
    Uint8Array,
    Uint8Array,
    ...Uint8Array[],
  ]
  const short = encodeUdpFrame(server, phone, encodePacket(data(30_001, 3)))
  const shortAck = encodeUdpFrame(phone, server, encodePacket(ack(30_001)))
  t.same(ended([request, first, short, shortAck]), [30_000 * 512 + 3])
  const half = encodeUdpFrame(server, phone, encodePacket(data(32_768, 512)))
  t.same(
    ended([request, first, half, ...frames.slice(2)]),
    [65_536 * 512 + 3],
    'the number wraps after 65535',
  )
  t.same(ended([request, last ?? first, acknowledged ?? first]), [3])
})

t.test('frames that carry nothing, and parts of datagrams, are counted', async (t) => {
  const frame = encodeUdpFrame({ ...PHONE, port: 1 }, { ...SERVER, port: 69 }, new Uint8Array(4))
  const part = Uint8Array.from(frame, (octet, index) => (index === 20 ? 0x20 : octet))
  const packets = [new Uint8Array(3), part, frame].map((bytes) => ({
    atNs: 0n,
    linkType: 1,
    bytes,
  }))
  t.same(eventsOfCapture({ packets, isCut: false }), { events: [], fragments: 1, otherFrames: 1 })
})

t.test('DHCP that leads to no address is reported, with its server', async (t) => {
  const dhcp = (op: number, type: number, rest: readonly OutgoingOption[] = []) => {
    const header = {
      ...{ op, htype: 1, hlen: 6, hops: 0, xid: 1, secs: 0, flags: 0, ciaddr: UNSPECIFIED },
      ...{ yiaddr: UNSPECIFIED, siaddr: UNSPECIFIED, giaddr: UNSPECIFIED },
      ...{ chaddr: new Uint8Array(16), sname: new Uint8Array(0), file: new Uint8Array(0) },
    }
    header.chaddr.set(PHONE.hardwareAddress)
    return encodeMessage(header, [[53, Uint8Array.of(type)], ...rest]).bytes
  }
  const text = (code: number, value: string): OutgoingOption => [
    code,
    new TextEncoder().encode(value),
  ]
  const discover = dhcp(1, MessageType.discover, [
    text(60, 'Cisco Systems, Inc. IP Phone CP-7960G'),
  ])
  const messages = [
    discover,
    // Answered; the one before and the last are not.
    discover,
    dhcp(2, MessageType.offer),
    dhcp(2, MessageType.nak, [text(56, 'wrong network')]),
    dhcp(2, MessageType.nak),
    dhcp(1, MessageType.decline),
    discover,
  ]
  const packets = messages.map((message) => ({
    atNs: 0n,
    linkType: 1,
    bytes: encodeUdpFrame({ ...PHONE, port: 68 }, { ...SERVER, port: 67 }, message),
  }))
  const mac = '000E84C060A6'
  const vendorClass = 'Cisco Systems, Inc. IP Phone CP-7960G'
  const boot = { kind: 'boot', mac, vendorClass, atMs: 0 }
  const reason = 'no answer'
  const unanswered = { kind: 'dhcp', mac, outcome: 'refused', reason, atMs: 0 }
  t.same(eventsOfCapture({ packets, isCut: false }).events, [
    boot,
    unanswered,
    boot,
    { kind: 'dhcp', mac, outcome: 'offered', reason: '', atMs: 0 },
    { kind: 'reply', mac, naming: { isWhole: true, namesDns: false }, atMs: 0 },
    { kind: 'dhcp', mac, outcome: 'refused', reason: 'wrong network', atMs: 0 },
    { kind: 'dhcp', mac, outcome: 'refused', reason: 'DHCPNAK', atMs: 0 },
    { kind: 'dhcp', mac, outcome: 'declined', reason: '', atMs: 0 },
    boot,
    unanswered,
  ])
})

t.test('what an answer says of servers, and whose offer is taken', async (t) => {
  // Octets of RFC 2131 section 2, options of RFC 2132 and RFC 5859, written out by hand.
  const message = (op: number, siaddr: string, yiaddr: string, options: string) =>
    Buffer.from(
      `0${op}010600 84c060a6 00008000 00000000 ${yiaddr} ${siaddr} 00000000 000e84c060a6`.replaceAll(
        ' ',
        '',
      ) +
        '00'.repeat(10 + 192) +
        `63825363${options}ff`.replaceAll(' ', ''),
      'hex',
    )
  const name = '4204 74667470' // 66: "tftp"
  const sent = [
    message(2, 'c0000202', 'c000023d', `350102 3604c0000202 9608c0000202c0000203 0604c0000201`),
    message(2, '00000000', 'c000023d', `350102 3604c0000209 9606c00002020102 ${name}`),
    message(1, '00000000', '00000000', '350103 3604c0000209 3204c000023d'),
    message(2, '00000000', 'c000023d', '350105 3604c0000209'),
  ]
  const packets = sent.map((bytes) => ({
    atNs: 0n,
    linkType: 1,
    bytes: encodeUdpFrame({ ...SERVER, port: 67 }, { ...PHONE, port: 68 }, bytes),
  }))
  const { events } = eventsOfCapture({ packets, isCut: false })
  const namings = events.flatMap((event) => (event.kind === 'reply' ? [event.naming] : []))
  t.same(namings, [
    {
      isWhole: true,
      namesDns: true,
      server: '192.0.2.2',
      option150: ['192.0.2.2', '192.0.2.3'],
      nextServer: '192.0.2.2',
    },
    { isWhole: true, namesDns: false, server: '192.0.2.9', option66: 'tftp', option150: 6 },
    { chosen: '192.0.2.9' },
    { isWhole: true, namesDns: false, server: '192.0.2.9' },
  ])
  const [phone] = explainPhones(events)
  t.match(phone?.notes, [/Nothing here says that this is a phone/])
  const boot = { kind: 'boot', mac: '000E84C060A6' as Mac, atMs: 0 } as const
  const [explained] = explainPhones([
    { ...boot, vendorClass: 'Cisco Systems, Inc. IP Phone CP-7960G' },
    ...events,
  ])
  t.match(explained?.timeline, [
    { text: /starts/ },
    { text: 'is offered an address' },
    { text: /by the DHCP server 192\.0\.2\.2; option 150 is 192\.0\.2\.2, 192\.0\.2\.3; siaddr/ },
    { text: 'is offered an address' },
    { text: /option 150 is 6 bytes; option 66 is "tftp"/ },
    { text: 'takes the offer of 192.0.2.9' },
    { text: 'has the address 192.0.2.61' },
    { text: /DHCP server 192\.0\.2\.9/ },
  ])
  t.match(
    explained === undefined ? '' : phoneInWords({ phone: explained, left: NOTHING_LEFT }),
    /Several DHCP servers answered/,
  )
})

t.test(
  'a request tells which server was asked, and whether that one answers any device',
  async (t) => {
    const [phone, server] = [
      { ...PHONE, port: 5000 },
      { ...SERVER, port: 69 },
    ]
    const other = { ...server, address: at('192.0.2.9') }
    const frames = [
      encodeUdpFrame(phone, server, encodePacket(read('a'))),
      // A server may answer from another address of its own.
      encodeUdpFrame({ ...other, port: 6000 }, phone, encodePacket(error(1))),
      encodeUdpFrame({ ...phone, port: 5001 }, other, encodePacket(read('b'))),
    ]
    const packets = frames.map((bytes) => ({ atNs: 0n, linkType: 1, bytes }))
    const { events } = eventsOfCapture({ packets, isCut: false })
    t.same(
      events.flatMap((event) => (event.kind === 'request' ? [event.server] : [])),
      [
        { server: '192.0.2.1', answers: true },
        { server: '192.0.2.9', answers: false },
      ],
    )
  },
)

t.test('in a capture of port 69 alone, a phone that goes on has had an answer', async (t) => {
  const server = { ...SERVER, port: 69 }
  const answers = (pauseMs: number, ...names: readonly string[]) => {
    const packets = names.map((name, index) => ({
      atNs: BigInt(index * pauseMs) * 1_000_000n,
      linkType: 1,
      bytes: encodeUdpFrame({ ...PHONE, port: 5000 + index }, server, encodePacket(read(name))),
    }))
    const { events } = eventsOfCapture({ packets, isCut: false })
    return events.flatMap((event) => (event.kind === 'request' ? [event.server?.answers] : []))
  }
  t.same(answers(1_000, 'a', 'b'), [true, true])
  t.same(answers(1_000, 'a', 'a'), [false, false], 'the same once more')
  t.same(answers(16_000, 'a', 'b'), [false, false], 'after it has given up')
})

t.test('what an answer says in the fields of BOOTP is told', async (t) => {
  const field = (text: string, length: number) =>
    Buffer.from(text)
      .toString('hex')
      .padEnd(length * 2, '0')
  const bytes = Buffer.from(
    '02010600 84c060a6 00008000 00000000 c000023d 00000000 00000000 000e84c060a6'.replaceAll(
      ' ',
      '',
    ) +
      `${'00'.repeat(10)}${field('tftp.example', 64)}${field('OS79XX.TXT', 128)}` +
      '63825363350105 3604c0000202ff'.replaceAll(' ', ''),
    'hex',
  )
  const frame = encodeUdpFrame({ ...SERVER, port: 67 }, { ...PHONE, port: 68 }, bytes)
  const packets = [{ atNs: 0n, linkType: 1, bytes: frame }]
  const phones = explainPhones(eventsOfCapture({ packets, isCut: false }).events)
  const said = phones.map((phone) => phoneInWords({ phone, left: NOTHING_LEFT })).join()
  t.match(said, /sname is "tftp\.example"; file is "OS79XX\.TXT"/)
  t.match(said, /Seen: .*Of the fields of BOOTP sname is "tftp\.example" and file is/)
})
