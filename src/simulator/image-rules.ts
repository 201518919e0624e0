import { isAtLeast, type LoadName } from './load-name.ts'
import type { PhoneQuirks } from './phone-quirks.ts'

/** A step from the load that runs to the one that an image holds. */
type Step = { readonly from: LoadName; readonly to: LoadName; readonly quirks: PhoneQuirks }

/** Why a phone will not go from one load to another. */
export type StepRule = {
  readonly reason: string
  readonly refuses: (step: Step) => boolean
}

/** Held on every phone. */
const RULES: readonly StepRule[] = [
  {
    reason: 'from 5.0 on there is no way back below 5.0', // Cisco document 5455
    refuses: ({ from, to }) => isAtLeast(from, 5) && !isAtLeast(to, 5),
  },
  {
    reason: 'SIP below 5.0 does not go to the universal loader', // Cisco CME guide: 4.4, 5.3, 6.x, 7.x
    refuses: ({ from, to }) => isSip(from, 0, 5) && to.universal,
  },
]

/** Held where the phone follows the CallManager Express guide. */
const CME_RULES: readonly StepRule[] = [
  {
    reason: 'SCCP below 5.0 goes to SCCP 5.x before SIP 5.0 and before the universal loader',
    refuses: ({ from, to }) =>
      isSccpBelow5(from) && (to.universal || (to.protocol === 'sip' && isAtLeast(to, 5))),
  },
  {
    reason: 'SIP below 4.4 goes to 4.4 before 5.0',
    refuses: ({ from, to }) =>
      from.protocol === 'sip' &&
      !isAtLeast(from, 4, 4) &&
      to.protocol === 'sip' &&
      isAtLeast(to, 5),
  },
  {
    reason: 'SIP 5.x goes to 6.x before the universal loader',
    refuses: ({ from, to }) => isSip(from, 5, 6) && to.universal,
  },
  {
    reason: 'SIP 5.x and 6.x go to SIP 7.x before SCCP',
    refuses: ({ from, to }) => isSip(from, 5, 7) && to.protocol === 'sccp' && !to.loaderOnly,
  },
]

/** The rule that keeps a phone from a step; undefined where it goes along. */
export function refusingRule(step: Step): StepRule | undefined {
  const rules = step.quirks.ladder === 'cme-guide' ? [...RULES, ...CME_RULES] : RULES
  return rules.find(({ refuses }) => refuses(step))
}

function isSip(name: LoadName, first: number, beyond: number): boolean {
  return name.protocol === 'sip' && name.major >= first && name.major < beyond
}

function isSccpBelow5(name: LoadName): boolean {
  return name.protocol === 'sccp' && name.major < 5
}
