import t from 'tap'
import { anInform, ip } from '../support/a-dhcp-message.ts'
import { aScope, DhcpLab, onlyReply, optionCodes, reasonOf, SERVER } from '../support/dhcp-lab.ts'

t.test('RFC 2131 section 4.3.5: an INFORM gets parameters at ciaddr, and no lease', async (t) => {
  const outcome = new DhcpLab().handle(anInform({ ciaddr: '10.20.0.200' }))
  const { message, to, bytes, type } = onlyReply(outcome)
  t.equal(type, 'ack')
  t.equal(to, '10.20.0.200:68')
  t.match(message, { yiaddr: 0, ciaddr: ip('10.20.0.200'), siaddr: ip(SERVER) })
  const codes = optionCodes(bytes)
  for (const code of [51, 58, 59]) t.notOk(codes.includes(code), `lacks ${code}`)
  for (const code of [1, 3, 54, 66, 150]) t.ok(codes.includes(code), `has ${code}`)
  t.same(outcome.changes, [])
  t.match(outcome.events, [{ requestKind: 'inform', leaseSeconds: null, isBoot: false }])
})

t.test('RFC 2131 section 4.3.5: leases have no say in it', async (t) => {
  const lab = new DhcpLab()
  lab.bind({ mac: '020000000001' })
  t.equal(onlyReply(lab.handle(anInform({ ciaddr: '10.20.0.50' }))).type, 'ack')
  t.equal(lab.leaseTable.clientAt(ip('10.20.0.50'), lab.nowMs)?.mac, '020000000001')
})

t.test('RFC 2131 section 4.3.5: an address that cannot be right is not answered', async (t) => {
  const lab = new DhcpLab()
  const cases = [
    { ciaddr: '0.0.0.0', reason: 'no-address' },
    { ciaddr: '10.99.0.5', reason: 'wrong-network' },
    { ciaddr: '10.20.0.255', reason: 'wrong-network' },
    { ciaddr: SERVER, reason: 'wrong-network' },
  ]
  for (const { ciaddr, reason } of cases) {
    const outcome = lab.handle(anInform({ ciaddr }), { sourceAddress: ip('0.0.0.0') })
    t.equal(reasonOf(outcome), reason, ciaddr)
  }
})

t.test('an INFORM of a client that is not admitted is not answered', async (t) => {
  const lab = new DhcpLab({ scopes: [aScope({ admit: 'enrolled' })] })
  t.equal(reasonOf(lab.handle(anInform({ ciaddr: '10.20.0.200' }))), 'not-enrolled')
})
