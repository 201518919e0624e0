import t from 'tap'
import { Type } from '../kills/dhcp-datagram.ts'
import { LeaseLedger } from '../kills/lease-ledger.ts'
import { breachOf } from './breaches.ts'
import { Ear, longestGap } from './ear.ts'
import { judgeLate } from './judge-late.ts'
import type { Heard } from './vlan.ts'

const HARDWARE = Buffer.from([2, 0, 0, 0x10, 0, 1])
const KEY = 'hw:01020000100001'
const ONE = '10.20.0.2'

const heard = (reply: Partial<Heard>): Heard => ({
  type: Type.ack,
  yiaddr: '10.20.1.1',
  server: ONE,
  leaseSeconds: 600,
  said: { type: Type.request, hardware: HARDWARE, identifier: null, ciaddr: '10.20.1.1' },
  saidAtMs: 1000,
  heardAtMs: 1005,
  arrivedAfterMs: 1000,
  ...reply,
})

t.test('a NAK to the holder of the address is a violation, and to no other client', async (t) => {
  const ledger = new LeaseLedger()
  const ear = new Ear(ledger)
  ear.onHeard(heard({ type: Type.nak }))
  t.same(ledger.violations, [], 'it holds nothing')
  ledger.onAck({ client: KEY, address: '10.20.1.1', untilMs: 9000 }, 1000)
  ear.onHeard(heard({ type: Type.nak, heardAtMs: 9000 }))
  t.same(ledger.violations, [], 'its lease is over')
  const said = { type: Type.request, hardware: HARDWARE, identifier: null, requested: '10.20.1.2' }
  ear.onHeard(heard({ type: Type.nak, said }))
  t.same(ledger.violations, [], 'it asked for another address')
  ear.onHeard(heard({ type: Type.nak }))
  t.match(ledger.violations.map(breachOf), [{ invariant: 'I4', text: /NAK from 10\.20\.0\.2/ }])
  t.equal(ear.naks, 4)
})

t.test('what comes late is kept, unless we may have read it late', async (t) => {
  const ear = new Ear(new LeaseLedger())
  ear.onHeard(heard({ heardAtMs: 5000, arrivedAfterMs: 4980 }))
  ear.onHeard(heard({ heardAtMs: 9000, arrivedAfterMs: 5000 }))
  ear.onHeard(heard({ heardAtMs: 9000, arrivedAfterMs: 5001 }))
  t.same(ear.late, [heard({ heardAtMs: 9000, arrivedAfterMs: 5001 })])
  t.equal(ear.acks.length, 3)
  t.same(ear.acks.at(-1), { server: ONE, atMs: 9000 })
})

t.test(
  'an answer that was held back is a violation, and one that was read late is none',
  async (t) => {
    const late = heard({ leaseSeconds: 600, arrivedAfterMs: 9000 })
    t.equal(judgeLate(late, 608_900), null, 'decided a moment before')
    t.equal(judgeLate(late, 604_000), null, 'it may wait for its commit')
    t.match(breachOf(judgeLate(late, 603_999) ?? ''), { invariant: 'I5', text: /5001 ms after/ })
    t.match(judgeLate(late, null), /had not stored it/)
    t.equal(
      judgeLate(heard({ leaseSeconds: 592, arrivedAfterMs: 9000 }), 601_000),
      null,
      'repeated',
    )
  },
)

t.test('the longest time without anything', async (t) => {
  t.same(longestGap([], 100, 400), { ms: 300, atMs: 100 })
  t.same(longestGap([50, 150, 350, 450], 100, 400), { ms: 200, atMs: 150 })
})

t.test('what the ledger says has an invariant', async (t) => {
  t.equal(breachOf('10.0.0.1 is held by a and was given to b').invariant, 'I1')
  t.equal(breachOf('a held 10.0.0.1 and was given 10.0.0.2').invariant, 'I2')
  t.same(breachOf('I9 not healed'), { invariant: 'I9', text: 'not healed' })
})
