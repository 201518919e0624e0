import t from 'tap'
import { decodeMessage } from '../../src/wire/dhcp/decode-message.ts'
import type { DhcpMessage } from '../../src/wire/dhcp/message.ts'
import {
  aDiscover,
  aMessage,
  aRequest,
  ip,
  type MessageParts,
  octetsOf,
} from '../support/a-dhcp-message.ts'
import {
  aRelayedScope,
  aScope,
  DhcpLab,
  onlyReply,
  outcomeOf,
  reasonOf,
  SERVER,
  START_MS,
} from '../support/dhcp-lab.ts'

const ROGUE = '10.20.0.254'
const FROM_ROGUE = { sourceAddress: ip(ROGUE), sourcePort: 67 }

function anOffer(parts: MessageParts = {}, type = 2) {
  const message = aMessage(type, { serverId: ROGUE, ...parts })
  return { ...message, op: 2, yiaddr: ip('10.20.0.150'), ...parts.header }
}

/** An OFFER as an answer to the latest look of ours. */
function anAnswer(look: DhcpMessage, parts: MessageParts = {}) {
  return anOffer({ ...parts, header: { ...parts.header, xid: look.xid, chaddr: look.chaddr } })
}

/** Wakes the engine, which is to begin a look; what it asks. */
function lookOf(lab: DhcpLab): DhcpMessage {
  const [look] = lab.wake().replies
  if (look === undefined) throw new Error('no look is due')
  return look.message
}

/** A network on which another server is proven to be: 5 s of a look, and the answer to another. */
function aRefusingLab(): DhcpLab {
  const lab = new DhcpLab({ scopes: [aScope({ onRogueServer: 'refuse' })] })
  lab.handle(anAnswer(lookOf(lab)), FROM_ROGUE)
  lab.pass(5000)
  lab.handle(anAnswer(lookOf(lab)), FROM_ROGUE)
  return lab
}

const serversOn = (lab: DhcpLab) => lab.server.rogueServersOn('bench').map(({ address }) => address)

t.test(
  'looks for other servers by two DISCOVERs, one to each port that can be heard',
  async (t) => {
    const lab = new DhcpLab()
    const { replies, wakes } = lab.wake()
    t.same(
      replies.map(({ to, type, message }) => ({ to, type, giaddr: message.giaddr })),
      [
        { to: '255.255.255.255:67', type: 'discover', giaddr: 0 },
        { to: '255.255.255.255:67', type: 'discover', giaddr: ip(SERVER) },
      ],
    )
    const [first] = replies
    t.match(first?.message, { op: 1, htype: 1, hlen: 6, flags: 0x8000, ciaddr: 0, hops: 0 })
    t.equal((first?.message.chaddr[0] ?? 0) & 3, 2, 'a locally administered hardware address')
    t.match(first?.destination, { interfaceName: 'eth0.120', localAddress: ip(SERVER) })
    t.same(wakes, [START_MS + 5000])
  },
)

t.test('looks again at intervals, each time with another xid', async (t) => {
  const lab = new DhcpLab()
  const first = lab.wake().replies[0]?.message.xid
  lab.pass(1000)
  t.same(lab.wake().replies, [], 'still listening')
  lab.pass(4000)
  t.same(lab.wake().wakes, [lab.nowMs + 300_000])
  lab.pass(300_000)
  const again = lab.wake().replies[0]?.message.xid
  t.ok(again !== undefined && again !== first)
})

t.test('networks behind relay agents are not looked at', async (t) => {
  const lab = new DhcpLab({ scopes: [aRelayedScope({ onRogueServer: 'refuse' })] })
  t.same(lab.wake().effects, [])
  t.equal(onlyReply(lab.handle(aDiscover({ giaddr: '10.30.0.1' }))).type, 'offer')
  t.equal(
    reasonOf(lab.handle(anOffer({ giaddr: '10.30.0.1' }), { interfaceName: null })),
    'not-a-request',
  )
})

t.test('our own look, heard by our own socket, is not served', async (t) => {
  const lab = new DhcpLab()
  const { replies } = lab.wake()
  for (const { bytes } of replies) {
    t.equal(reasonOf(lab.handle(decodeMessage(bytes))), 'own-probe')
  }
  const sameXid = aDiscover({ header: { xid: replies[0]?.message.xid ?? 0 } })
  t.equal(onlyReply(lab.handle(sameXid)).type, 'offer', 'a phone with that xid is')
})

t.test('a device that answers is another server', async (t) => {
  for (const [type, word] of [
    [2, 'OFFER'],
    [5, 'ACK'],
    [6, 'NAK'],
  ] as const) {
    const lab = new DhcpLab()
    lab.wake()
    const outcome = lab.handle(anOffer({}, type), FROM_ROGUE)
    t.match(
      outcome.events,
      [
        {
          event: 'dhcp.rogue.seen',
          scope: 'bench',
          server: ip(ROGUE),
          source: ip(ROGUE),
          offered: ip('10.20.0.150'),
          isRefusing: false,
        },
      ],
      word,
    )
    t.same(serversOn(lab), [ip(ROGUE)])
    t.same(lab.handle(anOffer({}, type), FROM_ROGUE).events, [], 'reported once a look')
  }
})

t.test('another server is known with when it was first and last heard', async (t) => {
  const lab = new DhcpLab()
  lab.wake()
  lab.pass(100)
  lab.handle(anOffer(), FROM_ROGUE)
  lab.pass(200)
  lab.handle(anOffer(), FROM_ROGUE)
  const [address, firstSeenAtMs] = [ip(ROGUE), START_MS + 100]
  t.same(lab.server.rogueServersOn('bench'), [
    { address, firstSeenAtMs, lastSeenAtMs: START_MS + 300 },
  ])
  lab.pass(5000)
  lab.wake()
  lab.handle(anOffer(), FROM_ROGUE)
  t.same(lab.server.rogueServersOn('bench'), [
    { address, firstSeenAtMs, lastSeenAtMs: START_MS + 5300 },
  ])
})

t.test('why a network is not served can be asked', async (t) => {
  const lab = new DhcpLab({ scopes: [aScope({ onRogueServer: 'refuse' }), aRelayedScope()] })
  t.equal(lab.server.refusalOn('bench'), 'looking')
  t.equal(lab.server.refusalOn('floor-3'), null, 'behind relay agents nobody looks')
  lab.wake()
  lab.pass(5000)
  lab.wake()
  t.equal(lab.server.refusalOn('bench'), null)
  lab.handle(anOffer(), FROM_ROGUE)
  t.equal(lab.server.refusalOn('bench'), null, 'an OFFER that answers nobody proves nothing')
  t.equal(aRefusingLab().server.refusalOn('bench'), 'other-server')
  const careless = new DhcpLab()
  careless.handle(anOffer(), FROM_ROGUE)
  t.equal(careless.server.refusalOn('bench'), null, 'onRogueServer: warn')
})

t.test('a server that does not name itself goes by its source address', async (t) => {
  const lab = new DhcpLab()
  for (const options of [[[54, octetsOf('0.0.0.0')]], [[54, new Uint8Array(2)]]] as const) {
    lab.handle(anOffer({ options }), FROM_ROGUE)
  }
  t.same(serversOn(lab), [ip(ROGUE)])
})

t.test('what is no reply of another server proves nothing', async (t) => {
  const lab = new DhcpLab()
  const cases = [
    { why: 'our own reply', message: anOffer({ serverId: SERVER }) },
    { why: 'no message type', message: anOffer({ options: [[53, new Uint8Array(0)]] }) },
    { why: 'two message types', message: anOffer({ options: [[53, Uint8Array.of(2, 5)]] }) },
    { why: 'a client message', message: anOffer({ options: [[53, Uint8Array.of(1)]] }) },
    { why: 'an op of no meaning', message: anOffer({ header: { op: 3 } }) },
  ]
  for (const { why, message } of cases) {
    t.equal(reasonOf(lab.handle(message, FROM_ROGUE)), 'not-a-request', why)
  }
  const ours = { sourceAddress: ip(SERVER), sourcePort: 67 }
  t.equal(reasonOf(lab.handle(anOffer(), ours)), 'not-a-request', 'sent from our address')
  const nowhere = { ...FROM_ROGUE, interfaceName: 'eth9' }
  t.equal(reasonOf(lab.handle(anOffer(), nowhere)), 'not-a-request', 'on no network of ours')
  t.same(serversOn(lab), [])
  t.same(lab.server.rogueServersOn('nowhere'), [])
})

t.test('a peer is no other server, whatever comes from its address', async (t) => {
  const lab = new DhcpLab({ scopes: [aScope({ onRogueServer: 'refuse', peers: [ip(ROGUE)] })] })
  for (const answer of [anAnswer(lookOf(lab)), anOffer(), anOffer({}, 5)]) {
    t.equal(reasonOf(lab.handle(answer, FROM_ROGUE)), 'not-a-request')
  }
  lab.pass(5000)
  lab.wake()
  t.same(serversOn(lab), [])
  t.equal(onlyReply(lab.handle(aDiscover())).type, 'offer')
  lab.handle(anOffer({ serverId: '10.20.0.253' }), FROM_ROGUE)
  t.same(serversOn(lab), [ip('10.20.0.253')], 'another one behind it is')
})

t.test('onRogueServer warn: the network is served all the same', async (t) => {
  const lab = new DhcpLab()
  lab.handle(anOffer(), FROM_ROGUE)
  t.equal(onlyReply(lab.handle(aDiscover())).type, 'offer')
})

t.test('onRogueServer refuse: not served before the first look has ended', async (t) => {
  const lab = new DhcpLab({ scopes: [aScope({ onRogueServer: 'refuse' })] })
  t.equal(reasonOf(lab.handle(aDiscover())), 'rogue-server')
  lab.wake()
  t.equal(reasonOf(lab.handle(aDiscover())), 'rogue-server')
  lab.pass(5000)
  lab.wake()
  t.equal(onlyReply(lab.handle(aDiscover())).type, 'offer')
})

t.test('onRogueServer refuse: one forged OFFER does not take the network out', async (t) => {
  const lab = new DhcpLab({ scopes: [aScope({ onRogueServer: 'refuse' })] })
  lab.wake()
  lab.pass(5000)
  lab.wake()
  const forged = lab.handle(anOffer(), FROM_ROGUE)
  t.match(forged.events, [{ event: 'dhcp.rogue.seen', isRefusing: false }])
  t.same(serversOn(lab), [ip(ROGUE)], 'it is shown')
  t.equal(onlyReply(lab.handle(aDiscover())).type, 'offer', 'and clients are served')
  for (let second = 0; second < 60; second++) {
    lab.pass(1000)
    lab.wake()
    lab.handle(anOffer(), FROM_ROGUE)
    t.equal(onlyReply(lab.handle(aDiscover())).type, 'offer', 'however often it comes')
  }
})

t.test('onRogueServer refuse: a server that is overheard is looked for at once', async (t) => {
  const lab = new DhcpLab({ scopes: [aScope({ onRogueServer: 'refuse' })] })
  lab.wake()
  lab.pass(5000)
  lab.wake()
  lab.pass(100_000)
  t.same(lab.handle(anOffer(), FROM_ROGUE).wakes, [lab.nowMs])
  const look = lookOf(lab)
  lab.pass(6000)
  lab.wake()
  const again = lab.handle(anOffer({ serverId: '10.20.0.253' }), FROM_ROGUE)
  t.same(again.wakes, [lab.nowMs + 4000], 'at most every 10 s')
  lab.pass(4000)
  t.not(lookOf(lab).xid, look.xid)
  const during = lab.handle(anOffer({ serverId: '10.20.0.252' }), FROM_ROGUE)
  t.same(during.wakes, [], 'while one is under way')
  lab.pass(5000)
  t.same(lab.wake().wakes, [lab.nowMs + 5000], 'the next one follows it')
})

t.test('onRogueServer warn: what is overheard is no reason to look', async (t) => {
  const lab = new DhcpLab()
  lab.wake()
  lab.pass(5000)
  lab.wake()
  lab.pass(100_000)
  t.same(lab.handle(anOffer(), FROM_ROGUE).wakes, [])
  lab.server.replaceScopes([aScope({ onRogueServer: 'refuse' })], lab.nowMs)
  t.same(outcomeOf(lab.server.replaceScopes([aScope()], lab.nowMs)).replies, [])
})

t.test('onRogueServer refuse: two answers, 5 s apart, prove a server', async (t) => {
  const lab = new DhcpLab({ scopes: [aScope({ onRogueServer: 'refuse' })] })
  lab.wake()
  lab.pass(5000)
  lab.wake()
  lab.pass(300_000)
  const look = lookOf(lab)
  lab.pass(3000)
  const first = lab.handle(anAnswer(look), FROM_ROGUE)
  t.match(first.events, [{ event: 'dhcp.rogue.seen', isRefusing: false }])
  t.equal(onlyReply(lab.handle(aDiscover())).type, 'offer', 'one answer proves nothing')
  lab.handle(anAnswer(look), FROM_ROGUE)
  t.equal(onlyReply(lab.handle(aDiscover())).type, 'offer', 'nor does the same once more')
  lab.pass(2000)
  t.same(lab.wake().wakes, [lab.nowMs + 3000], 'the next look comes 5 s after the answer')
  lab.pass(3000)
  const second = lookOf(lab)
  t.same(lab.handle(anAnswer(look), FROM_ROGUE).events, [], 'a copy of the first one')
  t.equal(lab.server.refusalOn('bench'), null)
  const other = { ...anAnswer(second), chaddr: octetsOf('2.0.0.0', '0.1.0.0') }
  lab.handle(other, FROM_ROGUE)
  t.equal(lab.server.refusalOn('bench'), null, 'an OFFER to another client, even with that xid')
  const proof = lab.handle(anAnswer(second), FROM_ROGUE)
  t.match(proof.events, [{ event: 'dhcp.rogue.seen', isRefusing: true, server: ip(ROGUE) }])
  t.equal(reasonOf(lab.handle(aDiscover())), 'rogue-server')
})

t.test('onRogueServer refuse: an answer that is not repeated is forgotten', async (t) => {
  const lab = new DhcpLab({ scopes: [aScope({ onRogueServer: 'refuse' })] })
  for (let round = 0; round < 4; round++) {
    lab.handle(anAnswer(lookOf(lab)), FROM_ROGUE)
    lab.pass(5000)
    lab.wake()
    lab.pass(5000)
    lab.wake()
    t.equal(lab.server.refusalOn('bench'), null, 'minutes later it is the first one again')
    lab.pass(300_000)
  }
})

t.test('onRogueServer refuse: an answer to the first probe is waited for', async (t) => {
  const lab = new DhcpLab({ scopes: [aScope({ onRogueServer: 'refuse' })] })
  const look = lookOf(lab)
  lab.pass(3000)
  lab.handle(anAnswer(look), FROM_ROGUE)
  lab.pass(2000)
  lab.wake()
  t.equal(lab.server.refusalOn('bench'), 'looking', 'nobody is served meanwhile')
  lab.pass(3000)
  lookOf(lab)
  lab.pass(5000)
  lab.wake()
  t.equal(lab.server.refusalOn('bench'), null, 'the second look ends it, 13 s after the start')
  t.equal(aRefusingLab().server.refusalOn('bench'), 'other-server')
})

t.test('onRogueServer refuse: served again within 30 s after the other is gone', async (t) => {
  const lab = aRefusingLab()
  t.equal(reasonOf(lab.handle(aRequest({ requested: '10.20.0.50' }))), 'rogue-server')
  const goneAtMs = lab.nowMs
  let looks = 0
  const events = []
  while (lab.server.refusalOn('bench') !== null) {
    lab.pass(1000)
    const { replies, events: reported } = lab.wake()
    if (replies.length > 0) looks++
    events.push(...reported)
    // Whoever forges its replies can be overheard, but does not keep the network out.
    lab.handle(anOffer(), FROM_ROGUE)
    t.ok(lab.nowMs - goneAtMs <= 30_000)
  }
  t.equal(looks, 2)
  t.match(events, [{ event: 'dhcp.rogue.gone', server: ip(ROGUE), scope: 'bench' }])
  t.equal(onlyReply(lab.handle(aDiscover())).type, 'offer')
})

t.test('onRogueServer refuse: a server that stays is told of every five minutes', async (t) => {
  const lab = aRefusingLab()
  let reports = 0
  for (let second = 0; second < 800; second++) {
    lab.pass(1000)
    const [look] = lab.wake().replies
    if (look === undefined) continue
    reports += lab.handle(anAnswer(look.message), FROM_ROGUE).events.length
  }
  t.equal(reports, 2)
  t.equal(lab.server.refusalOn('bench'), 'other-server')
})

t.test('a server that answers every other look is not gone', async (t) => {
  const lab = new DhcpLab()
  for (let round = 0; round < 6; round++) {
    lab.wake()
    if (round % 2 === 0) lab.handle(anOffer(), FROM_ROGUE)
    lab.pass(5000)
    lab.wake()
    lab.pass(300_000)
  }
  t.same(serversOn(lab), [ip(ROGUE)])
})

t.test('the number of servers told apart is bounded', async (t) => {
  const lab = new DhcpLab()
  for (let last = 100; last < 150; last++) {
    lab.handle(anOffer({ serverId: `10.20.0.${last}` }), FROM_ROGUE)
  }
  t.equal(lab.server.rogueServersOn('bench').length, 16)
  const look = lookOf(lab)
  lab.handle(anAnswer(look), FROM_ROGUE)
  t.equal(serversOn(lab).length, 16)
  t.ok(serversOn(lab).includes(ip(ROGUE)), 'one that answers is not kept out by made-up ones')
  for (let last = 200; last < 220; last++) {
    lab.handle(anAnswer(look, { serverId: `10.20.0.${last}` }), FROM_ROGUE)
  }
  t.equal(serversOn(lab).length, 16, 'nor do more that answer take more room')
})

t.test('an edit keeps what is known, unless the network moved to another interface', async (t) => {
  const lab = new DhcpLab({ scopes: [aScope({ onRogueServer: 'refuse' })] })
  lab.wake()
  lab.pass(5000)
  lab.wake()
  lab.handle(anOffer(), FROM_ROGUE)
  lab.server.replaceScopes([aScope({ onRogueServer: 'refuse', leaseSeconds: 60 })], lab.nowMs)
  t.same(serversOn(lab), [ip(ROGUE)])
  const moved = aScope({ onRogueServer: 'refuse', interfaceName: 'eth0.130' })
  const effects = lab.server.replaceScopes([moved], lab.nowMs)
  t.equal(effects.filter(({ kind }) => kind === 'send').length, 2, 'looks at once')
  t.same(serversOn(lab), [])
})
