import { compareFirmwareNames, type FirmwareName, sameFirmware } from './firmware-name.ts'
import { legalStep, type PathEnds } from './legal-step.ts'
import type { UpgradeRule } from './upgrade-rules.ts'

/** A load on which a path may stop. */
export type PathNode = {
  readonly name: FirmwareName
  readonly available: boolean
  readonly recommended: boolean
}

/** One step of a route. */
export type RouteStep = { readonly node: PathNode; readonly rule: UpgradeRule }

/** A step that a phone has refused. */
export type RefusedEdge = { readonly from: FirmwareName; readonly to: FirmwareName }

/**
 * The cheapest path from an origin to a goal over the nodes: Dijkstra's algorithm over
 * the legal steps. Firmware that is not available is avoided before all else, then cost, then
 * nodes of the other protocol, then loads that no source recommends, older ones first.
 *
 * @param nodes - Where the path may stop, its goal among them.
 * @returns The steps in order, or undefined where there is no way.
 */
export function findRoute(
  ends: PathEnds,
  nodes: readonly PathNode[],
  refused: readonly RefusedEdge[],
): readonly RouteStep[] | undefined {
  const nodeCosts = nodeCostsOf(nodes, ends.goal)
  let here: Reached = { name: ends.origin, cost: 0, steps: [] }
  const open = new Map<PathNode, Reached>()
  const done = new Set<PathNode>()
  // Every turn closes one node, so this ends after as many turns as there are nodes.
  while (!sameFirmware(here.name, ends.goal)) {
    for (const node of nodes) {
      const next = done.has(node) ? undefined : advance(here, node, ends, refused)
      if (next !== undefined) reach(open, here, next, nodeCosts.get(node) as number)
    }
    const nearest = cheapest(open)
    if (nearest === undefined) return undefined
    open.delete(nearest.node)
    done.add(nearest.node)
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

/** Keeps a path to a node where none that costs as little is known. */
function reach(
  open: Map<PathNode, Reached>,
  here: Reached,
  next: RouteStep,
  nodeCost: number,
): void {
  const { node, rule } = next
  const cost = here.cost + rule.cost * STEP + nodeCost
  const known = open.get(node)
  if (known !== undefined && known.cost <= cost) return
  open.set(node, { name: node.name, cost, steps: [...here.steps, next] })
}

function advance(
  here: Reached,
  node: PathNode,
  ends: PathEnds,
  refused: readonly RefusedEdge[],
): RouteStep | undefined {
  if (
    refused.some(({ from, to }) => sameFirmware(from, here.name) && sameFirmware(to, node.name))
  ) {
    return undefined
  }
  const rule = legalStep(here.name, node.name, ends)
  return rule === undefined ? undefined : { node, rule }
}

/** What stopping at each node costs beside the step. */
function nodeCostsOf(
  nodes: readonly PathNode[],
  goal: FirmwareName,
): ReadonlyMap<PathNode, number> {
  const newestFirst = [...nodes].sort((a, b) => compareFirmwareNames(b.name, a.name))
  return new Map(
    newestFirst.map((node, rank) => {
      const missing = node.available ? 0 : NOT_AVAILABLE
      if (sameFirmware(node.name, goal)) return [node, missing]
      const detour = node.name.protocol === goal.protocol ? 0 : OTHER_PROTOCOL
      return [node, missing + detour + (node.recommended ? 0 : 1 + rank)]
    }),
  )
}

function cheapest(
  open: ReadonlyMap<PathNode, Reached>,
): { readonly node: PathNode; readonly reached: Reached } | undefined {
  let best: { readonly node: PathNode; readonly reached: Reached } | undefined
  for (const [node, reached] of open) {
    if (best === undefined || reached.cost < best.reached.cost) best = { node, reached }
  }
  return best
}
