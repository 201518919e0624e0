import t from 'tap'
import { planService } from '../../../appliance/services/plans.ts'

const REQUEST = {
  model: '7960',
  from: 'P00305000300',
  to: 'P0S3-06-3-00',
  path: 'cautious',
} as const

t.test('a plan names its steps and the firmware that is not at hand now', async (t) => {
  const atHand: string[] = []
  const service = planService(() => atHand)
  t.match(service.plan(REQUEST), {
    kind: 'plan',
    steps: [{ load: 'P0S3-06-3-00', why: String, source: String }],
    oneWay: false,
    missingFirmware: ['P0S3-06-3-00'],
  })
  t.match(service.plan({ ...REQUEST, from: 'P0S3-04-4-00' }), { kind: 'plan', oneWay: true })
  atHand.push('P0S3-06-3-00')
  t.match(service.plan(REQUEST), { kind: 'plan', missingFirmware: [] })
})

t.test('a refusal has a stable reason, and says what to do', async (t) => {
  const refused = planService(() => []).plan({ ...REQUEST, to: 'P0M30203' })
  t.match(refused, { kind: 'plan-refused', reason: /^[a-z-]+$/, problems: [] })
  t.match(refused.kind === 'plan-refused' && refused.message, /MGCP.*\. .+/)
})
