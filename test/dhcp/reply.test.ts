import t from 'tap'
import {
  aDiscover,
  aRequest,
  octetsOf,
  relayOptions,
  textOctets,
} from '../support/a-dhcp-message.ts'
import {
  aRelayedScope,
  aScope,
  DhcpLab,
  onlyReply,
  optionCodes,
  SERVER,
} from '../support/dhcp-lab.ts'

const CIRCUIT = relayOptions([
  [1, Uint8Array.of(0, 4, 0, 120, 1, 7)],
  [2, textOctets('switch-3')],
  [151, Uint8Array.of(9)],
])

t.test('RFC 6842 section 3: option 61 comes back unchanged in OFFER, ACK and NAK', async (t) => {
  const clientId = Uint8Array.of(1, 0, 0x0e, 0x84, 0xc0, 0x60, 0xa6)
  const lab = new DhcpLab()
  const offer = onlyReply(lab.handle(aDiscover({ clientId })))
  const ack = onlyReply(
    lab.handle(aRequest({ clientId, requested: offer.yiaddr, serverId: SERVER })),
  )
  const nak = onlyReply(lab.handle(aRequest({ clientId, requested: '10.99.0.1' })))
  for (const { type, message } of [offer, ack, nak]) {
    t.same(message.options.get(61), clientId, type)
  }
})

t.test('RFC 6842 section 3: without option 61 in the request, none in the reply', async (t) => {
  const lab = new DhcpLab()
  for (const message of [aDiscover(), aRequest({ requested: '10.99.0.1' })]) {
    t.notOk(optionCodes(onlyReply(lab.handle(message)).bytes).includes(61))
  }
})

t.test('RFC 3046 section 2.2: option 82 comes back whole and last, in a NAK too', async (t) => {
  const lab = new DhcpLab({ scopes: [aRelayedScope()] })
  const relayed = { giaddr: '10.30.0.1', options: [[82, CIRCUIT]] } as const
  const offer = onlyReply(lab.handle(aDiscover(relayed)))
  const request = aRequest({ ...relayed, requested: offer.yiaddr, serverId: '192.0.2.2' })
  const ack = onlyReply(lab.handle(request))
  const nak = onlyReply(lab.handle(aRequest({ ...relayed, requested: '10.99.0.1' })))
  for (const { type, message, bytes } of [offer, ack, nak]) {
    t.same(message.options.get(82), CIRCUIT, type)
    t.same(optionCodes(bytes).slice(-2), [82, 255], type)
  }
})

t.test(
  'RFC 3046 section 2.2: option 82 without relay agent is echoed, and decides nothing',
  async (t) => {
    const lab = new DhcpLab({ scopes: [aScope(), aRelayedScope()] })
    const value = relayOptions([
      [5, octetsOf('10.30.0.0')],
      [11, octetsOf('10.30.0.1')],
    ])
    const { message, yiaddr, to } = onlyReply(lab.handle(aDiscover({ options: [[82, value]] })))
    t.same(message.options.get(82), value)
    t.equal(yiaddr, '10.20.0.50', 'no link selection')
    t.same(message.options.get(54), octetsOf(SERVER), 'no override')
    t.equal(to, '255.255.255.255:68')
    const garbage = Uint8Array.of(1, 99, 0)
    const odd = onlyReply(lab.handle(aDiscover({ options: [[82, garbage]] })))
    t.same(odd.message.options.get(82), garbage, 'whatever it is')
  },
)

t.test('RFC 3046 section 2.2: a renewal is served with option 82 and without', async (t) => {
  const lab = new DhcpLab()
  lab.bind()
  const plain = onlyReply(lab.handle(aRequest({ ciaddr: '10.20.0.50' })))
  t.notOk(optionCodes(plain.bytes).includes(82))
  const tagged = aRequest({ ciaddr: '10.20.0.50', options: [[82, CIRCUIT]] })
  t.same(onlyReply(lab.handle(tagged)).message.options.get(82), CIRCUIT)
})

t.test(
  'RFC 3046 section 2.2: an option 82 that does not fit is left out and reported',
  async (t) => {
    const lab = new DhcpLab({ scopes: [aRelayedScope()] })
    const huge = relayOptions([
      [1, new Uint8Array(250)],
      [2, new Uint8Array(250)],
    ])
    const outcome = lab.handle(aDiscover({ giaddr: '10.30.0.1', options: [[82, huge]] }))
    t.notOk(optionCodes(onlyReply(outcome).bytes).includes(82))
    t.match(outcome.events, [{ event: 'dhcp.offer.sent', omitted: [82] }])
    const big = lab.handle(
      aDiscover({
        giaddr: '10.30.0.1',
        options: [
          [82, huge],
          [57, Uint8Array.of(5, 0xdc)],
        ],
      }),
    )
    t.same(onlyReply(big).message.options.get(82), huge, 'where there is room it is sent')
    t.match(big.events, [{ omitted: [] }])
  },
)

t.test('RFC 2132 section 9.10: replies keep to what the client can take', async (t) => {
  const options = [
    [43, new Uint8Array(255)],
    [60, new Uint8Array(0)],
    [128, new Uint8Array(255)],
    [129, new Uint8Array(255)],
    [130, new Uint8Array(255)],
  ] as const
  const lab = new DhcpLab({ scopes: [aScope({ options })] })
  const list = [55, Uint8Array.of(43, 128, 129, 130)] as const
  const sized = (size: readonly (readonly [number, Uint8Array])[]) =>
    onlyReply(lab.handle(aDiscover({ options: [list, ...size] }))).bytes.length
  t.ok(sized([]) <= 548, 'RFC 2131 section 2: 576 octets without option 57')
  t.ok(sized([[57, Uint8Array.of(0, 100)]]) <= 548, 'below 576 is read as 576')
  t.ok(sized([[57, new Uint8Array(1)]]) <= 548, 'malformed')
  const large = sized([[57, Uint8Array.of(5, 0xdc)]])
  t.ok(large > 1000 && large <= 1472, 'more where the client says so')
  t.ok(sized([[57, Uint8Array.of(0xff, 0xff)]]) <= 1472, 'never more than a frame')
})

t.test('RFC 1542 section 2.1: every reply has 300 octets or more, and ends in End', async (t) => {
  const lab = new DhcpLab({ scopes: [aScope({ options: [], forcedCodes: [] })] })
  for (const message of [aDiscover(), aRequest({ requested: '10.99.0.1' })]) {
    const { bytes } = onlyReply(lab.handle(message))
    t.ok(bytes.length >= 300)
    t.equal(optionCodes(bytes).at(-1), 255)
  }
})
