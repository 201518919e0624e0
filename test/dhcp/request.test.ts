import t from 'tap'
import { requestKindOf } from '../../src/dhcp/request.ts'
import { parseSubnet, type Subnet } from '../../src/net/subnet.ts'
import {
  aDiscover,
  aRequest,
  ip,
  octetsOf,
  PHONE_MAC,
  relayOptions,
} from '../support/a-dhcp-message.ts'
import {
  aRelayedScope,
  aScope,
  DhcpLab,
  onlyReply,
  optionCodes,
  reasonOf,
  SERVER,
  uint32Of,
} from '../support/dhcp-lab.ts'

const OTHER_MAC = '020000000001'
const MINE = '10.20.0.50'
const selecting = (requested = MINE, serverId = SERVER) => aRequest({ requested, serverId })
const initReboot = (requested = MINE) => aRequest({ requested })
const renewing = (ciaddr = MINE) => aRequest({ ciaddr })
const silentLab = () => new DhcpLab({ scopes: [aScope({ authoritative: false })] })

t.test('RFC 2131 table 4: the state of the client is told by the fields', async (t) => {
  const none = new Map<number, Uint8Array>()
  const unicast = new Map([[10, Uint8Array.of(0x80)]])
  t.equal(requestKindOf(selecting(), none), 'selecting')
  t.equal(requestKindOf(initReboot(), none), 'init-reboot')
  t.equal(requestKindOf(renewing(), none), 'renewing')
  const relayed = aRequest({ ciaddr: MINE, giaddr: '10.30.0.1' })
  t.equal(requestKindOf(relayed, none), 'rebinding')
  t.equal(requestKindOf(relayed, unicast), 'renewing', 'RFC 5010: the relay agent says so')
  t.equal(requestKindOf(aRequest(), none), null)
})

t.test('RFC 2131 section 3.1 (4): the binding is stored before the ACK is sent', async (t) => {
  const lab = new DhcpLab()
  onlyReply(lab.handle(aDiscover()))
  const outcome = lab.handle(selecting())
  t.same(outcome.kinds, ['commit', 'send', 'event'])
  t.match(outcome.changes, [
    {
      kind: 'put',
      binding: {
        scope: 'bench',
        address: ip(MINE),
        client: 'hw:01000E84C060A6',
        mac: PHONE_MAC,
        state: 'bound',
        expiresAtMs: lab.nowMs + 300_000,
        vendorClass: 'Cisco Systems, Inc. IP Phone CP-7960G',
      },
    },
  ])
  t.match(outcome.events, [
    { event: 'dhcp.ack.sent', requestKind: 'selecting', isBoot: false, leaseSeconds: 300 },
  ])
})

t.test('RFC 2131 table 3: an ACK has 51, 53 and 54, never 50, 55 or 57', async (t) => {
  const lab = new DhcpLab()
  lab.bind()
  const reply = onlyReply(lab.handle(renewing()))
  const codes = optionCodes(reply.bytes)
  for (const code of [51, 53, 54]) t.ok(codes.includes(code), `has ${code}`)
  for (const code of [50, 55, 57]) t.notOk(codes.includes(code), `lacks ${code}`)
  t.equal(reply.message.ciaddr, ip(MINE), 'ciaddr is copied')
  const selected = onlyReply(lab.handle(selecting()))
  t.equal(selected.message.ciaddr, 0)
})

t.test('RFC 2131 section 4.3.1: the ACK does not contradict the OFFER', async (t) => {
  const lab = new DhcpLab({ scopes: [aScope({ probe: true })] })
  lab.handle(aDiscover({ leaseSeconds: 900 }))
  lab.probed(MINE, false)
  const outcome = lab.handle(selecting())
  t.same(outcome.probes, [], 'no probe at this point')
  t.equal(uint32Of(onlyReply(outcome), 51), 900)
})

t.test('RFC 2131 section 4.3.2: what the client asks for in the REQUEST counts', async (t) => {
  const lab = new DhcpLab()
  lab.handle(aDiscover({ leaseSeconds: 900 }))
  const request = aRequest({ requested: MINE, serverId: SERVER, leaseSeconds: 600 })
  t.equal(uint32Of(onlyReply(lab.handle(request)), 51), 600)
})

t.test('RFC 2131 section 4.4.5: T1 and T2 are returned', async (t) => {
  const lab = new DhcpLab()
  lab.bind()
  const reply = onlyReply(lab.handle(renewing()))
  t.equal(uint32Of(reply, 58), 150)
  t.equal(uint32Of(reply, 59), 262)
})

t.test('RFC 2131 section 4.4.5: T1 and T2 are of what is left, not of the whole', async (t) => {
  const lab = new DhcpLab()
  lab.bind()
  lab.pass(100_000)
  lab.enroll('000e84c060a6', { network: 'bench', address: ip('10.20.0.61') })
  const reply = onlyReply(lab.handle(renewing()))
  t.same(
    [51, 58, 59].map((code) => uint32Of(reply, code)),
    [200, 100, 175],
  )
})

t.test(
  'RFC 2131 section 3.1 (4): the choice of another server frees our offer, silently',
  async (t) => {
    const pools = [{ first: ip(MINE), last: ip(MINE) }]
    const lab = new DhcpLab({ scopes: [aScope({ pools })] })
    onlyReply(lab.handle(aDiscover()))
    const outcome = lab.handle(selecting('10.20.0.7', '10.20.0.3'))
    t.same(outcome.kinds, ['event'])
    t.equal(reasonOf(outcome), 'other-server')
    t.equal(onlyReply(lab.handle(aDiscover({ mac: OTHER_MAC }))).yiaddr, MINE)
  },
)

t.test('RFC 2131 section 4.1: each of our addresses is us, and no other is', async (t) => {
  const lab = new DhcpLab({ scopes: [aScope(), aRelayedScope()] })
  lab.handle(aDiscover())
  t.equal(onlyReply(lab.handle(selecting(MINE, '192.0.2.2'))).type, 'ack', 'of another network')
  const localAddress = ip('198.51.100.9')
  const arrived = lab.handle(selecting(MINE, '198.51.100.9'), { localAddress })
  t.equal(onlyReply(arrived).type, 'ack', 'of the socket')
  const unspecified = lab.handle(selecting(MINE, '0.0.0.0'), { localAddress: ip('0.0.0.0') })
  t.equal(reasonOf(unspecified), 'other-server')
})

t.test('RFC 2131 section 4.1: each address of this machine is us', async (t) => {
  const lab = new DhcpLab({ machine: ['203.0.113.7'] })
  lab.handle(aDiscover())
  const reply = onlyReply(lab.handle(selecting(MINE, '203.0.113.7')))
  t.equal(reply.type, 'ack')
  t.same(reply.message.options.get(54), octetsOf(SERVER), 'answered by the one that it can reach')
  t.equal(reasonOf(lab.handle(selecting(MINE, '203.0.113.8'))), 'other-server')
})

t.test('RFC 2131 section 3.1 (4): a SELECTING that cannot be met gets a NAK', async (t) => {
  const lab = new DhcpLab()
  lab.bind({ mac: OTHER_MAC })
  const cases = [
    { why: 'taken meanwhile', address: MINE, reason: 'taken' },
    { why: 'of another network', address: '10.99.0.5', reason: 'wrong-network' },
    { why: 'outside the pool', address: '10.20.0.200', reason: 'not-available' },
  ]
  for (const { why, address, reason } of cases) {
    const outcome = lab.handle(selecting(address))
    t.equal(onlyReply(outcome).type, 'nak', why)
    t.match(outcome.events, [{ event: 'dhcp.nak.sent', reason, requestKind: 'selecting' }], why)
  }
})

t.test('a SELECTING for a free address is met, though we forgot the offer', async (t) => {
  t.equal(onlyReply(new DhcpLab().handle(selecting('10.20.0.66'))).yiaddr, '10.20.0.66')
})

t.test('a SELECTING that names its address in ciaddr alone is understood', async (t) => {
  const lab = new DhcpLab()
  const request = aRequest({ ciaddr: MINE, serverId: SERVER })
  t.equal(onlyReply(lab.handle(request)).yiaddr, MINE)
})

t.test('a REQUEST that says too little is ignored with a reason', async (t) => {
  const lab = new DhcpLab()
  const cases = [
    { why: 'nothing at all', request: aRequest(), reason: 'no-address' },
    { why: 'no address', request: aRequest({ serverId: SERVER }), reason: 'no-address' },
    {
      why: 'a server of three octets',
      request: aRequest({ requested: MINE, options: [[54, new Uint8Array(3)]] }),
      reason: 'malformed-option',
    },
    {
      why: 'an address of five octets',
      request: aRequest({ options: [[50, new Uint8Array(5)]] }),
      reason: 'malformed-option',
    },
  ]
  for (const { why, request, reason } of cases) t.equal(reasonOf(lab.handle(request)), reason, why)
})

t.test('RFC 2131 section 4.3.2: INIT-REBOOT with the right address gets an ACK', async (t) => {
  const lab = new DhcpLab()
  lab.bind()
  lab.pass(200_000)
  const outcome = lab.handle(initReboot())
  t.equal(onlyReply(outcome).yiaddr, MINE)
  t.match(outcome.events, [{ requestKind: 'init-reboot', isBoot: true, isExtended: true }])
  t.equal(uint32Of(onlyReply(outcome), 51), 300)
  lab.pass(400_000)
  t.equal(onlyReply(lab.handle(initReboot())).type, 'ack', 'expired, but nobody took it')
})

t.test('RFC 2131 section 4.3.2: INIT-REBOOT on the wrong network gets a NAK', async (t) => {
  for (const authoritative of [true, false]) {
    const lab = new DhcpLab({ scopes: [aScope({ authoritative })] })
    lab.bind()
    const outcome = lab.handle(initReboot('10.99.0.5'))
    t.equal(onlyReply(outcome).type, 'nak')
    t.match(outcome.events, [{ reason: 'wrong-network', requestKind: 'init-reboot' }])
  }
})

t.test(
  'RFC 2131 section 4.3.2: INIT-REBOOT with an address other than recorded: NAK',
  async (t) => {
    const lab = silentLab()
    lab.bind()
    const outcome = lab.handle(initReboot('10.20.0.77'))
    t.equal(onlyReply(outcome).type, 'nak')
    t.match(outcome.events, [{ reason: 'other-address' }])
    lab.bind({ mac: OTHER_MAC, requested: '10.20.0.88' })
    t.match(lab.handle(initReboot('10.20.0.88')).events, [{ reason: 'taken' }])
  },
)

t.test('RFC 2131 section 4.3.2: INIT-REBOOT without a record is met with silence', async (t) => {
  for (const address of [MINE, '10.99.0.5']) {
    const outcome = silentLab().handle(initReboot(address))
    t.equal(reasonOf(outcome), 'unknown-client', address)
    t.same(outcome.kinds, ['event'])
  }
})

t.test('authoritative, INIT-REBOOT without a record gets a NAK: phones then go on', async (t) => {
  const outcome = new DhcpLab().handle(initReboot())
  t.equal(onlyReply(outcome).type, 'nak')
  t.match(outcome.events, [{ reason: 'unknown-client', isBoot: true }])
})

t.test('a REQUEST without option 54 for what we have offered means our offer', async (t) => {
  for (const lab of [silentLab(), new DhcpLab()]) {
    onlyReply(lab.handle(aDiscover({ leaseSeconds: 120 })))
    const outcome = lab.handle(initReboot())
    t.equal(onlyReply(outcome).yiaddr, MINE)
    t.equal(uint32Of(onlyReply(outcome), 51), 120, 'the time that was offered')
    t.match(outcome.events, [{ event: 'dhcp.ack.sent', requestKind: 'selecting' }])
  }
})

t.test('a REQUEST without option 54 for what is not on offer to the client: no ACK', async (t) => {
  const lab = silentLab()
  onlyReply(lab.handle(aDiscover()))
  t.equal(reasonOf(lab.handle(initReboot('10.20.0.51'))), 'unknown-client', 'another address')
  t.equal(reasonOf(lab.handle(aRequest({ requested: MINE, mac: OTHER_MAC }))), 'unknown-client')
  t.equal(reasonOf(lab.handle(aRequest())), 'no-address', 'no address at all')
  lab.pass(60_000)
  t.equal(reasonOf(lab.handle(initReboot())), 'unknown-client', 'too late')
  const probing = new DhcpLab({ scopes: [aScope({ authoritative: false, probe: true })] })
  t.same(probing.handle(aDiscover()).probes, [MINE])
  t.equal(reasonOf(probing.handle(initReboot())), 'unknown-client', 'the wire has yet to answer')
})

t.test('authoritative or not, a client that is not admitted never gets a NAK', async (t) => {
  const lab = new DhcpLab({ scopes: [aScope({ admit: 'enrolled' })] })
  for (const request of [initReboot(), renewing(), selecting()]) {
    const outcome = lab.handle(request)
    t.same(outcome.replies, [])
    t.equal(reasonOf(outcome), 'not-enrolled')
  }
})

t.test('INIT-REBOOT with the reserved address needs no record', async (t) => {
  const reservations = [{ mac: PHONE_MAC, address: ip('10.20.0.10') }]
  const lab = new DhcpLab({ scopes: [aScope({ reservations, authoritative: false })] })
  t.equal(onlyReply(lab.handle(initReboot('10.20.0.10'))).yiaddr, '10.20.0.10')
})

t.test('an edited reservation counts from the next start, not in a call', async (t) => {
  const lab = new DhcpLab()
  lab.bind()
  lab.pass(100_000)
  lab.enroll('000e84c060a6', { network: 'bench', address: ip('10.20.0.61') })
  const renewal = lab.handle(renewing())
  t.equal(uint32Of(onlyReply(renewal), 51), 200, 'RFC 2131 section 4.3.2: an ACK, not extended')
  t.match(renewal.events, [{ isExtended: false }])
  t.match(lab.handle(initReboot()).events, [{ event: 'dhcp.nak.sent', reason: 'other-address' }])
  t.equal(lab.bind(), '10.20.0.61')
})

t.test('RFC 2131 section 4.3.2: RENEWING is extended and answered at ciaddr', async (t) => {
  const lab = new DhcpLab()
  lab.bind()
  lab.pass(150_000)
  const outcome = lab.handle(aRequest({ ciaddr: MINE, header: { flags: 0x8000 } }))
  const reply = onlyReply(outcome)
  t.equal(reply.to, `${MINE}:68`, 'unicast, whatever the BROADCAST bit says')
  t.equal(uint32Of(reply, 51), 300)
  t.match(outcome.events, [{ requestKind: 'renewing', isBoot: false }])
  t.equal(lab.leaseTable.at(ip(MINE))?.expiresAtMs, lab.nowMs + 300_000)
})

t.test('RFC 2131 section 4.3.2: REBINDING extends what is ours to extend', async (t) => {
  const lab = new DhcpLab()
  lab.bind()
  lab.pass(270_000)
  t.match(lab.handle(renewing()).events, [{ event: 'dhcp.ack.sent', requestKind: 'rebinding' }])
  lab.pass(400_000)
  const late = lab.handle(renewing())
  t.equal(onlyReply(late).type, 'ack', 'expired, but nobody took it')
})

t.test('RFC 2131 section 4.3.2: REBINDING of a lease that we do not know: silence', async (t) => {
  const outcome = silentLab().handle(renewing('10.20.0.77'))
  t.equal(reasonOf(outcome), 'unknown-client')
  t.equal(reasonOf(silentLab().handle(renewing('10.20.0.77'))), 'unknown-client')
})

t.test('authoritative, a renewal of what we do not know gets a NAK at once', async (t) => {
  const lab = new DhcpLab()
  const unknown = lab.handle(renewing('10.20.0.77'))
  t.equal(onlyReply(unknown).type, 'nak')
  t.match(unknown.events, [{ reason: 'unknown-client', requestKind: 'renewing' }])
  t.match(lab.handle(renewing('10.99.0.7')).events, [{ reason: 'wrong-network' }])
  lab.bind()
  t.match(lab.handle(renewing('10.20.0.77')).events, [{ reason: 'other-address' }])
  const stolen = aRequest({ ciaddr: MINE, mac: OTHER_MAC })
  t.match(lab.handle(stolen).events, [{ event: 'dhcp.nak.sent', reason: 'taken' }])
})

t.test('RFC 2131 section 4.1: a NAK is broadcast, whatever ciaddr and flags say', async (t) => {
  const lab = new DhcpLab()
  for (const flags of [0, 0x8000]) {
    const request = aRequest({ ciaddr: '10.20.0.77', header: { flags } })
    t.equal(onlyReply(lab.handle(request)).to, '255.255.255.255:68')
  }
})

t.test(
  'RFC 2131 section 4.3.2: a NAK through a relay agent: to giaddr, BROADCAST set',
  async (t) => {
    const lab = new DhcpLab({ scopes: [aRelayedScope()] })
    const request = aRequest({ requested: '10.20.0.5', giaddr: '10.30.0.1', header: { flags: 0 } })
    const reply = onlyReply(lab.handle(request))
    t.equal(reply.to, '10.30.0.1:67')
    t.equal(reply.message.flags, 0x8000)
  },
)

t.test('RFC 2131 table 3: a NAK carries no addresses and no parameters', async (t) => {
  const clientId = Uint8Array.of(1, 2, 3)
  const request = aRequest({ ciaddr: '10.20.0.77', clientId, leaseSeconds: 900 })
  const { message, bytes } = onlyReply(new DhcpLab().handle(request))
  t.match(message, { ciaddr: 0, yiaddr: 0, siaddr: 0, hops: 0, secs: 0 })
  t.same(optionCodes(bytes), [53, 54, 56, 61, 255], 'with its reason in words')
  t.ok(message.file.every((octet) => octet === 0))
  t.ok(message.sname.every((octet) => octet === 0))
})

t.test('RFC 5107 section 4: the override is option 54, is us, and is remembered', async (t) => {
  const lab = new DhcpLab({ scopes: [aRelayedScope()] })
  const override = relayOptions([[11, octetsOf('10.30.0.1')]])
  const relayed = { giaddr: '10.30.0.1', options: [[82, override]] } as const
  const offer = onlyReply(lab.handle(aDiscover(relayed)))
  t.equal(uint32Of(offer, 54), ip('10.30.0.1'))
  const request = aRequest({ ...relayed, requested: '10.30.0.50', serverId: '10.30.0.1' })
  t.equal(onlyReply(lab.handle(request)).type, 'ack')
  const unicast = aRequest({ ciaddr: '10.30.0.50' })
  t.equal(uint32Of(onlyReply(lab.handle(unicast, { interfaceName: null })), 54), ip('10.30.0.1'))
})

t.test('RFC 5107 section 4: without the override, that address is another server', async (t) => {
  const lab = new DhcpLab({ scopes: [aRelayedScope()] })
  const request = aRequest({ giaddr: '10.30.0.1', requested: '10.30.0.50', serverId: '10.30.0.1' })
  t.equal(reasonOf(lab.handle(request)), 'other-server')
})

t.test('RFC 3046 section 3.1: option 82 is kept with the lease, renewals keep it', async (t) => {
  const lab = new DhcpLab({ scopes: [aRelayedScope()] })
  const circuit = relayOptions([[1, Uint8Array.of(0, 4, 7)]])
  lab.bind({ giaddr: '10.30.0.1', options: [[82, circuit]] })
  t.equal(lab.leaseTable.at(ip('10.30.0.50'))?.relayAgent, '0103000407')
  lab.handle(aRequest({ ciaddr: '10.30.0.50' }), { interfaceName: null })
  t.equal(lab.leaseTable.at(ip('10.30.0.50'))?.relayAgent, '0103000407')
})

t.test('RFC 2131 section 4.1: a client that moved networks is judged by where it is', async (t) => {
  const lab121 = aScope({
    name: 'lab',
    subnet: parseSubnet('10.21.0.0/24') as Subnet,
    address: ip('10.21.0.2'),
    interfaceName: 'eth0.121',
  })
  const lab = new DhcpLab({ scopes: [aScope(), lab121] })
  lab.bind()
  const outcome = lab.handle(initReboot(), { interfaceName: 'eth0.121' })
  t.match(outcome.events, [{ event: 'dhcp.nak.sent', reason: 'wrong-network', scope: 'lab' }])
})

/** A network of which 10.20.0.100 on is the pool of another appliance. */
const shared = () => aScope({ peers: [ip('10.20.0.3')] })
const OF_PEER = '10.20.0.120'

t.test('a lease of a peer is left to it: no NAK, whatever we know of the client', async (t) => {
  const cases = [
    { why: 'INIT-REBOOT', message: aRequest({ requested: OF_PEER }) },
    { why: 'renewing or rebinding', message: aRequest({ ciaddr: OF_PEER }) },
  ]
  for (const { why, message } of cases) {
    const other = new DhcpLab({ scopes: [shared()] })
    t.equal(reasonOf(other.handle(message)), 'left-to-peer', why)
    const former = new DhcpLab({ scopes: [shared()] })
    former.bind()
    t.equal(reasonOf(former.handle(message)), 'left-to-peer', `${why}, once a client of ours`)
    const alone = new DhcpLab()
    t.equal(onlyReply(alone.handle(message)).type, 'nak', `${why}, without a peer`)
  }
})

t.test('beside a peer our own addresses are judged as ever', async (t) => {
  const lab = new DhcpLab({ scopes: [shared()] })
  lab.bind({ mac: OTHER_MAC })
  t.equal(onlyReply(lab.handle(aRequest({ requested: MINE }))).type, 'nak', "it is another one's")
  t.equal(onlyReply(lab.handle(aRequest({ requested: '10.20.0.60' }))).type, 'nak', 'of our pool')
  t.equal(onlyReply(lab.handle(aRequest({ requested: '10.99.0.5' }))).type, 'nak', 'of no network')
  const fixed = new DhcpLab({ scopes: [shared()] })
  fixed.enroll(OTHER_MAC, { network: 'bench', address: ip(OF_PEER) })
  const reply = onlyReply(fixed.handle(aRequest({ requested: OF_PEER })))
  t.equal(reply.type, 'nak', 'reserved for another one')
  const moved = new DhcpLab({ scopes: [aScope()] })
  moved.bind()
  moved.server.replaceScopes([{ ...shared(), pools: [] }], moved.nowMs)
  t.equal(onlyReply(moved.handle(aRequest({ ciaddr: MINE }))).type, 'ack', 'leased by us')
})

t.test('the address of a peer is never assigned', async (t) => {
  const lab = new DhcpLab({ scopes: [aScope({ peers: [ip(MINE), ip('10.20.0.200')] })] })
  lab.enroll(OTHER_MAC, { network: 'bench', address: ip('10.20.0.200') })
  t.equal(lab.bind({ requested: MINE }), '10.20.0.51', 'were it in a pool')
  t.equal(lab.bind({ mac: OTHER_MAC }), '10.20.0.52', "were it a phone's")
})
