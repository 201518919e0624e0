import t from 'tap'
import { type OfferHold, OfferHolds } from '../../src/leases/offer-holds.ts'
import { ip } from '../support/a-dhcp-message.ts'

const hold = (client: string, address: string): OfferHold => ({
  client,
  mac: null,
  address: ip(address),
  leaseSeconds: 300,
  isCleared: true,
  heldUntilMs: 1000,
})

t.test('a hold is found by client and by address until it is dropped', async (t) => {
  const holds = new OfferHolds(10)
  const first = hold('hw:a', '10.20.0.50')
  t.same(holds.put(first), [])
  t.equal(holds.of('hw:a'), first)
  t.equal(holds.at(ip('10.20.0.50')), first)
  t.same([...holds.all()], [first])
  t.equal(holds.drop(first), first)
  t.equal(holds.of('hw:a'), undefined)
  t.equal(holds.at(ip('10.20.0.50')), undefined)
})

t.test('a client has one hold, and an address one client', async (t) => {
  const holds = new OfferHolds(10)
  const first = hold('hw:a', '10.20.0.50')
  const moved = hold('hw:a', '10.20.0.51')
  const other = hold('hw:b', '10.20.0.51')
  holds.put(first)
  t.same(holds.put(moved), [first])
  t.equal(holds.at(ip('10.20.0.50')), undefined)
  t.same(holds.put(other), [moved])
  t.equal(holds.of('hw:a'), undefined)
  t.same(holds.put({ ...other, leaseSeconds: 60 }), [other], 'renewed, not doubled')
})

t.test('RFC 2131 section 4.3.1: a flood of offers pushes out the oldest, never more', async (t) => {
  const holds = new OfferHolds(2)
  const first = hold('hw:a', '10.20.0.50')
  holds.put(first)
  holds.put(hold('hw:b', '10.20.0.51'))
  t.same(holds.put(hold('hw:c', '10.20.0.52')), [first])
  t.equal([...holds.all()].length, 2)
})
