import type { HealthService } from '../src/adapters/http/services.ts'

/** One thing that must be so for the appliance to do its work. */
export type Check = ReturnType<HealthService['checks']>[number]

/**
 * What `/readyz` asks: every check is read when it is asked for, so that it tells of now and not
 * of the start.
 */
export function readiness(checks: readonly (() => Check)[]): HealthService {
  return { checks: () => checks.map((check) => check()) }
}
