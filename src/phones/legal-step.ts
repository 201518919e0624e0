import { family } from './family/family.ts'
import type { FirmwareName } from './firmware-name.ts'
import {
  type PlanPath,
  type ReleaseRange,
  releaseNumber,
  type UpgradeRule,
} from './upgrade-rules.ts'

/** The ends of a whole path, on which some rules depend. */
export type PathEnds = {
  readonly origin: FirmwareName
  readonly goal: FirmwareName
  readonly path: PlanPath
}

/** The rule that allows a step, or undefined where none does. No two rules allow the same step. */
export function legalStep(
  from: FirmwareName,
  to: FirmwareName,
  ends: PathEnds,
): UpgradeRule | undefined {
  return family.upgradeRules.find((rule) => allows(rule, from, to, ends))
}

/** Whether a load lies in a range of releases. A loader lies in none. */
export function isInRange(name: FirmwareName, range: ReleaseRange): boolean {
  if (name.protocol !== range.protocol || name.role === 'loader') return false
  const release = releaseNumber(name.major, name.minor)
  return release >= range.atLeast && release < range.below
}

function allows(rule: UpgradeRule, from: FirmwareName, to: FirmwareName, ends: PathEnds) {
  const { direction, eightThree, origin, goal } = rule.when
  return (
    (rule.path === 'both' || rule.path === ends.path) &&
    isInRange(from, rule.from) &&
    isInRange(to, rule.to) &&
    (direction === undefined || direction === directionOf(from, to)) &&
    (eightThree === undefined || to.eightThree === eightThree) &&
    (origin === undefined || isInRange(ends.origin, origin)) &&
    (goal === undefined || isInRange(ends.goal, goal))
  )
}

function directionOf(from: FirmwareName, to: FirmwareName): 'up' | 'down' {
  const before = releaseNumber(from.major, from.minor)
  return releaseNumber(to.major, to.minor) < before ? 'down' : 'up'
}
