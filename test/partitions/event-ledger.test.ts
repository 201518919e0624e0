import t from 'tap'
import { breachOf } from './breaches.ts'
import { EventFollower, EventLedger, type ToldEvent } from './event-ledger.ts'

const told = (appliance: string, id: number, fields: Partial<ToldEvent> = {}): ToldEvent => ({
  appliance,
  id,
  at: `2026-03-01T00:00:0${id}.000Z`,
  event: 'phone.changed',
  mac: null,
  network: null,
  ...fields,
})

t.test('events in a row are no violation for any reader', async (t) => {
  const ledger = new EventLedger()
  const [one, other] = [new EventFollower(ledger, 'one'), new EventFollower(ledger, 'other')]
  t.same(one.onPage([told('sw-a', 3), told('sw-b', 1), told('sw-a', 4)]), [])
  t.equal(one.lacks(ledger.newest()), null)
  t.equal(other.lacks(ledger.newest()), 'sw-a:4')
  t.same(other.onPage([told('sw-b', 1), told('sw-a', 4), told('sw-b', 2)]), [])
  t.equal(other.lacks(ledger.newest()), null)
  t.equal(one.lacks(ledger.newest()), 'sw-b:2')
  t.equal(ledger.size, 4)
})

t.test('a number that is missing, told twice or out of order is a violation', async (t) => {
  const one = new EventFollower(new EventLedger(), 'one')
  t.same(one.onPage([told('sw-a', 1), told('sw-a', 2)]), [])
  const texts = [
    one.onPage([told('sw-a', 4)]),
    one.onPage([told('sw-a', 4)]),
    one.onPage([told('sw-a', 3)]),
  ]
  t.match(texts.flat().map(breachOf), [
    { invariant: 'I8', text: 'one goes from sw-a:2 to sw-a:4' },
    { invariant: 'I8', text: 'one goes from sw-a:4 to sw-a:4' },
    { invariant: 'I8', text: 'one goes from sw-a:4 to sw-a:3' },
  ])
})

t.test('a number that stands for another event later is a violation', async (t) => {
  const ledger = new EventLedger()
  new EventFollower(ledger, 'one').onPage([told('sw-a', 1)])
  const other = new EventFollower(ledger, 'other')
  t.match(other.onPage([told('sw-a', 1, { mac: '02000000A001' })]), [
    /other tells sw-a:1 as .*02000000A001.* and it was .*no phone/,
  ])
  t.same(other.onPage([told('sw-a', 2)]), [])
})
