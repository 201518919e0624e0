import type { PlanService } from '../../src/adapters/http/services.ts'
import { planConversion } from '../../src/phones/conversion-plan.ts'

/** Plans without touching anything, through the firmware at hand. */
export function planService(loadsAtHand: () => readonly string[]): PlanService {
  return {
    plan({ model, from, to, path }) {
      const plan = planConversion({ model, from, to, path, atHand: loadsAtHand() })
      if (plan.kind === 'refused') {
        const message = `${plan.reason}. ${plan.remedy}`
        return { kind: 'plan-refused', reason: plan.code, message, problems: [] }
      }
      return {
        kind: 'plan',
        steps: plan.steps,
        oneWay: plan.oneWay,
        missingFirmware: plan.missingFirmware.map(({ load }) => load),
      }
    },
  }
}
