import { SYNTHETIC_REMEDY } from '../../conversion/plan-request.ts'
import type { Mac } from '../../net/mac.ts'
import { type PlanRequest, planConversion } from '../../phones/conversion-plan.ts'
import type { PlanService } from '../services.ts'

/** What a plan is made from: the stored firmware, and what is known of a phone. */
export type PlanFirmware = {
  readonly loads: () => readonly string[]
  readonly isSynthetic: (load: string) => boolean
  /** Why no phone here may get a load; undefined if one may. */
  readonly veto: (load: string) => string | undefined
  /** Where a plan for this phone starts: the load that the operator names, or what is known of the phone. */
  readonly origin: (
    mac: Mac,
    named: { readonly from: string | undefined },
  ) => Pick<PlanRequest, 'from' | 'generation' | 'release'>
  /** What an operator should know before this phone is converted. */
  readonly warnings: (mac: Mac, to: string) => readonly string[]
}

/** Plans without changing anything, through the stored firmware. */
export function planService(parts: PlanFirmware): PlanService {
  const { loads, isSynthetic, veto, origin, warnings } = parts
  return {
    plan({ model, from, to, path, mac }) {
      const start = mac === null ? { from } : origin(mac, { from: from ?? undefined })
      const plan = planConversion({ model, to, path, available: loads(), ...start })
      if (plan.kind === 'refused') {
        const message = `${plan.reason}. ${plan.remedy}`
        return { kind: 'plan-refused', reason: plan.code, message, problems: [] }
      }
      const vetoes = plan.steps.flatMap(({ load }) => veto(load) ?? [])
      if (vetoes.length > 0) {
        const message = `${vetoes.join('; ')}. ${SYNTHETIC_REMEDY}`
        return { kind: 'plan-refused', reason: 'synthetic-firmware', message, problems: [] }
      }
      return {
        kind: 'plan',
        steps: plan.steps.map((step) => ({ ...step, synthetic: isSynthetic(step.load) })),
        oneWay: plan.oneWay,
        missingFirmware: plan.missingFirmware.map(({ load }) => load),
        warnings: mac === null ? [] : warnings(mac, to),
      }
    },
  }
}
