import t from 'tap'
import { planService } from '../../../appliance/services/plans.ts'

const REQUEST = {
  model: '7960',
  from: 'P00305000300',
  to: 'P0S3-06-3-00',
  path: 'cautious',
} as const

const firmware = (loads: () => readonly string[]) => ({
  loads,
  isSynthetic: () => false,
  veto: () => undefined,
})

t.test('a plan names its steps and the firmware that is not at hand now', async (t) => {
  const atHand: string[] = []
  const service = planService(firmware(() => atHand))
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
  const refused = planService(firmware(() => [])).plan({ ...REQUEST, to: 'P0M30203' })
  t.match(refused, { kind: 'plan-refused', reason: /^[a-z-]+$/, problems: [] })
  t.match(refused.kind === 'plan-refused' && refused.message, /MGCP.*\. .+/)
})

t.test('a step with synthetic firmware is marked, or there is no plan', async (t) => {
  const loads = () => [REQUEST.to]
  const isSynthetic = () => true
  const marked = planService({ loads, isSynthetic, veto: () => undefined }).plan(REQUEST)
  t.match(marked, { kind: 'plan', steps: [{ load: REQUEST.to, synthetic: true }] })
  const veto = (load: string) => `the firmware of ${load} here is synthetic`
  const refused = planService({ loads, isSynthetic, veto }).plan(REQUEST)
  t.match(refused, { kind: 'plan-refused', reason: 'synthetic-firmware' })
  t.match(refused.kind === 'plan-refused' && refused.message, /is synthetic\. .*--rehearsal/)
})
