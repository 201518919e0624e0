import { compareFirmwareNames, type FirmwareName, sameFirmware } from './firmware-name.ts'
import { type Journey, legalStep } from './legal-step.ts'
import type { UpgradeRule } from './upgrade-rules.ts'

/** A load that a journey may stop at. */
export type Stop = {
  readonly name: FirmwareName
  readonly available: boolean
  readonly recommended: boolean
}

/** One step of a route. */
export type RouteStep = { readonly stop: Stop; readonly rule: UpgradeRule }

/** A hop that a phone has refused. */
export type Hop = { readonly from: FirmwareName; readonly to: FirmwareName }

/**
 * The cheapest way from a journey's origin to its goal over the stops: Dijkstra's algorithm over
 * the legal steps. Firmware that is not available is avoided before all else, then cost, then
 * stops on the other protocol, then loads that no source recommends, older ones first.
 *
 * @param stops - Where the journey may stop, its goal among them.
 * @returns The steps in order, or undefined where there is no way.
 */
export function findRoute(
  journey: Journey,
  stops: readonly Stop[],
  refused: readonly Hop[],
): readonly RouteStep[] | undefined {
  const tolls = tollsOf(stops, journey.goal)
  let here: Reached = { name: journey.origin, cost: 0, steps: [] }
  const open = new Map<Stop, Reached>()
  const done = new Set<Stop>()
  // Every turn closes one stop, so this ends after as many turns as there are stops.
  while (!sameFirmware(here.name, journey.goal)) {
    for (const stop of stops) {
      const next = done.has(stop) ? undefined : advance(here, stop, journey, refused)
      if (next !== undefined) reach(open, here, next, tolls.get(stop) as number)
    }
    const nearest = cheapest(open)
    if (nearest === undefined) return undefined
    open.delete(nearest.stop)
    done.add(nearest.stop)
    here = nearest.reached
  }
  return here.steps
}

type Reached = {
  readonly name: FirmwareName
  readonly cost: number
  readonly steps: readonly RouteStep[]
}

const STEP = 100_000
const OTHER_PROTOCOL = 1_000
const NOT_AVAILABLE = 100 * STEP

/** Keeps a way to a stop where none that costs as little is known. */
function reach(open: Map<Stop, Reached>, here: Reached, next: RouteStep, toll: number): void {
  const { stop, rule } = next
  const cost = here.cost + rule.cost * STEP + toll
  const known = open.get(stop)
  if (known !== undefined && known.cost <= cost) return
  open.set(stop, { name: stop.name, cost, steps: [...here.steps, next] })
}

function advance(
  here: Reached,
  stop: Stop,
  journey: Journey,
  refused: readonly Hop[],
): RouteStep | undefined {
  if (
    refused.some(({ from, to }) => sameFirmware(from, here.name) && sameFirmware(to, stop.name))
  ) {
    return undefined
  }
  const rule = legalStep(here.name, stop.name, journey)
  return rule === undefined ? undefined : { stop, rule }
}

/** What stopping at each stop costs beside the step. */
function tollsOf(stops: readonly Stop[], goal: FirmwareName): ReadonlyMap<Stop, number> {
  const newestFirst = [...stops].sort((a, b) => compareFirmwareNames(b.name, a.name))
  return new Map(
    newestFirst.map((stop, rank) => {
      const missing = stop.available ? 0 : NOT_AVAILABLE
      if (sameFirmware(stop.name, goal)) return [stop, missing]
      const detour = stop.name.protocol === goal.protocol ? 0 : OTHER_PROTOCOL
      return [stop, missing + detour + (stop.recommended ? 0 : 1 + rank)]
    }),
  )
}

function cheapest(
  open: ReadonlyMap<Stop, Reached>,
): { readonly stop: Stop; readonly reached: Reached } | undefined {
  let best: { readonly stop: Stop; readonly reached: Reached } | undefined
  for (const [stop, reached] of open) {
    if (best === undefined || reached.cost < best.reached.cost) best = { stop, reached }
  }
  return best
}
