import type { ConversionPlan, PlanRefusal, PlanRequest } from './conversion-plan.ts'
import { family } from './family/family.ts'
import { type FirmwareName, parseFirmwareName, sameFirmware } from './firmware-name.ts'
import { findRoute, type PathNode, type RefusedEdge, type RouteStep } from './plan-route.ts'

/** Plans from one load. Both ends are loads of a 7940 or 7960, SCCP or SIP. */
export function planFromKnown(
  request: PlanRequest,
  origin: FirmwareName,
  goal: FirmwareName,
): ConversionPlan | PlanRefusal {
  if (origin.signed && !goal.signed) return belowFive(origin, goal)
  const { path } = request
  const route = findRoute({ origin, goal, path }, nodesOf(request, goal), refusedEdges(request))
  if (route === undefined) return noPath(origin, goal)
  return {
    kind: 'plan',
    from: origin.text,
    to: goal.text,
    path,
    steps: route.map(({ node, rule }) => ({
      load: node.name.text,
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
export function toLoadName(load: string): readonly FirmwareName[] {
  const parsed = parseFirmwareName(load)
  return parsed.kind === 'ok' && parsed.name.role === 'load' ? [parsed.name] : []
}

/** Where a path may stop: its goal, the loads available, and the recommended ones. */
function nodesOf(request: PlanRequest, goal: FirmwareName): readonly PathNode[] {
  const everything = request.available === 'everything'
  const available = request.available === 'everything' ? [] : request.available.flatMap(toLoadName)
  const recommended = family.loads.recommended.flatMap(({ load }) => toLoadName(load))
  const nodes: PathNode[] = []
  // Loads available come first, so that a step names the spelling under which its set is stored.
  for (const name of [...available, goal, ...recommended]) {
    if (nodes.some((node) => sameFirmware(node.name, name))) continue
    nodes.push({
      name,
      available: everything || available.some((held) => sameFirmware(held, name)),
      recommended: recommended.some((advised) => sameFirmware(advised, name)),
    })
  }
  return nodes
}

function refusedEdges(request: PlanRequest): readonly RefusedEdge[] {
  return (request.refused ?? []).flatMap((edge) =>
    toLoadName(edge.from).flatMap((from) => toLoadName(edge.to).map((to) => ({ from, to }))),
  )
}

function missingOf(route: readonly RouteStep[]): ConversionPlan['missingFirmware'] {
  return route.flatMap(({ node }, step) => {
    if (node.available) return []
    const load = node.name.text
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
