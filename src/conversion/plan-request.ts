import type { Phone } from '../inventory/phone.ts'
import {
  type ConversionPlan,
  type PlanRequest,
  type PlanStep,
  planConversion,
} from '../phones/conversion-plan.ts'
import {
  contradictsSeen,
  hintOfSeen,
  mergeSeen,
  type SeenSoftware,
  seenLoad,
} from '../phones/seen-software.ts'
import { type BootState, hintOf } from './boot-state.ts'
import type { RestartMode } from './conversion.ts'
import type { AvailableFirmware } from './other-way.ts'
import { targetOf } from './target.ts'

/** What an operator asks for. */
export type ConversionRequest = {
  readonly to: string
  readonly from?: string | undefined
  readonly path?: 'cautious' | 'direct' | undefined
  readonly acceptOneWay?: boolean | undefined
  /** Undefined: wherever the appliance can; of a conversion under way: as it is. */
  readonly restart?: RestartMode | undefined
  /** Goes by `from` even where the phone was seen to run another load. */
  readonly acceptFrom?: boolean | undefined
}

/** Why a conversion does not begin, and what to do about it. `code` is stable, kebab-case. */
export type StartRefusal = {
  readonly kind: 'refused'
  readonly code: string
  readonly reason: string
  readonly remedy: string
  readonly missingFirmware: ConversionPlan['missingFirmware']
}

/** Why a phone must not be taken to a load, in words; undefined where it may. */
export type LoadVeto = (phone: Phone, load: string) => string | undefined

/** What is known of the phone that a plan is for. */
export type PlannedPhone = {
  /** Its present boot; null before the first. */
  readonly boot: BootState | null
  /** What it was seen to run. */
  readonly seen: SeenSoftware | undefined
  /** The load that its last conversion has proved; null for none. */
  readonly load: string | null
}

/** What plans may use. */
export type PlanRules = {
  readonly available: Pick<AvailableFirmware, 'firmwareLoads'>
  /** Asked for each load of a plan. */
  readonly veto: LoadVeto
}

/**
 * The plan of a request, or why no conversion begins: the load that it names contradicts what was
 * seen, no supported path exists, firmware is missing or must not be used, or the way is one-way and
 * that was not accepted.
 */
export function planRequest(
  phone: Phone,
  request: ConversionRequest,
  known: PlannedPhone,
  { available, veto }: PlanRules,
): ConversionPlan | StartRefusal {
  const contradiction = contradictionOf(request, known)
  if (contradiction !== undefined) return contradiction
  const plan = planConversion({
    model: phone.model,
    ...planOrigin(request, known),
    to: request.to,
    path: request.path ?? 'cautious',
    available: available.firmwareLoads(),
  })
  if (plan.kind === 'refused') return { ...plan, missingFirmware: [] }
  const missing = plan.missingFirmware
  if (missing.length > 0) {
    const names = missing.map(({ load }) => load).join(', ')
    const reason = `the plan needs firmware that is not available: ${names}`
    return { ...refusal('firmware-missing', reason), missingFirmware: missing }
  }
  const vetoes = plan.steps.flatMap(({ load }) => veto(phone, load) ?? [])
  if (vetoes.length > 0) return refusal('synthetic-firmware', vetoes.join('; '))
  if (plan.oneWay && request.acceptOneWay !== true) {
    const loads = plan.steps.filter(({ oneWay }) => oneWay).map(({ load }) => load)
    return refusal('one-way', `there is no way back after ${loads.join(', ')}`)
  }
  return plan.steps.length > 0 ? plan : { ...plan, steps: [lookAgain(plan.to)] }
}

/** Where a plan starts: the load that the operator names, else what was seen or proved. */
export function planOrigin(
  { from }: Pick<ConversionRequest, 'from'>,
  known: PlannedPhone,
): Pick<PlanRequest, 'from' | 'generation' | 'release'> {
  const { boot, seen, load } = known
  const hint = hintOf(boot) ?? (seen === undefined ? null : hintOfSeen(seen))
  if (from !== undefined || seen === undefined) return { from: from ?? load, generation: hint }
  const { protocol, major } = seen
  const release = protocol === null || major === null ? null : { protocol, major }
  return { from: seen.load ?? loadStillRun(load, seen), generation: hint, release }
}

/** The load that was proved, unless what was seen since shows that the phone runs another one. */
function loadStillRun(load: string | null, seen: SeenSoftware): string | null {
  return load === null ? null : mergeSeen(seenLoad(load, 'lease', 0), seen).load
}

function contradictionOf(
  { from, acceptFrom }: ConversionRequest,
  { seen }: PlannedPhone,
): StartRefusal | undefined {
  if (from === undefined || seen === undefined || acceptFrom === true) return undefined
  if (!contradictsSeen(from, seen)) return undefined
  const reason = `the phone was seen to run ${seen.load} (${seen.by}), not ${from}`
  return refusal('from-contradicted', reason)
}

/** What to do where a plan leads over synthetic firmware. */
export const SYNTHETIC_REMEDY =
  'Add the archive that Cisco ships, which replaces it; or, where all phones are simulated, serve with --rehearsal.'

const REMEDIES = {
  'firmware-missing':
    'Add each archive (POST /v1/firmware, switchhook firmware add), then start again.',
  'synthetic-firmware': SYNTHETIC_REMEDY,
  'one-way': 'Start again with "acceptOneWay": true if the phone need never go back.',
  'from-contradicted':
    'Leave "from" out to go by what was seen; or, where you know better, start again with "acceptFrom": true.',
} as const

function refusal(code: keyof typeof REMEDIES, reason: string): StartRefusal {
  return { kind: 'refused', code, reason, remedy: REMEDIES[code], missingFirmware: [] }
}

/** The phone is said to run the target already: nothing counts as done until a boot has shown it. */
function lookAgain(load: string): PlanStep {
  return {
    load,
    method: targetOf(load, undefined)?.ual === true ? 'ual' : 'image_version',
    oneWay: false,
    why: 'The phone is said to run this load already; its next boot proves it.',
    source: 'Cisco document 5455, section "TFTP Server Log of a Phone Booting Up"',
  }
}
