import t from 'tap'
import {
  aDecline,
  aDiscover,
  anInform,
  aRelease,
  aRequest,
  ip,
  type MessageParts,
} from '../support/a-dhcp-message.ts'
import { aScope, DhcpLab, onlyReply, SERVER, uint32Of } from '../support/dhcp-lab.ts'

const ADDRESS = '10.20.0.50'
const OTHER_MAC = '020000000001'

/** The phone of most tests has its lease of 300 s for a minute. */
function leased(): DhcpLab {
  const lab = new DhcpLab({ scopes: [aScope()] })
  t.equal(lab.bind(), ADDRESS)
  lab.pass(60_000)
  return lab
}

const everyMessage = (parts: MessageParts = {}) => [
  aDiscover(parts),
  aRequest({ ...parts, requested: ADDRESS }),
  aRequest({ ...parts, requested: '10.99.0.1' }),
  aRequest({ ...parts, ciaddr: ADDRESS }),
  aRequest({ ...parts, requested: ADDRESS, serverId: SERVER }),
  aRelease({ ...parts, ciaddr: ADDRESS, serverId: SERVER }),
  aDecline({ ...parts, requested: ADDRESS, serverId: SERVER }),
  anInform({ ...parts, ciaddr: '10.20.0.200' }),
]

t.test('where another server answers, a message is nothing to us, not even an event', async (t) => {
  const lab = leased()
  const before = [...lab.leaseTable.bindings()]
  lab.authority = 'none'
  const messages = [...everyMessage(), ...everyMessage({ mac: OTHER_MAC })]
  for (const message of messages) t.same(lab.handle(message).effects, [])
  t.same([...lab.leaseTable.bindings()], before)
})

t.test('without the store the holder hears again that it has its address', async (t) => {
  const lab = leased()
  lab.authority = 'repeat'
  const offer = lab.handle(aDiscover({ leaseSeconds: 3000 }))
  t.same(offer.kinds, ['send', 'event'])
  t.equal(onlyReply(offer).type, 'offer')
  t.equal(onlyReply(offer).yiaddr, ADDRESS)
  t.equal(uint32Of(onlyReply(offer), 51), 240, 'for the time that is left of it')
  const requests = [
    { parts: { requested: ADDRESS, serverId: SERVER }, requestKind: 'selecting' },
    { parts: { requested: ADDRESS }, requestKind: 'init-reboot' },
    { parts: { ciaddr: ADDRESS }, requestKind: 'renewing' },
  ]
  for (const { parts, requestKind } of requests) {
    const ack = lab.handle(aRequest({ leaseSeconds: 3000, ...parts }))
    t.same(ack.kinds, ['send', 'event'], 'nothing is stored')
    t.equal(onlyReply(ack).type, 'ack')
    t.equal(onlyReply(ack).yiaddr, ADDRESS)
    t.equal(uint32Of(onlyReply(ack), 51), 240)
    t.match(ack.events, [{ event: 'dhcp.ack.sent', requestKind, isExtended: false }])
  }
  t.equal(
    lab.leaseTable.at(ip(ADDRESS))?.expiresAtMs,
    lab.nowMs + 240_000,
    'and nothing is extended',
  )
})

t.test('without the store there are no new clients and no NAK, and nothing ends', async (t) => {
  const lab = leased()
  lab.authority = 'repeat'
  const before = [...lab.leaseTable.bindings()]
  const silent = [
    ...everyMessage({ mac: OTHER_MAC }),
    aRequest({ requested: '10.20.0.77' }),
    aRequest({ requested: '10.99.0.1' }),
    aRequest({ ciaddr: '10.20.0.77' }),
    aRequest({}),
    aRequest({ requested: ADDRESS, serverId: '10.20.0.9' }),
    aRequest({ requested: ADDRESS, options: [[54, Uint8Array.of(1)]] }),
    aRelease({ ciaddr: ADDRESS, serverId: SERVER }),
    aDecline({ requested: ADDRESS, serverId: SERVER }),
    anInform({ ciaddr: ADDRESS }),
  ]
  for (const message of silent) t.same(lab.handle(message).effects, [])
  t.same([...lab.leaseTable.bindings()], before)
})

t.test('a lease that is not stored as we have it is not repeated, nor one that ends', async (t) => {
  const lab = leased()
  lab.authority = 'repeat'
  lab.unstored.add(ip(ADDRESS))
  t.same(lab.handle(aDiscover()).effects, [])
  lab.unstored.clear()
  t.equal(onlyReply(lab.handle(aDiscover())).yiaddr, ADDRESS)
  lab.pass(239_500)
  t.same(lab.handle(aDiscover()).effects, [], 'half a second would be said as a whole one')
})

t.test(
  'while the store fails a holder hears its promise at once, and others are served',
  async (t) => {
    const lab = leased()
    lab.isFailing = true
    const repeated = [aDiscover(), aRequest({ requested: ADDRESS }), aRequest({ ciaddr: ADDRESS })]
    for (const message of repeated) {
      const answer = lab.handle(message)
      t.same(answer.kinds, ['send', 'event'], 'it waits for no commit')
      t.equal(uint32Of(onlyReply(answer), 51), 240)
    }
    const elsewhere = lab.handle(aRequest({ requested: '10.20.0.77' }))
    t.equal(onlyReply(elsewhere).type, 'nak', 'the network is ours all the same')
    t.equal(lab.bind({ mac: OTHER_MAC }), '10.20.0.51')
    t.same(lab.handle(aRelease({ ciaddr: ADDRESS, serverId: SERVER })).kinds, ['commit', 'event'])
    t.same(lab.handle(aRequest({ requested: ADDRESS })).kinds, ['commit', 'send', 'event'])
    lab.isFailing = false
    t.same(lab.handle(aRequest({ requested: ADDRESS })).kinds, ['commit', 'send', 'event'])
  },
)

t.test('a DISCOVER that waited for the wire is not answered once another serves', async (t) => {
  const lab = new DhcpLab({ scopes: [aScope({ probe: true })] })
  t.same(lab.handle(aDiscover()).probes, [ADDRESS])
  t.same(lab.handle(aDiscover({ mac: OTHER_MAC })).probes, ['10.20.0.51'])
  lab.authority = 'repeat'
  t.same(lab.probed(ADDRESS, false).effects, [])
  lab.authority = 'none'
  lab.pass(60_000)
  t.notMatch(lab.wake().replies, [{ type: 'offer' }])
})
