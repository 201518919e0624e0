import { SYNTHETIC_REMEDY } from '../../conversion/conversion-desk.ts'
import type { Mac } from '../../net/mac.ts'
import { planConversion } from '../../phones/conversion-plan.ts'
import type { PlanService } from '../services.ts'

/** What a plan asks of the firmware that is there. */
export type PlanFirmware = {
  readonly loads: () => readonly string[]
  readonly isSynthetic: (load: string) => boolean
  /** Why no phone here may be taken to a load; undefined where one may. */
  readonly veto: (load: string) => string | undefined
  /** What an operator should know before this phone is taken there. */
  readonly warnings: (mac: Mac, to: string) => readonly string[]
}

/** Plans without touching anything, through the firmware that is there. */
export function planService({ loads, isSynthetic, veto, warnings }: PlanFirmware): PlanService {
  return {
    plan({ model, from, to, path, mac }) {
      const plan = planConversion({ model, from, to, path, atHand: loads() })
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
