import t from 'tap'
import { type PlanRequest, planConversion } from '../../src/phones/conversion-plan.ts'

function plan(request: Partial<PlanRequest> & { readonly to: string }) {
  const unknown = { model: null, from: null, path: 'cautious', available: 'everything' } as const
  return planConversion({ ...unknown, ...request })
}

t.test('a plan from an unknown load holds for every load that fits', async (t) => {
  const cases = [
    {
      why: 'one release alone is left, whose loads all go there in one step',
      request: {
        to: 'P0S3-06-3-00',
        generation: 'pre-ual-sip',
        release: { protocol: 'sip', major: 5 },
      },
      loads: ['P0S3-06-3-00'],
      oneWay: false,
    },
    {
      why: 'SIP 1.x to 3.x tell no release: what 1.x needs holds for all of them',
      request: {
        to: 'P0S3-06-3-00',
        generation: 'pre-ual-sip',
        release: { protocol: 'sip', major: 3 },
      },
      loads: ['P0S30203', 'P0S3-04-4-00', 'P0S3-05-3-00', 'P0S3-06-3-00'],
      oneWay: true,
    },
    {
      why: 'a release that nobody has heard of narrows nothing',
      request: { to: 'P0S3-8-12-00', generation: 'ual', release: { protocol: 'sip', major: 99 } },
      loads: ['P0S3-8-12-00'],
      oneWay: false,
    },
    {
      why: 'with the loader on board one step leads anywhere',
      request: { to: 'P0S3-8-12-00', generation: 'ual' },
      loads: ['P0S3-8-12-00'],
      oneWay: false,
    },
    {
      why: 'the same for SCCP, with only the target available',
      request: { to: 'P00308000500', generation: 'ual', available: ['P00308000500'] },
      loads: ['P00308000500'],
      oneWay: false,
    },
    {
      why: 'an early SCCP phone goes through 5.x, where a 5.x phone is already',
      request: { to: 'P0S3-8-12-00', generation: 'pre-ual-sccp' },
      loads: ['P00305000500', 'P0S3-07-4-00', 'P0S3-8-12-00'],
      oneWay: true,
    },
    {
      why: 'an older maintenance level of 5.0 available serves as well',
      request: {
        to: 'P0S3-8-12-00',
        generation: 'pre-ual-sccp',
        available: ['P00305000300', 'P0S3-8-12-00'],
      },
      loads: ['P00305000300', 'P0S3-8-12-00'],
      oneWay: true,
    },
    {
      why: 'directly, OS79XX.TXT does it from 3.x and from 5.x',
      request: { to: 'P0S3-06-3-00', generation: 'pre-ual-sccp', path: 'direct' },
      loads: ['P0S3-06-3-00'],
      oneWay: true,
    },
  ] as const
  for (const { why, request, loads, oneWay } of cases) {
    t.match(
      plan(request),
      { kind: 'plan', from: null, oneWay, steps: loads.map((load) => ({ load })) },
      why,
    )
  }
})

t.test('what an operator must know is said, with the ways that differ', async (t) => {
  const cases = [
    {
      why: 'nothing is known',
      request: { to: 'P0S3-8-12-00' },
      reason: /depends on the load/,
      remedy: /Firmware Versions.*let it boot here once/,
    },
    {
      why: 'an early SIP phone may be at any step',
      request: { to: 'P0S3-8-12-00', generation: 'pre-ual-sip' },
      reason: /from P0S30202 to P0S3-04-1-00 by P0S3-04-4-00.*; from .* more from other loads$/,
      remedy: /Firmware Versions at the phone and give that load as "from"\.$/,
    },
    {
      why: 'SCCP 3.x and 5.x differ in what they accept',
      request: { to: 'P0S30203', generation: 'pre-ual-sccp' },
      reason: /signed images alone/,
      remedy: /Firmware Versions/,
    },
    {
      why: 'neither the protocol nor the load is known',
      request: { to: 'P00308000500', generation: 'pre-ual' },
      reason: /depends on the load/,
      remedy: /Firmware Versions/,
    },
  ] as const
  for (const { why, request, reason, remedy } of cases) {
    t.match(plan(request), { kind: 'refused', code: 'from-unknown', reason, remedy }, why)
  }
})

t.test('every way is told with its loads, that of most known loads first', async (t) => {
  const outcome = plan({ to: 'P0S3-8-12-00' })
  const reason = outcome.kind === 'refused' ? outcome.reason : ''
  const ways = reason.replace(/^.*?: /, '').split('; ')
  t.equal(
    ways[0],
    'from P0S3-07-1-00 to P0S3-08-11-00, P00306000100 to P0030801SR02 by P0S3-8-12-00',
  )
  t.equal(ways.length, 7)
  t.ok(
    ways.includes('from P00303010102 to P00303030300 by P00305000500, P0S3-07-4-00, P0S3-8-12-00'),
  )
  const shown = plan({ to: 'P0S3-8-12-00', generation: 'pre-ual' })
  const short = shown.kind === 'refused' ? shown.reason : ''
  t.equal(short.split('; from ').length, 3, 'the log has the commonest alone')
  t.match(short, /; 3 more from other loads$/)
  const back = plan({ to: 'P0S30203' })
  t.match(back, {
    reason: /from P0S30100 to P0S3-04-4-00, P00303010102 to P00303030300 by P0S30203/,
  })
})

t.test('with the loader on board nothing leads below 5.0, whichever load it is', async (t) => {
  const outcome = plan({ to: 'P0S30203', generation: 'ual' })
  t.match(outcome, { kind: 'refused', code: 'below-5.0' })
})

t.test('loads available count among those that fit', async (t) => {
  // A load that no public list has: SIP 6.1. From there the path is one step shorter.
  const outcome = plan({
    to: 'P0S3-07-4-00',
    generation: 'pre-ual-sip',
    available: ['P0S3-06-1-00', 'P0S3-07-4-00'],
  })
  t.match(outcome, { kind: 'refused', code: 'from-unknown' })
})
