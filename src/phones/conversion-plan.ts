import { family, isPhoneModel } from './family/family.ts'
import type { Protocol } from './family/phone-family.ts'
import { type FirmwareName, parseFirmwareName } from './firmware-name.ts'
import { planFromKnown } from './plan-from-known.ts'
import { planFromUnknown } from './plan-from-unknown.ts'
import type { PlanPath } from './upgrade-rules.ts'

/** How a step makes the phone load the next image. */
export type StepMethod =
  /** `OS79XX.TXT` names the image (pre-UAL phones; the first four characters must differ). */
  | 'os79xx'
  /** `image_version` in `SIPDefault.cnf` and `SIP<MAC>.cnf` (SIP phones). */
  | 'image_version'
  /** Load information in `SEP<MAC>.cnf.xml` and `XMLDefault.cnf.xml` (SCCP phones). */
  | 'xml'
  /** A universal application loader set: loader first, then `.loads` and application. */
  | 'ual'

/** One step of a conversion: the load that the phone runs when it is done. */
export type PlanStep = {
  readonly load: string
  readonly method: StepMethod
  /** No supported upgrade path leads back from this step. */
  readonly oneWay: boolean
  /** Why this step, in words for an operator. */
  readonly why: string
  /** The document that allows it. */
  readonly source: string
}

/** What is known of a phone's firmware without its load. */
export type GenerationHint = 'pre-ual' | 'pre-ual-sccp' | 'pre-ual-sip' | 'ual'

/** What is to be planned. */
export type PlanRequest = {
  /** Null: not known yet. Models other than 7940 and 7960 are refused. */
  readonly model: string | null
  /** Null: not known; then the plan holds for every load that `generation` leaves, or is refused. */
  readonly from: string | null
  readonly to: string
  readonly path: PlanPath
  /** Loads whose firmware sets are there; `everything` plans without an appliance. */
  readonly available: readonly string[] | 'everything'
  readonly generation?: GenerationHint | null
  /** What else is known of a load that is not: the phone said so when it registered or answered. */
  readonly release?: { readonly protocol: Protocol; readonly major: number } | null
  /** Steps that this phone has refused; the plan goes round them. */
  readonly refused?: readonly { readonly from: string; readonly to: string }[]
}

/** The steps in order; none where the phone runs the target already. */
export type ConversionPlan = {
  readonly kind: 'plan'
  readonly from: string | null
  readonly to: string
  readonly path: PlanPath
  readonly steps: readonly PlanStep[]
  /** Whether some step is one-way; whether that is accepted is for the caller to ask. */
  readonly oneWay: boolean
  /** Firmware that must be fetched first; `step` counts from 0. */
  readonly missingFirmware: readonly {
    readonly step: number
    readonly load: string
    readonly why: string
  }[]
}

/** No plan. `code` is stable, kebab-case. */
export type PlanRefusal = {
  readonly kind: 'refused'
  readonly code: RefusalCode
  readonly reason: string
  readonly remedy: string
}

/** Why there is no plan. */
export type RefusalCode =
  | 'other-model'
  | 'to-not-a-load'
  | 'to-is-loader'
  | 'from-not-a-load'
  | 'mgcp'
  | 'below-5.0'
  | 'no-path'
  | 'from-unknown'

/**
 * Plans the way from a load to a load: a shortest path over the table of upgrade rules, through
 * the firmware available and, where that does not reach, through the recommended load of each step.
 *
 * @returns The plan, which may name missing firmware, or why there is none.
 */
export function planConversion(request: PlanRequest): ConversionPlan | PlanRefusal {
  if (request.model !== null && !isPhoneModel(request.model)) return otherModel(request.model)
  const goal = readEnd(request.to, 'to-not-a-load')
  if (goal.kind === 'refused') return goal
  if (goal.name.role === 'loader') return loaderIsNoGoal(goal.name)
  const hint = request.generation ?? null
  if (request.from === null) return planFromUnknown(request, goal.name, hint)
  const origin = readEnd(request.from, 'from-not-a-load')
  if (origin.kind === 'refused') return origin
  // The loader alone: it is on board, and whether an application is too is unknown.
  if (origin.name.role === 'loader') return planFromUnknown(request, goal.name, 'ual')
  return planFromKnown(request, origin.name, goal.name)
}

function readEnd(
  text: string,
  code: 'to-not-a-load' | 'from-not-a-load',
): { readonly kind: 'ok'; readonly name: FirmwareName } | PlanRefusal {
  const parsed = parseFirmwareName(text)
  if (parsed.kind === 'ok') return parsed.name.protocol === 'mgcp' ? mgcp(text) : parsed
  const { suggestion } = parsed
  const remedy = suggestion === null ? 'Check the name.' : `Did you mean ${suggestion}?`
  return refusal(code, `${text.slice(0, 64)} ${parsed.fault}`, remedy)
}

function mgcp(text: string): PlanRefusal {
  return refusal(
    'mgcp',
    `${text} is an MGCP load, and only SCCP and SIP are converted`,
    'Follow Cisco document 72029, "IP Phone Load Conversion from SIP to MGCP", by hand.',
  )
}

function otherModel(model: string): PlanRefusal {
  return refusal(
    'other-model',
    `${model.slice(0, 64)} is no ${family.either}, and its firmware is not interchangeable with theirs`,
    'Remove the phone; a 7941 and related models need their own firmware.',
  )
}

function loaderIsNoGoal(loader: FirmwareName): PlanRefusal {
  return refusal(
    'to-is-loader',
    `${loader.text} is the universal application loader, not a load that a phone stays on`,
    `Name the application of the set: P0S3${loader.text.slice(4)}.`,
  )
}

function refusal(code: RefusalCode, reason: string, remedy: string): PlanRefusal {
  return { kind: 'refused', code, reason, remedy }
}
