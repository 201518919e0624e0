import type {
  ConversionPlan,
  GenerationHint,
  PlanRefusal,
  PlanRequest,
  PlanStep,
} from './conversion-plan.ts'
import { family } from './family/family.ts'
import { type FirmwareName, majorAsReported, sameFirmware } from './firmware-name.ts'
import { legalStep } from './legal-step.ts'
import { planFromKnown, toLoadName } from './plan-from-known.ts'

/**
 * Plans for a phone whose load is not known: the steps must be legal, by the same methods, from
 * every load that fits. A phone that already runs the load of a step just passes it.
 *
 * @param hint - What vendor class and first requests have told, null where nothing has.
 * @returns The plan with `from` null, or what has to be known first.
 */
export function planFromUnknown(
  request: PlanRequest,
  goal: FirmwareName,
  hint: GenerationHint | null,
): ConversionPlan | PlanRefusal {
  const candidates = candidatesOf(request, hint).filter((name) => !sameFirmware(name, goal))
  const plans: ConversionPlan[] = []
  let refused: PlanRefusal | null = null
  for (const candidate of candidates) {
    const plan = planFromKnown(request, candidate, goal)
    if (plan.kind === 'plan') plans.push(plan)
    else if (hint === 'ual') return plan
    else refused ??= plan
  }
  if (refused !== null) return mustBeKnown(plans, refused, hint)
  // The longest is the one that may hold for all: a phone that is further on passes its first steps.
  for (const plan of [...plans].sort((a, b) => b.steps.length - a.steps.length)) {
    const crossings = candidates.map((candidate) => walk(plan.steps, candidate, goal, request))
    if (crossings.includes(undefined)) continue
    const steps = plan.steps.map((step, index) => ({
      ...step,
      oneWay: crossings.some((oneWay) => oneWay?.[index]),
    }))
    return { ...plan, from: null, steps, oneWay: steps.some(({ oneWay }) => oneWay) }
  }
  return mustBeKnown(plans, null, hint)
}

const FITS: Readonly<Record<GenerationHint, (name: FirmwareName) => boolean>> = {
  'pre-ual': (name) => !name.ual,
  'pre-ual-sccp': (name) => !name.ual && name.protocol === 'sccp',
  'pre-ual-sip': (name) => !name.ual && name.protocol === 'sip',
  ual: (name) => name.ual,
}

/** Every load that the phone may run: those of public record, and those available. */
function candidatesOf(request: PlanRequest, hint: GenerationHint | null): readonly FirmwareName[] {
  const available = request.available === 'everything' ? [] : request.available
  const names = [...new Set([...family.loads.known.map(({ load }) => load), ...available])].flatMap(
    toLoadName,
  )
  const fitting = hint === null ? names : names.filter(FITS[hint])
  const { release = null } = request
  if (release === null) return fitting
  const reported = majorAsReported(release.protocol, release.major)
  const ofRelease = fitting.filter(
    ({ protocol, major }) =>
      protocol === release.protocol && majorAsReported(protocol, major) === reported,
  )
  // An unknown release narrows nothing.
  return ofRelease.length > 0 ? ofRelease : fitting
}

/** Which of the steps are one-way for a phone that runs `name`; undefined where one is illegal. */
function walk(
  steps: readonly PlanStep[],
  name: FirmwareName,
  goal: FirmwareName,
  request: PlanRequest,
): readonly boolean[] | undefined {
  const ends = { origin: name, goal, path: request.path }
  const oneWay: boolean[] = []
  let here = name
  for (const step of steps) {
    const [next] = toLoadName(step.load) as [FirmwareName]
    const rule = legalStep(here, next, ends)
    if (!sameFirmware(here, next) && rule?.method !== step.method) return undefined
    oneWay.push(!here.signed && next.signed)
    here = next
  }
  return oneWay
}

/** So many ways are told of a phone that has shown something. */
const MOST_TOLD = 3

/**
 * What has to be known first: every way that there is, with the loads that it is for. The way of most
 * loads of public record comes first; nothing better tells which loads are common.
 */
function mustBeKnown(
  plans: readonly ConversionPlan[],
  refused: PlanRefusal | null,
  hint: GenerationHint | null,
): PlanRefusal {
  const origins = plans.map(originOf)
  const ways = [...new Set(plans.map(waysOf))]
    .map((way) => ({ way, of: plans.filter((plan) => waysOf(plan) === way) }))
    .sort((a, b) => b.of.length - a.of.length)
    .map(({ way, of }) => `from ${rangesOf(of, origins)} by ${way}`)
  // A phone that has shown something is in the log, where the whole table would be too much.
  const told = hint === null ? ways : ways.slice(0, MOST_TOLD)
  if (ways.length > told.length) told.push(`${ways.length - told.length} more from other loads`)
  if (refused !== null) told.push(refused.reason)
  const boot = hint === null ? ', or let it boot here once so that its first requests tell' : ''
  return {
    kind: 'refused',
    code: 'from-unknown',
    reason: `the way depends on the load that the phone runs: ${told.join('; ')}`,
    remedy: `Read Settings > Status > Firmware Versions at the phone and give that load as "from"${boot}.`,
  }
}

/** The loads of these plans: `P00305000101 to P00308000500` where all in between are among them. */
function rangesOf(plans: readonly ConversionPlan[], origins: readonly string[]): string {
  const ranges: { readonly first: string; last: string }[] = []
  let lastPlace = -2
  for (const load of plans.map(originOf)) {
    const place = origins.indexOf(load)
    const range = ranges.at(-1)
    if (range !== undefined && place === lastPlace + 1 && isSameProtocol(range.first, load)) {
      range.last = load
    } else ranges.push({ first: load, last: load })
    lastPlace = place
  }
  return ranges
    .map(({ first, last }) => (first === last ? first : `${first} to ${last}`))
    .join(', ')
}

function isSameProtocol(a: string, b: string): boolean {
  const [one, other] = [toLoadName(a), toLoadName(b)]
  return one[0]?.protocol === other[0]?.protocol
}

/** Each of these plans begins at a load of public record, and so names it. */
function originOf({ from }: ConversionPlan): string {
  return from as string
}

function waysOf(plan: ConversionPlan): string {
  return plan.steps.map(({ load }) => load).join(', ')
}
