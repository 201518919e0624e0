import t from 'tap'
import { aDecline, aDiscover, ip, type MessageParts } from '../support/a-dhcp-message.ts'
import { aScope, DhcpLab, onlyReply, reasonOf, SERVER } from '../support/dhcp-lab.ts'

const MINE = '10.20.0.50'
const declining = (parts: MessageParts = {}) =>
  aDecline({ requested: MINE, serverId: SERVER, ...parts })

t.test(
  'RFC 2131 section 4.3.3: a declined address is out of use, and no answer is sent',
  async (t) => {
    const lab = new DhcpLab({ scopes: [aScope({ declineHoldMs: 600_000 })] })
    lab.bind()
    const outcome = lab.handle(declining())
    t.same(outcome.kinds, ['commit', 'event'])
    const untilAtMs = lab.nowMs + 600_000
    t.match(outcome.changes, [
      { kind: 'put', binding: { state: 'declined', address: ip(MINE), expiresAtMs: untilAtMs } },
    ])
    t.match(outcome.events, [{ event: 'dhcp.address.declined', address: ip(MINE), untilAtMs }])
    t.equal(onlyReply(lab.handle(aDiscover({ requested: MINE }))).yiaddr, '10.20.0.51')
    lab.pass(600_000)
    const other = aDiscover({ mac: '020000000009', requested: MINE })
    t.equal(onlyReply(lab.handle(other)).yiaddr, MINE, 'in use again after the hold')
  },
)

t.test('RFC 2131 table 5: a DECLINE without option 50 or 54 changes nothing', async (t) => {
  const lab = new DhcpLab()
  lab.bind()
  t.equal(reasonOf(lab.handle(aDecline({ serverId: SERVER }))), 'no-address')
  t.equal(reasonOf(lab.handle(aDecline({ requested: MINE }))), 'no-address')
  t.equal(reasonOf(lab.handle(declining({ serverId: '10.20.0.3' }))), 'other-server')
  t.equal(lab.leaseTable.at(ip(MINE))?.state, 'bound')
})

t.test('RFC 2131 section 3.1 (4): a DECLINE of another identity changes nothing', async (t) => {
  const lab = new DhcpLab()
  lab.bind()
  lab.bind({ mac: '020000000001', clientId: Uint8Array.of(0, 9) })
  const cases = [
    { why: 'other hardware', message: declining({ mac: '020000000002' }) },
    { why: 'other identifier', message: declining({ clientId: Uint8Array.of(0, 9) }) },
    {
      why: 'its identifier, other hardware',
      message: declining({ requested: '10.20.0.51', clientId: Uint8Array.of(0, 9) }),
    },
    { why: 'an address that nobody has', message: declining({ requested: '10.20.0.77' }) },
  ]
  for (const { why, message } of cases) {
    const outcome = lab.handle(message)
    t.same(outcome.changes, [], why)
    t.equal(reasonOf(outcome), 'not-the-holder', why)
  }
})

t.test('a flood of forged DECLINEs leaves the pool as it was', async (t) => {
  const lab = new DhcpLab()
  for (let last = 50; last <= 99; last++) {
    lab.handle(declining({ mac: '020000000002', requested: `10.20.0.${last}` }))
  }
  t.equal(lab.leaseTable.poolUse('bench', lab.nowMs).declined, 0)
})
