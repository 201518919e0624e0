import t from 'tap'
import { aDiscover, aRequest, ip, octetsOf, relayOptions } from '../support/a-dhcp-message.ts'
import {
  aRelayedScope,
  aScope,
  DhcpLab,
  onlyReply,
  optionCodes,
  reasonOf,
  SERVER,
  START_MS,
  uint32Of,
} from '../support/dhcp-lab.ts'

const OTHER_MAC = '020000000001'
const ONE_ADDRESS = [{ first: ip('10.20.0.50'), last: ip('10.20.0.50') }]
const RAPID = { options: [[80, new Uint8Array(0)]] } as const

t.test('RFC 2131 table 3: the fields of an OFFER', async (t) => {
  const discover = aDiscover({ header: { hops: 3, secs: 9, flags: 0xffff } })
  const { message, yiaddr, type } = onlyReply(new DhcpLab().handle(discover))
  t.equal(type, 'offer')
  t.equal(yiaddr, '10.20.0.50')
  t.match(message, { op: 2, htype: 1, hlen: 6, hops: 0, secs: 0, ciaddr: 0, giaddr: 0 })
  t.equal(message.xid, discover.xid)
  t.equal(message.flags, 0x8000, 'BROADCAST copied, reserved bits zero')
  t.equal(message.siaddr, ip(SERVER))
  t.same(message.chaddr, discover.chaddr)
})

t.test(
  'RFC 2131 table 3: an OFFER has options 51, 53 and 54, and never 50, 55 or 57',
  async (t) => {
    const discover = aDiscover({ requested: '10.20.0.60', options: [[57, Uint8Array.of(5, 0xdc)]] })
    const reply = onlyReply(new DhcpLab().handle(discover))
    const codes = optionCodes(reply.bytes)
    for (const code of [51, 53, 54]) t.ok(codes.includes(code), `has ${code}`)
    for (const code of [50, 55, 57]) t.notOk(codes.includes(code), `lacks ${code}`)
    t.equal(uint32Of(reply, 51), 300)
    t.equal(uint32Of(reply, 54), ip(SERVER))
  },
)

t.test(
  'RFC 2131 section 4.3.1: the client gets what it asks for, in the order that counts',
  async (t) => {
    const { bytes, message } = onlyReply(new DhcpLab().handle(aDiscover()))
    t.same(optionCodes(bytes), [53, 54, 51, 58, 59, 1, 3, 66, 150, 6, 15, 255])
    t.same(message.options.get(150), octetsOf(SERVER))
  },
)

t.test('RFC 5859 section 3: 66, 150 and siaddr agree, and go out unasked', async (t) => {
  const discover = aDiscover({ options: [[55, Uint8Array.of(1)]] })
  const { message } = onlyReply(new DhcpLab().handle(discover))
  t.equal(Buffer.from(message.options.get(66) ?? []).toString('latin1'), SERVER)
  t.same(message.options.get(150), octetsOf(SERVER))
  t.equal(message.siaddr, ip(SERVER))
})

t.test('RFC 5859 section 3: option 150 from a client is ignored', async (t) => {
  const discover = aDiscover({ options: [[150, octetsOf('203.0.113.9')]] })
  const { message } = onlyReply(new DhcpLab().handle(discover))
  t.same(message.options.get(150), octetsOf(SERVER))
})

t.test(
  'RFC 2131 section 4.3.1: the same client gets the same address, whatever the xid',
  async (t) => {
    const lab = new DhcpLab()
    const first = onlyReply(lab.handle(aDiscover()))
    const again = onlyReply(lab.handle(aDiscover()))
    const other = onlyReply(lab.handle(aDiscover({ header: { xid: 7 } })))
    t.same([again.yiaddr, other.yiaddr], [first.yiaddr, first.yiaddr])
  },
)

t.test(
  'RFC 2131 section 4.3.1: what is offered to one client is offered to no other',
  async (t) => {
    const lab = new DhcpLab({ scopes: [aScope({ pools: ONE_ADDRESS })] })
    onlyReply(lab.handle(aDiscover()))
    t.equal(reasonOf(lab.handle(aDiscover({ mac: OTHER_MAC }))), 'pool-exhausted')
    lab.pass(60_000)
    t.equal(onlyReply(lab.handle(aDiscover({ mac: OTHER_MAC }))).yiaddr, '10.20.0.50', 'timed out')
  },
)

t.test('RFC 2131 section 4.3.1: a requested address is offered if it can be had', async (t) => {
  const lab = new DhcpLab()
  t.equal(onlyReply(lab.handle(aDiscover({ requested: '10.20.0.77' }))).yiaddr, '10.20.0.77')
  const other = aDiscover({ mac: OTHER_MAC, requested: '10.20.0.77' })
  t.equal(onlyReply(lab.handle(other)).yiaddr, '10.20.0.50')
})

t.test(
  'RFC 2131 section 4.3.1: current before previous, both before the requested one',
  async (t) => {
    const lab = new DhcpLab()
    t.equal(lab.bind({ requested: '10.20.0.77' }), '10.20.0.77')
    const discover = aDiscover({ requested: '10.20.0.88' })
    t.match(lab.handle(discover).events, [{ rule: 'current', address: ip('10.20.0.77') }])
    lab.pass(400_000)
    t.match(lab.handle(discover).events, [{ rule: 'previous', address: ip('10.20.0.77') }])
  },
)

t.test(
  'RFC 2131 section 4.3.1: without a free address there is silence and a report',
  async (t) => {
    const lab = new DhcpLab({ scopes: [aScope({ pools: [] })] })
    const outcome = lab.handle(aDiscover())
    t.same(outcome.kinds, ['event'])
    t.match(outcome.events, [
      { event: 'dhcp.discover.ignored', reason: 'pool-exhausted', scope: 'bench', isBoot: true },
    ])
  },
)

t.test('RFC 2131 section 4.3.1: the offered time is what is left of the lease', async (t) => {
  const lab = new DhcpLab()
  lab.bind()
  lab.pass(100_000)
  t.equal(uint32Of(onlyReply(lab.handle(aDiscover())), 51), 200)
  t.equal(uint32Of(onlyReply(lab.handle(aDiscover({ leaseSeconds: 900 }))), 51), 900)
})

t.test('RFC 2132 section 2: a class is found in spite of its trailing NUL', async (t) => {
  const classes = new Map([
    ['Cisco Systems, Inc. IP Phone CP-7960G', [[42, octetsOf('10.20.0.3')]] as const],
  ])
  const lab = new DhcpLab({ scopes: [aScope({ classes })] })
  const asking = (vendorClass: string) =>
    onlyReply(lab.handle(aDiscover({ vendorClass, options: [[55, Uint8Array.of(42)]] })))
  const withNul = asking('Cisco Systems, Inc. IP Phone CP-7960G\0')
  t.same(withNul.message.options.get(42), octetsOf('10.20.0.3'))
  const bare = asking('Cisco Systems, Inc. IP Phone')
  t.same(bare.message.options.get(42), octetsOf('10.20.0.1'), 'a prefix is another class')
})

t.test(
  'RFC 4039 section 3.1: rapid commit off, a DISCOVER with option 80 gets an OFFER',
  async (t) => {
    const outcome = new DhcpLab().handle(aDiscover(RAPID))
    const { type, bytes } = onlyReply(outcome)
    t.equal(type, 'offer')
    t.notOk(optionCodes(bytes).includes(80))
    t.same(outcome.changes, [])
  },
)

t.test(
  'RFC 4039 section 4: rapid commit on, the binding is stored, then the ACK with 80',
  async (t) => {
    const lab = new DhcpLab({ scopes: [aScope({ rapidCommit: true })] })
    const outcome = lab.handle(aDiscover(RAPID))
    t.same(outcome.kinds, ['commit', 'send', 'event'])
    const { type, bytes, yiaddr } = onlyReply(outcome)
    t.equal(type, 'ack')
    t.ok(optionCodes(bytes).includes(80))
    t.match(outcome.events, [{ event: 'dhcp.ack.sent', requestKind: 'rapid-commit' }])
    t.equal(lab.leaseTable.clientAt(ip(yiaddr), lab.nowMs)?.mac, '000E84C060A6')
  },
)

t.test('RFC 4039 section 4: rapid commit on, without option 80 there is none', async (t) => {
  const lab = new DhcpLab({ scopes: [aScope({ rapidCommit: true })] })
  const { type, bytes, yiaddr } = onlyReply(lab.handle(aDiscover()))
  t.equal(type, 'offer')
  t.notOk(optionCodes(bytes).includes(80))
  const request = aRequest({ requested: yiaddr, serverId: SERVER })
  const ack = onlyReply(lab.handle(request))
  t.notOk(optionCodes(ack.bytes).includes(80), 'nor in the ACK of a REQUEST')
})

t.test('RFC 3118 section 5.3: option 90 without a key gets a plain answer', async (t) => {
  const discover = aDiscover({ options: [[90, new Uint8Array(11)]] })
  const { type, bytes } = onlyReply(new DhcpLab().handle(discover))
  t.equal(type, 'offer')
  t.notOk(optionCodes(bytes).includes(90))
})

t.test('RFC 2131 section 2.2: with probe, the wire is asked before a first offer', async (t) => {
  const lab = new DhcpLab({ scopes: [aScope({ probe: true })] })
  const outcome = lab.handle(aDiscover())
  t.same(outcome.replies, [], 'no reply yet')
  t.same(outcome.probes, ['10.20.0.50'])
  t.match(outcome.events, [{ event: 'dhcp.discover.probing', isReclaim: false }])
  t.same(outcome.wakes, [START_MS + 1000])
  t.equal(onlyReply(lab.probed('10.20.0.50', false)).yiaddr, '10.20.0.50')
  t.equal(onlyReply(lab.handle(aDiscover())).yiaddr, '10.20.0.50', 'a repeat is not asked again')
})

t.test(
  'RFC 2131 section 2.2: with probe off, or for a live lease, the offer is immediate',
  async (t) => {
    t.same(new DhcpLab().handle(aDiscover()).probes, [])
    const lab = new DhcpLab({ scopes: [aScope({ probe: true })] })
    lab.handle(aDiscover())
    lab.probed('10.20.0.50', false)
    onlyReply(lab.handle(aRequest({ requested: '10.20.0.50', serverId: SERVER })))
    t.equal(onlyReply(lab.handle(aDiscover())).yiaddr, '10.20.0.50')
    lab.pass(400_000)
    t.same(lab.handle(aDiscover()).probes, ['10.20.0.50'], 'an expired one is asked about again')
  },
)

t.test(
  'RFC 3527 section 3: link selection gives an address of that subnet, via giaddr',
  async (t) => {
    const lab = new DhcpLab({ scopes: [aScope(), aRelayedScope()] })
    const link = relayOptions([[5, octetsOf('10.30.0.0')]])
    const discover = aDiscover({ giaddr: '172.16.0.1', options: [[82, link]] })
    const reply = onlyReply(lab.handle(discover))
    t.equal(reply.yiaddr, '10.30.0.50')
    t.equal(reply.to, '172.16.0.1:67')
    const unknown = relayOptions([[5, octetsOf('10.40.0.0')]])
    const other = aDiscover({ giaddr: '10.30.0.1', options: [[82, unknown]] })
    t.equal(reasonOf(lab.handle(other)), 'unknown-link')
  },
)

t.test('RFC 3011 section 2: option 118 off is ignored and not returned', async (t) => {
  const discover = aDiscover({ options: [[118, octetsOf('10.30.0.0')]] })
  const lab = new DhcpLab({ scopes: [aScope(), aRelayedScope()] })
  const { yiaddr, bytes } = onlyReply(lab.handle(discover))
  t.equal(yiaddr, '10.20.0.50')
  t.notOk(optionCodes(bytes).includes(118))
})

t.test('RFC 3011 section 2: option 118 on gives an address there and comes back', async (t) => {
  const subnetSelection = true
  const scopes = [aScope({ subnetSelection }), aRelayedScope({ subnetSelection })]
  const discover = aDiscover({ options: [[118, octetsOf('10.30.0.0')]] })
  const { yiaddr, message, to } = onlyReply(new DhcpLab({ scopes }).handle(discover))
  t.equal(yiaddr, '10.30.0.50')
  t.same(message.options.get(118), octetsOf('10.30.0.0'))
  t.equal(to, '255.255.255.255:68', 'the destination is what it would be')
})
