import t from 'tap'
import {
  expiryOf,
  INFINITE_SECONDS,
  leaseTimeOptions,
  offeredSeconds,
  remainingSeconds,
  requestedSeconds,
} from '../../src/dhcp/lease-time.ts'
import type { Binding } from '../../src/leases/binding.ts'
import { aDiscover } from '../support/a-dhcp-message.ts'
import { aScope } from '../support/dhcp-lab.ts'

const NOW_MS = 1_000_000
const lasting = (ms: number) => ({ expiresAtMs: NOW_MS + ms }) as Binding

t.test('RFC 2131 section 4.3.1: a requested lease time is met within the limits', async (t) => {
  const cases = [
    { why: 'within', asked: 600, given: 600 },
    { why: 'zero', asked: 0, given: 60 },
    { why: 'too short', asked: 5, given: 60 },
    { why: 'too long', asked: 86_400, given: 3600 },
    { why: 'infinite', asked: INFINITE_SECONDS, given: 3600 },
  ]
  for (const { why, asked, given } of cases) {
    t.equal(requestedSeconds(aDiscover({ leaseSeconds: asked }), aScope()), given, why)
  }
  t.equal(requestedSeconds(aDiscover(), aScope()), null, 'none asked for')
  const short = aScope({ leaseSeconds: 20, maxLeaseSeconds: 20 })
  t.equal(requestedSeconds(aDiscover({ leaseSeconds: 5 }), short), 20, 'a network of short leases')
  const infinite = aScope({ maxLeaseSeconds: INFINITE_SECONDS })
  const message = aDiscover({ leaseSeconds: INFINITE_SECONDS })
  t.equal(requestedSeconds(message, infinite), INFINITE_SECONDS, 'infinite where allowed')
})

t.test('RFC 2131 section 4.3.1: the lease time of an OFFER', async (t) => {
  const scope = aScope()
  const offered = (binding: Binding | null, leaseSeconds?: number) => {
    const parts = leaseSeconds === undefined ? {} : { leaseSeconds }
    return offeredSeconds(aDiscover(parts), scope, binding, NOW_MS)
  }
  t.equal(offered(null), 300, 'no request, no binding: the default')
  t.equal(offered(lasting(200_000)), 200, 'no request, a binding: what is left of it')
  t.equal(offered(lasting(149_000)), 300, 'in its second half: the default again')
  t.equal(offered(lasting(200_000), 900), 900, 'a request')
})

t.test('what is left of a lease is whole seconds, at least one', async (t) => {
  t.equal(remainingSeconds(lasting(2999), NOW_MS), 2)
  t.equal(remainingSeconds(lasting(10), NOW_MS), 1)
  const infinite = { expiresAtMs: Number.MAX_SAFE_INTEGER } as Binding
  t.equal(remainingSeconds(infinite, NOW_MS), INFINITE_SECONDS)
})

t.test('RFC 2131 section 3.3: 0xffffffff is a lease without end', async (t) => {
  t.equal(expiryOf(INFINITE_SECONDS, NOW_MS), Number.MAX_SAFE_INTEGER)
  t.equal(expiryOf(300, NOW_MS), NOW_MS + 300_000)
})

t.test('RFC 2131 section 4.4.5: T1 and T2 are in order, or not sent', async (t) => {
  const times = (seconds: number) =>
    leaseTimeOptions(seconds).map(([code, value]) => [
      code,
      new DataView(value.buffer).getUint32(0),
    ])
  t.same(times(300), [
    [51, 300],
    [58, 150],
    [59, 262],
  ])
  for (const seconds of [3, 4, 5, 59, 86_400, INFINITE_SECONDS - 1]) {
    const [, [, t1] = [], [, t2] = []] = times(seconds)
    t.ok((t1 ?? 0) > 0 && (t1 ?? 0) < (t2 ?? 0) && (t2 ?? 0) < seconds, `${seconds} seconds`)
  }
  for (const seconds of [1, 2, INFINITE_SECONDS]) t.same(times(seconds), [[51, seconds]])
})
