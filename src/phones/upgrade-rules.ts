import type { StepMethod } from './conversion-plan.ts'

/**
 * Releases of one protocol: `atLeast` and later, before `below`. Both are release numbers, as
 * `releaseNumber` makes them.
 */
export type ReleaseRange = {
  readonly protocol: 'sccp' | 'sip'
  readonly atLeast: number
  readonly below: number
}

/** How a path is planned: by the stricter Cisco CME guide, or as Cisco document 5455 has it. */
export type PlanPath = 'cautious' | 'direct'

/** One legal step, or one family of them. */
export type UpgradeRule = {
  readonly id: string
  readonly path: PlanPath | 'both'
  readonly from: ReleaseRange
  readonly to: ReleaseRange
  readonly method: StepMethod
  /** The step crosses from unsigned to signed images; nothing leads back below 5.0. */
  readonly oneWay: boolean
  /** 1 is a plain step; more makes the planner look for a longer and safer way. */
  readonly cost: number
  /** What else must hold; everything that is left out may be anything. */
  readonly when: {
    /** Compares major and minor release; one release's maintenance levels are not `down`. */
    readonly direction?: 'up' | 'down'
    /** Whether the name of the new load has eight characters at most. */
    readonly eightThree?: boolean
    /** Where the path as a whole began. */
    readonly origin?: ReleaseRange
    /** Where the path as a whole ends. */
    readonly goal?: ReleaseRange
  }
  /** In words for an operator. */
  readonly why: string
  readonly source: string
}

/** A load to use where no suitable one is available: the one that the sources themselves use. */
export type RecommendedLoad = { readonly load: string; readonly why: string }

/** A release as a number that sorts: 603 for 6.3. Minor releases have two digits at most. */
export function releaseNumber(major: number, minor: number): number {
  return major * 100 + minor
}
