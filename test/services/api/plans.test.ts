import t from 'tap'
import type { Mac } from '../../../src/net/mac.ts'
import { planService } from '../../../src/services/api/plans.ts'

const REQUEST = {
  model: '7960',
  from: 'P00305000300',
  to: 'P0S3-06-3-00',
  path: 'cautious',
  mac: null,
} as const

const firmware = (loads: () => readonly string[]) => ({
  loads,
  isSynthetic: () => false,
  veto: () => undefined,
  origin: (_mac: string, { from }: { readonly from: string | undefined }) => ({
    from: from ?? 'P00305000300',
  }),
  warnings: (mac: string, to: string) => [`${mac} has no line for ${to}`],
})

t.test('a plan names its steps and the firmware that is not available now', async (t) => {
  const available: string[] = []
  const service = planService(firmware(() => available))
  t.match(service.plan(REQUEST), {
    kind: 'plan',
    steps: [{ load: 'P0S3-06-3-00', why: String, source: String }],
    oneWay: false,
    missingFirmware: ['P0S3-06-3-00'],
  })
  t.match(service.plan({ ...REQUEST, from: 'P0S3-04-4-00' }), { kind: 'plan', oneWay: true })
  available.push('P0S3-06-3-00')
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
  const marked = planService({ ...firmware(loads), isSynthetic }).plan(REQUEST)
  t.match(marked, { kind: 'plan', steps: [{ load: REQUEST.to, synthetic: true }] })
  const veto = (load: string) => `the firmware of ${load} is synthetic`
  const refused = planService({ ...firmware(loads), isSynthetic, veto }).plan(REQUEST)
  t.match(refused, { kind: 'plan-refused', reason: 'synthetic-firmware' })
  t.match(refused.kind === 'plan-refused' && refused.message, /is synthetic\. .*--rehearsal/)
})

t.test('a plan for a phone starts from what is known of it, unless a load is named', async (t) => {
  const service = planService(firmware(() => []))
  const phone = { ...REQUEST, mac: '000E84C060A6' as Mac }
  t.match(service.plan({ ...phone, from: null }), {
    kind: 'plan',
    steps: [{ load: 'P0S3-06-3-00' }],
  })
  t.match(service.plan({ ...REQUEST, from: null }), { kind: 'plan-refused' })
  t.match(service.plan({ ...phone, from: 'P0S3-04-4-00' }), { kind: 'plan', oneWay: true })
})

t.test('a plan for a phone says what its operator should know before the start', async (t) => {
  const service = planService(firmware(() => [REQUEST.to]))
  t.match(service.plan(REQUEST), { warnings: [] })
  const forPhone = service.plan({ ...REQUEST, mac: '000E84C060A6' as Mac })
  t.match(forPhone, { warnings: [`000E84C060A6 has no line for ${REQUEST.to}`] })
})
