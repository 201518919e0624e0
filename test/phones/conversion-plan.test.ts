import t from 'tap'
import {
  type ConversionPlan,
  type PlanRefusal,
  type PlanRequest,
  planConversion,
} from '../../src/phones/conversion-plan.ts'

type PlanWanted = Partial<PlanRequest> & { readonly to: string }

function plan(wanted: PlanWanted): ConversionPlan | PlanRefusal {
  const anything = { model: '7960', from: null, path: 'cautious', available: 'everything' } as const
  return planConversion({ ...anything, ...wanted })
}

/** Steps as `load method`, with `!` where nothing leads back. */
function stepsOf(outcome: ConversionPlan | PlanRefusal): readonly string[] | string {
  if (outcome.kind === 'refused') return outcome.code
  return outcome.steps.map(({ load, method, oneWay }) => `${load} ${method}${oneWay ? '!' : ''}`)
}

const BOTH = ['cautious', 'direct'] as const

t.test('Cisco document 5455: what is one step on either path', async (t) => {
  const cases = [
    { from: 'P00305000300', to: 'P0S3-06-3-00', method: 'os79xx' },
    { from: 'P00305000300', to: 'P0S3-05-3-00', method: 'os79xx' },
    { from: 'P00305000200', to: 'P0S3-07-4-00', method: 'ual' },
    { from: 'P00308000500', to: 'P0S3-8-12-00', method: 'ual' },
    { from: 'P00306000100', to: 'P0S3-07-1-00', method: 'ual' },
    { from: 'P0S3-8-12-00', to: 'P00308000500', method: 'ual' },
    { from: 'P0S3-07-4-00', to: 'P00306000200', method: 'ual' },
    { from: 'P0S3-07-4-00', to: 'P00305000200', method: 'image_version' },
    { from: 'P0S3-8-12-00', to: 'P0S3-07-5-00', method: 'ual' },
    { from: 'P0S3-06-3-00', to: 'P0S3-07-4-00', method: 'ual' },
    { from: 'P00303030300', to: 'P0S30203', method: 'os79xx' },
    { from: 'P003AL02', to: 'P0S30202', method: 'os79xx' },
    { from: 'P0S30203', to: 'P00303010102', method: 'os79xx' },
    { from: 'P0S3-04-4-00', to: 'P0S30203', method: 'image_version' },
    { from: 'P00303010102', to: 'P00303030300', method: 'xml' },
    { from: 'P00308000900', to: 'P00308010200', method: 'ual' },
  ]
  for (const { from, to, method } of cases) {
    for (const path of BOTH) {
      t.same(stepsOf(plan({ from, to, path })), [`${to} ${method}`], `${from} to ${to}, ${path}`)
    }
  }
})

t.test('Cisco Unified CME guide: the cautious path is the stricter one', async (t) => {
  const cases = [
    {
      why: 'SIP 2.3 to SCCP: up to 7.x first',
      from: 'P0S30203',
      to: 'P00308000500',
      steps: [
        'P0S3-04-4-00 image_version',
        'P0S3-05-3-00 image_version!',
        'P0S3-06-3-00 image_version',
        'P0S3-07-4-00 ual',
        'P00308000500 ual',
      ],
    },
    {
      why: 'SIP 4.x to SCCP 5.x: up to 7.x first',
      from: 'P0S3-04-4-00',
      to: 'P00305000200',
      steps: [
        'P0S3-05-3-00 image_version!',
        'P0S3-06-3-00 image_version',
        'P0S3-07-4-00 ual',
        'P00305000200 image_version',
      ],
    },
    {
      why: 'SIP 5.x to SCCP: through 6.x and 7.x',
      from: 'P0S3-05-3-00',
      to: 'P00305000200',
      steps: ['P0S3-06-3-00 image_version', 'P0S3-07-4-00 ual', 'P00305000200 image_version'],
    },
    {
      why: 'SIP 6.x to SCCP: through 7.x',
      from: 'P0S3-06-3-00',
      to: 'P00307020300',
      steps: ['P0S3-07-4-00 ual', 'P00307020300 ual'],
    },
    {
      why: 'SIP 5.3 to 6.x to 7.4, and 8.x after that',
      from: 'P0S3-05-3-00',
      to: 'P0S3-8-12-00',
      steps: ['P0S3-06-3-00 image_version', 'P0S3-07-4-00 ual', 'P0S3-8-12-00 ual'],
    },
    {
      why: 'SCCP 3.x to SIP 6.x: SCCP 5.x first',
      from: 'P00303010102',
      to: 'P0S3-06-3-00',
      steps: ['P00305000500 xml!', 'P0S3-06-3-00 os79xx'],
    },
    {
      why: 'SCCP 3.x to SIP 7.x: SCCP 5.x first',
      from: 'P00303010102',
      to: 'P0S3-07-4-00',
      steps: ['P00305000500 xml!', 'P0S3-07-4-00 ual'],
    },
    {
      why: 'SCCP 3.x to SIP 8.x',
      from: 'P00303010102',
      to: 'P0S3-8-12-00',
      steps: ['P00305000500 xml!', 'P0S3-07-4-00 ual', 'P0S3-8-12-00 ual'],
    },
    {
      why: 'SCCP 3.x to SIP 4.x: an old load refuses it, so 2.3 first',
      from: 'P00303010102',
      to: 'P0S3-04-4-00',
      steps: ['P0S30203 os79xx', 'P0S3-04-4-00 image_version'],
    },
    {
      why: 'SCCP 3.1 to 5.0(5) to 8.0(9)',
      from: 'P00303010102',
      to: 'P00308000900',
      steps: ['P00305000500 xml!', 'P00308000900 ual'],
    },
    {
      why: 'a downgrade goes up to 7.x and straight down to the signed target',
      from: 'P0S3-06-3-00',
      to: 'P0S3-05-3-00',
      steps: ['P0S3-07-4-00 ual', 'P0S3-05-3-00 image_version'],
    },
    {
      why: 'the same for SCCP',
      from: 'P00306000100',
      to: 'P00305000200',
      steps: ['P00307020300 ual', 'P00305000200 xml'],
    },
  ]
  for (const { why, from, to, steps } of cases) t.same(stepsOf(plan({ from, to })), steps, why)
})

t.test('Cisco document 5455: the direct path is that of its sections', async (t) => {
  const cases = [
    {
      why: 'SCCP Image 3.x/Earlier to SIP Image 6.x/Earlier',
      from: 'P00303010102',
      to: 'P0S3-06-3-00',
      steps: ['P0S3-06-3-00 os79xx!'],
    },
    {
      why: 'the same for an unsigned image',
      from: 'P00303010102',
      to: 'P0S3-04-4-00',
      steps: ['P0S3-04-4-00 os79xx'],
    },
    {
      why: 'SCCP Image 3.x/Earlier and 5.x to SIP Image 7.x',
      from: 'P00303010102',
      to: 'P0S3-07-1-00',
      steps: ['P0S3-07-1-00 ual!'],
    },
    {
      why: 'and 8.x by the loader of 7.x',
      from: 'P00303010102',
      to: 'P0S3-8-12-00',
      steps: ['P0S3-07-4-00 ual!', 'P0S3-8-12-00 ual'],
    },
    {
      why: 'SIP Images 4.x/Earlier to SCCP Images 5.x/Earlier',
      from: 'P0S3-04-4-00',
      to: 'P00305000101',
      steps: ['P00305000101 os79xx!'],
    },
    {
      why: 'SIP Images 4.x/Earlier to SCCP Images 6.x/Later: 6.3 first',
      from: 'P0S30203',
      to: 'P00308000500',
      steps: ['P0S3-06-3-00 image_version!', 'P00308000500 ual'],
    },
    {
      why: 'a phone that has been on 6.3 goes by the CME guide',
      from: 'P0S3-06-3-00',
      to: 'P00308000500',
      steps: ['P0S3-07-4-00 ual', 'P00308000500 ual'],
    },
    {
      why: 'signed images may be exchanged down to 5.0',
      from: 'P0S3-06-3-00',
      to: 'P0S3-05-3-00',
      steps: ['P0S3-05-3-00 image_version'],
    },
    {
      why: 'the same for SCCP',
      from: 'P00306000100',
      to: 'P00305000200',
      steps: ['P00305000200 xml'],
    },
  ]
  for (const { why, from, to, steps } of cases) {
    t.same(stepsOf(plan({ from, to, path: 'direct' })), steps, why)
  }
})

t.test('Cisco document 5455: SIP 2.1 and earlier take names of eight characters', async (t) => {
  const cases = [
    { to: 'P00303030300', steps: ['P0S30203 image_version', 'P00303030300 os79xx'] },
    { to: 'P0030303', steps: ['P0030303 os79xx'] },
    { to: 'P0S3-04-4-00', steps: ['P0S30203 image_version', 'P0S3-04-4-00 image_version'] },
  ]
  for (const { to, steps } of cases) t.same(stepsOf(plan({ from: 'P0S30100', to })), steps, to)
})

t.test('what is available decides between legal ways, and what is missing is named', async (t) => {
  const cases = [
    {
      why: 'without a 7.x set the step to 8.x is taken',
      wanted: { from: 'P00305000300', to: 'P0S3-8-12-00', available: ['P0S3-8-12-00'] },
      steps: ['P0S3-8-12-00 ual'],
      missing: [],
    },
    {
      why: 'with one, the stop is made',
      wanted: {
        from: 'P00305000300',
        to: 'P0S3-8-12-00',
        available: ['P0S3-8-12-00', 'P0S3-07-2-00', 'P0S3-07-5-00'],
      },
      steps: ['P0S3-07-5-00 ual', 'P0S3-8-12-00 ual'],
      missing: [],
    },
    {
      why: 'without SIP 2.3 an old SCCP load is offered 4.4 all the same',
      wanted: { from: 'P00303010102', to: 'P0S3-04-4-00', available: ['P0S3-04-4-00'] },
      steps: ['P0S3-04-4-00 os79xx'],
      missing: [],
    },
    {
      why: 'without SIP 2.3 the first SIP loads take SCCP under a name of eight characters',
      wanted: { from: 'P0S30100', to: 'P00303030300', available: ['P00303030300'] },
      steps: ['P00303030300 os79xx'],
      missing: [],
    },
    {
      why: 'another load of the step serves',
      wanted: {
        from: 'P00303010102',
        to: 'P0S3-06-3-00',
        available: ['P00305000101', 'P0S3-06-3-00', 'P003-8-12-00', 'P00405000700'],
      },
      steps: ['P00305000101 xml!', 'P0S3-06-3-00 os79xx'],
      missing: [],
    },
    {
      why: 'nothing available: target and recommended steps are named',
      wanted: { from: 'P0S3-05-3-00', to: 'P0S3-07-5-00', available: [] },
      steps: ['P0S3-06-3-00 image_version', 'P0S3-07-5-00 ual'],
      missing: ['0 P0S3-06-3-00', '1 P0S3-07-5-00'],
    },
    {
      why: 'one step is missing',
      wanted: {
        from: 'P0S30203',
        to: 'P0S3-07-4-00',
        available: ['P0S3-04-4-00', 'P0S3-05-2-00', 'P0S3-07-4-00'],
      },
      steps: [
        'P0S3-04-4-00 image_version',
        'P0S3-05-2-00 image_version!',
        'P0S3-06-3-00 image_version',
        'P0S3-07-4-00 ual',
      ],
      missing: ['2 P0S3-06-3-00'],
    },
  ]
  for (const { why, wanted, steps, missing } of cases) {
    const outcome = plan(wanted)
    t.same(stepsOf(outcome), steps, why)
    const named = outcome.kind === 'plan' ? outcome.missingFirmware : []
    t.same(
      named.map(({ step, load }) => `${step} ${load}`),
      missing,
      why,
    )
    for (const { why: reason } of named) t.not(reason, '', 'each has a reason')
  }
})

t.test('a phone that runs the target needs no step', async (t) => {
  const outcome = plan({ from: 'P0S3-8-12-00', to: 'P0S3-8-12-00', available: [] })
  t.match(outcome, { kind: 'plan', steps: [], oneWay: false, missingFirmware: [] })
})

t.test('one-way is said of the plan and of the step that crosses 5.0', async (t) => {
  const crossing = plan({ from: 'P00303010102', to: 'P0S3-06-3-00', path: 'direct' })
  t.match(crossing, { oneWay: true, steps: [{ oneWay: true, why: /signed/, source: /5455/ }] })
  t.match(plan({ from: 'P00305000200', to: 'P0S3-06-3-00' }), { oneWay: false })
})

t.test(
  'Cisco document 5455: a load that the phone refused is approached through SIP 2.3',
  async (t) => {
    const outcome = plan({
      from: 'P00303010102',
      to: 'P0S3-03-0-00',
      path: 'direct',
      refused: [{ from: 'P00303010102', to: 'P0S3-03-0-00' }],
    })
    t.same(stepsOf(outcome), ['P0S30203 os79xx', 'P0S3-03-0-00 image_version'])
  },
)

t.test('what cannot be is refused with a reason and a remedy', async (t) => {
  const cases = [
    {
      why: 'no way back below 5.0',
      wanted: { from: 'P0S3-8-12-00', to: 'P0S30203' },
      refusal: { code: 'below-5.0', reason: /no way back below 5.0/, remedy: /5.0 or later/ },
    },
    {
      why: 'another model',
      wanted: { model: '7941', from: 'P00308000500', to: 'P0S3-8-12-00' },
      refusal: { code: 'other-model', reason: /7941/, remedy: /own firmware/ },
    },
    {
      why: 'letter O',
      wanted: { from: 'P00308000500', to: 'POS3-08-12-00' },
      refusal: { code: 'to-not-a-load', reason: /letter O/, remedy: /P0S3-8-12-00/ },
    },
    {
      why: 'no load at all',
      wanted: { from: 'latest', to: 'P0S3-8-12-00' },
      refusal: { code: 'from-not-a-load', reason: /latest/, remedy: /Check/ },
    },
    {
      why: 'a load of a 7910',
      wanted: { from: 'P00308000500', to: 'P00405000700' },
      refusal: { code: 'to-not-a-load', reason: /7910/, remedy: /Check/ },
    },
    {
      why: 'MGCP as target',
      wanted: { from: 'P0S3-06-3-00', to: 'P0M3-06-1-00' },
      refusal: { code: 'mgcp', reason: /MGCP/, remedy: /72029/ },
    },
    {
      why: 'MGCP as start',
      wanted: { from: 'P0M3-06-1-00', to: 'P0S3-06-3-00' },
      refusal: { code: 'mgcp', reason: /MGCP/, remedy: /72029/ },
    },
    {
      why: 'a loader is no target',
      wanted: { from: 'P00308000500', to: 'P003-8-12-00' },
      refusal: { code: 'to-is-loader', reason: /loader/, remedy: /P0S3-8-12-00/ },
    },
    {
      why: 'every way was refused by the phone',
      wanted: {
        from: 'P0S3-04-4-00',
        to: 'P00303030300',
        refused: [
          { from: 'P0S3-04-4-00', to: 'P00303030300' },
          { from: 'P0S30203', to: 'P00303030300' },
        ],
      },
      refusal: { code: 'no-path', reason: /no documented step/, remedy: /other path/ },
    },
  ]
  for (const { why, wanted, refusal } of cases)
    t.match(plan(wanted), { kind: 'refused', ...refusal }, why)
})

t.test('a loader as the start is a loader phone whose application is not known', async (t) => {
  const outcome = plan({ from: 'P003-8-12-00', to: 'P00308000500' })
  t.match(outcome, { from: null, steps: [{ load: 'P00308000500', method: 'ual' }] })
})
