import type { HealthCheck, HealthProblem, HealthService } from './services.ts'

/** What a look at one part of the appliance found; without problems the part does its work. */
export type Finding = {
  /** Stable name of the check. */
  readonly name: string
  /** In words, where all is well. */
  readonly detail: string
  readonly problems: readonly Omit<HealthProblem, 'name'>[]
  /** What does not keep phones from being served, and should be known. */
  readonly warnings?: readonly string[]
  /** Of the look at shared networks alone. */
  readonly ownership?: 'owner' | 'standby'
}

/** Looks at one part as it is now. */
export type Look = () => Finding | Promise<Finding>

/** What was seen is told for so long, in milliseconds: who floods `/readyz` costs a look a second. */
const FRESH_MS = 1_000

/**
 * What `/readyz` asks: every part is looked at when it is asked for, so that it tells of now and not
 * of the start. Those who ask within a second share one look.
 *
 * @param clockMs - Milliseconds of a clock that never steps.
 */
export function readiness(looks: readonly Look[], clockMs: () => number): HealthService {
  let last: { readonly atMs: number; readonly report: ReturnType<typeof reportOf> } | null = null
  return {
    report: () => {
      const atMs = clockMs()
      if (last === null || atMs - last.atMs >= FRESH_MS) last = { atMs, report: reportOf(looks) }
      return last.report
    },
  }
}

async function reportOf(looks: readonly Look[]): ReturnType<HealthService['report']> {
  const findings = await Promise.all(looks.map((look) => look()))
  const ownership = findings.flatMap((finding) => finding.ownership ?? [])[0]
  return {
    checks: findings.map(checkOf),
    warnings: findings.flatMap(({ warnings = [] }) => warnings),
    ...(ownership === undefined ? {} : { ownership }),
    problems: findings.flatMap(({ name, problems }) =>
      problems.map((problem) => ({ name, ...problem })),
    ),
  }
}

function checkOf({ name, detail, problems }: Finding): HealthCheck {
  if (problems.length === 0) return { name, ok: true, detail }
  return { name, ok: false, detail: problems.map(({ message }) => message).join('; ') }
}
