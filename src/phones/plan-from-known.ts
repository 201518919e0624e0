import type { ConversionPlan, PlanRefusal, PlanRequest } from './conversion-plan.ts'
import { family } from './family/family.ts'
import { type FirmwareName, parseFirmwareName, sameFirmware } from './firmware-name.ts'
import { findRoute, type Hop, type RouteStep, type Stop } from './plan-route.ts'

/** Plans from one load. Both ends are loads of a 7940 or 7960, SCCP or SIP. */
export function planFromKnown(
  request: PlanRequest,
  origin: FirmwareName,
  goal: FirmwareName,
): ConversionPlan | PlanRefusal {
  if (origin.signed && !goal.signed) return belowFive(origin, goal)
  const { path } = request
  const route = findRoute({ origin, goal, path }, stopsOf(request, goal), hopsOf(request))
  if (route === undefined) return noPath(origin, goal)
  return {
    kind: 'plan',
    from: origin.text,
    to: goal.text,
    path,
    steps: route.map(({ stop, rule }) => ({
      load: stop.name.text,
      method: rule.method,
      oneWay: rule.oneWay,
      why: rule.why,
      source: rule.source,
    })),
    oneWay: route.some(({ rule }) => rule.oneWay),
    missingFirmware: missingOf(route),
  }
}

/** A load as a step; empty if the name is no load, as of a loader or of another model. */
export function toRung(load: string): readonly FirmwareName[] {
  const parsed = parseFirmwareName(load)
  return parsed.kind === 'ok' && parsed.name.role === 'load' ? [parsed.name] : []
}

/** Where a journey may stop: its goal, the loads available, and the recommended ones. */
function stopsOf(request: PlanRequest, goal: FirmwareName): readonly Stop[] {
  const everything = request.available === 'everything'
  const available = request.available === 'everything' ? [] : request.available.flatMap(toRung)
  const recommended = family.loads.recommended.flatMap(({ load }) => toRung(load))
  const stops: Stop[] = []
  // Loads available come first, so that a step names the spelling under which its set is stored.
  for (const name of [...available, goal, ...recommended]) {
    if (stops.some((stop) => sameFirmware(stop.name, name))) continue
    stops.push({
      name,
      available: everything || available.some((held) => sameFirmware(held, name)),
      recommended: recommended.some((advised) => sameFirmware(advised, name)),
    })
  }
  return stops
}

function hopsOf(request: PlanRequest): readonly Hop[] {
  return (request.refused ?? []).flatMap((hop) =>
    toRung(hop.from).flatMap((from) => toRung(hop.to).map((to) => ({ from, to }))),
  )
}

function missingOf(route: readonly RouteStep[]): ConversionPlan['missingFirmware'] {
  return route.flatMap(({ stop }, step) => {
    if (stop.available) return []
    const load = stop.name.text
    const advice = family.loads.recommended.find((recommended) => recommended.load === load)
    return [{ step, load, why: advice?.why ?? 'the target itself' }]
  })
}

function belowFive(origin: FirmwareName, goal: FirmwareName): PlanRefusal {
  return {
    kind: 'refused',
    code: 'below-5.0',
    reason:
      `${origin.text} accepts signed images alone, and ${goal.text} (${goal.release}) is ` +
      'unsigned: there is no way back below 5.0',
    remedy:
      'Choose a target of release 5.0 or later (Cisco document 5455, "Enable SIP Functionality").',
  }
}

function noPath(origin: FirmwareName, goal: FirmwareName): PlanRefusal {
  return {
    kind: 'refused',
    code: 'no-path',
    reason: `no documented step leads from ${origin.text} to ${goal.text}`,
    remedy: 'Try the other path (cautious or direct), or another target.',
  }
}
