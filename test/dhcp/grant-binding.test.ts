import t from 'tap'
import { aDiscover, aRequest } from '../support/a-dhcp-message.ts'
import { aScope, DhcpLab, onlyReply, optionCodes } from '../support/dhcp-lab.ts'

const RAPID = { options: [[80, new Uint8Array(0)]] } as const
const MINE = '10.20.0.50'

t.test(
  'RFC 2131 section 3.1 (4): whatever asked for it, a binding is stored, then told',
  async (t) => {
    const usual = new DhcpLab()
    onlyReply(usual.handle(aDiscover()))
    const rapid = new DhcpLab({ scopes: [aScope({ rapidCommit: true })] })
    const cases = [
      {
        requestKind: 'selecting',
        outcome: usual.handle(aRequest({ requested: MINE, serverId: '10.20.0.2' })),
        says80: false,
      },
      { requestKind: 'rapid-commit', outcome: rapid.handle(aDiscover(RAPID)), says80: true },
    ]
    for (const { requestKind, outcome, says80 } of cases) {
      t.same(outcome.kinds, ['commit', 'send', 'event'], requestKind)
      t.match(outcome.changes, [{ kind: 'put', binding: { state: 'bound' } }])
      t.match(outcome.events, [{ event: 'dhcp.ack.sent', requestKind, isExtended: true }])
      const reply = onlyReply(outcome)
      t.equal(reply.type, 'ack')
      t.equal(reply.yiaddr, MINE)
      t.equal(optionCodes(reply.bytes).includes(80), says80)
    }
  },
)
