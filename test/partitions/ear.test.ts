import t from 'tap'
import { Type } from '../kills/dhcp-datagram.ts'
import { LeaseLedger } from '../kills/lease-ledger.ts'
import { breachOf } from './breaches.ts'
import { Ear, longestGap } from './ear.ts'
import type { Heard } from './vlan.ts'

const HARDWARE = Buffer.from([2, 0, 0, 0x10, 0, 1])
const KEY = 'hw:01020000100001'
const [ONE, OTHER] = ['10.20.0.2', '10.20.0.3']

const heard = (reply: Partial<Heard>): Heard => ({
  type: Type.ack,
  yiaddr: '10.20.1.1',
  server: ONE,
  leaseSeconds: 600,
  said: { type: Type.request, hardware: HARDWARE, identifier: null, ciaddr: '10.20.1.1' },
  saidAtMs: 1000,
  heardAtMs: 1005,
  ...reply,
})

t.test('a NAK to the holder of the address is a violation, and to no other client', async (t) => {
  const ledger = new LeaseLedger()
  const ear = new Ear(ledger, 20_000)
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

t.test('an answer that was held back while another served is a violation', async (t) => {
  const ledger = new LeaseLedger()
  const ear = new Ear(ledger, 20_000)
  ear.onHeard(heard({ heardAtMs: 9000 }))
  t.same(ledger.violations, [], 'nobody else served meanwhile')
  ear.onHeard(heard({ server: OTHER, leaseSeconds: 17, saidAtMs: 9000, heardAtMs: 9001 }))
  ear.onHeard(heard({ heardAtMs: 9002 }))
  t.same(ledger.violations, [], 'who repeats does not serve')
  ear.onHeard(heard({ server: OTHER, saidAtMs: 9003, heardAtMs: 9004 }))
  ear.onHeard(heard({ saidAtMs: 9000, heardAtMs: 9005 }))
  t.same(ledger.violations, [], 'not late')
  ear.onHeard(heard({ heardAtMs: 9006, leaseSeconds: 592 }))
  t.same(ledger.violations, [], 'what is left of a lease may be repeated')
  ear.onHeard(heard({ heardAtMs: 9006 }))
  t.match(ledger.violations.map(breachOf), [{ invariant: 'I5', text: /8006 ms late/ }])
  t.equal(ear.acks.length, 7)
  t.same(ear.acks.at(-1), { server: ONE, atMs: 9006 })
})

t.test('an answer that was held back is a violation whoever serves', async (t) => {
  const ledger = new LeaseLedger()
  const ear = new Ear(ledger, 2000)
  ear.onHeard(heard({ heardAtMs: 8000 }))
  t.same(ledger.violations, [], 'a sure owner may have read it late, and stored it late')
  ear.onHeard(heard({ heardAtMs: 8001, leaseSeconds: 592 }))
  t.same(ledger.violations, [], 'what is left of a lease may be repeated')
  ear.onHeard(heard({ heardAtMs: 8001 }))
  t.match(ledger.violations.map(breachOf), [{ invariant: 'I5', text: /7001 ms late: it had held/ }])
})

t.test('the longest time without anything', async (t) => {
  t.same(longestGap([], 100, 400), { ms: 300, atMs: 100 })
  t.same(longestGap([50, 150, 350, 450], 100, 400), { ms: 200, atMs: 150 })
})

t.test('what the ledger says has an invariant', async (t) => {
  t.equal(breachOf('10.0.0.1 is held by a and was given to b').invariant, 'I1')
  t.equal(breachOf('a held 10.0.0.1 and was given 10.0.0.2').invariant, 'I2')
  t.same(breachOf('I9 not healed'), { invariant: 'I9', text: 'not healed' })
})
