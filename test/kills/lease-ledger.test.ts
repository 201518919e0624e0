import t from 'tap'
import { LeaseLedger } from './lease-ledger.ts'

const A = { client: 'hw:01a', address: '10.30.0.10', untilMs: 60_000 }
const ROW = {
  address: A.address,
  client: 'hw:01A',
  state: 'bound',
  expiresAt: new Date(60_100).toISOString(),
}

t.test('leases that are kept are no violation', async (t) => {
  const ledger = new LeaseLedger()
  ledger.onAck(A, 100)
  ledger.onAck({ ...A, untilMs: 90_000 }, 30_000)
  ledger.onAck({ client: 'hw:01b', address: '10.30.0.11', untilMs: 60_000 }, 200)
  t.same(ledger.violations, [])
  t.equal(ledger.acks, 3)
  t.match(ledger.of('hw:01a', 89_999), { address: A.address })
  t.equal(ledger.of('hw:01a', 90_000), undefined, 'its time is over')
  t.equal(ledger.lasting(30_000, 59_999).length, 1)
})

t.test('an address that is given to two at a time is a violation', async (t) => {
  const ledger = new LeaseLedger()
  ledger.onAck(A, 100)
  ledger.onAck({ ...A, client: 'hw:01b', untilMs: 99_000 }, 59_999)
  t.same(ledger.violations, ['10.30.0.10 is held by hw:01a and was given to hw:01b'])
})

t.test('an address whose lease is over, or was given back, may be given away', async (t) => {
  const ledger = new LeaseLedger()
  ledger.onAck(A, 100)
  ledger.onAck({ ...A, client: 'hw:01b', untilMs: 99_000 }, 60_000)
  ledger.onGivenBack('hw:01b')
  ledger.onGivenBack('hw:01b')
  ledger.onAck({ ...A, untilMs: 99_000 }, 61_000)
  t.same(ledger.violations, [])
})

t.test('a client that is moved from a running lease is a violation', async (t) => {
  const ledger = new LeaseLedger()
  ledger.onAck(A, 100)
  ledger.onAck({ ...A, address: '10.30.0.99' }, 200)
  t.same(ledger.violations, ['hw:01a held 10.30.0.10 and was given 10.30.0.99'])
})

t.test('the list of the server is compared with what was promised', async (t) => {
  for (const { why, rows, found } of [
    { why: 'as promised', rows: [ROW], found: null },
    { why: 'without an end', rows: [{ ...ROW, expiresAt: null }], found: null },
    { why: 'missing', rows: [], found: 'is on no list' },
    { why: 'released', rows: [{ ...ROW, state: 'released' }], found: 'listed as released' },
    { why: 'of another', rows: [{ ...ROW, client: 'hw:01b' }], found: 'by hw:01b' },
    {
      why: 'shorter',
      rows: [{ ...ROW, expiresAt: new Date(50_000).toISOString() }],
      found: 'too early',
    },
  ]) {
    const ledger = new LeaseLedger()
    ledger.onAck(A, 100)
    ledger.compare(rows, 1000)
    if (found === null) t.same(ledger.violations, [], why)
    else t.match(ledger.violations, [found], why)
    t.equal(ledger.rowsCompared, 1)
  }
})
