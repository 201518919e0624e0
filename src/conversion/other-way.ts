import type { StoredFirmware } from '../inventory/firmware.ts'
import { type PlanStep, planConversion } from '../phones/conversion-plan.ts'
import { family } from '../phones/family/family.ts'
import { type BootState, hintOf } from './boot-state.ts'
import type { Conversion, RefusedStep } from './conversion.ts'
import { currentLoad } from './rollback.ts'
import { type Target, targetOf } from './target.ts'

/** What can be done when a phone refuses the step under way. */
export type OtherWay =
  | {
      readonly kind: 'found'
      /** From the load that the phone runs. */
      readonly steps: readonly PlanStep[]
      readonly targets: readonly Target[]
    }
  /** There is a way, and firmware for it is not available. */
  | { readonly kind: 'missing'; readonly remedy: string }
  | { readonly kind: 'none' }

/** Nothing but what the diagnosis says. */
export const NO_OTHER_WAY: OtherWay = { kind: 'none' }

/** The stored firmware sets, as plans ask for them. */
export type AvailableFirmware = {
  firmware(load: string): StoredFirmware | undefined
  firmwareLoads(): readonly string[]
}

/** More refusals than there are upgrade paths; a phone that refuses everything is left alone. */
const MAX_REFUSED = 8

/**
 * Looks for another legal way to the target, round what the phone has refused: document 5455 sends
 * an old SCCP phone that refuses SIP 3.x or 4.x to SIP 2.3 first.
 *
 * A way that crosses to signed images is taken only where the operator has accepted that.
 */
export function findOtherWay(
  conversion: Conversion,
  boot: BootState | null,
  available: AvailableFirmware,
): OtherWay {
  const { to, path, acceptOneWay, step, steps, refused } = conversion
  const load = steps[step]?.load
  if (load === undefined || refused.length >= MAX_REFUSED) return NO_OTHER_WAY
  const from = currentLoad(conversion)
  const plan = planConversion({
    model: null,
    from,
    generation: hintOf(boot),
    to,
    path,
    available: available.firmwareLoads(),
    refused: [...refused, { from, to: load }].flatMap(refusedEdges),
  })
  if (plan.kind === 'refused' || plan.steps.length === 0) return NO_OTHER_WAY
  if (plan.oneWay && !acceptOneWay) return NO_OTHER_WAY
  if (plan.missingFirmware.length > 0) return missing(plan.missingFirmware)
  const targets = plan.steps
    .map((each) => targetOf(each.load, available.firmware(each.load)))
    .filter((target) => target !== undefined)
  return { kind: 'found', steps: plan.steps, targets }
}

function missing(
  firmware: readonly { readonly load: string; readonly why: string }[],
): OtherWay & { readonly kind: 'missing' } {
  const loads = firmware.map(({ load, why }) => `${load} (${why})`).join(', ')
  const remedy =
    `Another upgrade path exists, but its firmware is not available: ${loads}. ` +
    'Add it (POST /v1/firmware, switchhook firmware add), cancel this conversion and start it again.'
  return { kind: 'missing', remedy }
}

/** If it is unknown what the phone runs, the step is refused from wherever it may be. */
function refusedEdges({ from, to }: RefusedStep): readonly { from: string; to: string }[] {
  if (from !== null) return [{ from, to }]
  return family.loads.known
    .filter(({ load }) => load !== to)
    .map(({ load }) => ({ from: load, to }))
}
