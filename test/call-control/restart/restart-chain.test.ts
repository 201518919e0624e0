import t from 'tap'
import { RestartChain } from '../../../src/call-control/restart/restart-chain.ts'
import { PHONE } from '../../support/restart-facts.ts'

t.test('after its end a chain does nothing any more', async (t) => {
  const chain = new RestartChain(
    { mac: PHONE, why: 'by-hand', named: null },
    { facts: () => undefined, isBusy: () => false, nextAttempt: () => 1, speed: 1 },
    0,
  )
  t.match(chain.begin(0), [
    { kind: 'event', event: { event: 'phone.restart.ended', outcome: 'failed', methods: [] } },
    { kind: 'ended', outcome: 'failed' },
  ])
  t.same([chain.method, chain.attempt, chain.wakeAtMs], [null, null, null])
  t.same(chain.onSent({ kind: 'sent' }, 0), [])
  t.same(chain.onSeen({ kind: 'dhcp-start' }, 0), [])
  t.same(chain.onWake(0), [])
  t.same(chain.stop('over', 0), [])
})
