import { planConversion } from '../phones/conversion-plan.ts'
import type { Conversion } from './conversion.ts'

/**
 * The load that a phone runs, as far as a conversion has proved it: that of the last confirmed
 * step, else the one that it started from. Null where neither is known.
 */
export function currentLoad(conversion: Conversion): string | null {
  return conversion.steps[conversion.step - 1]?.load ?? conversion.from
}

/** The way back to the load that a conversion began with. */
export type Rollback = {
  /** To be given as `to` of another conversion. */
  readonly to: string
  readonly possible: boolean
  /** Why not, or what it takes; null where it only has to be asked for. */
  readonly reason: string | null
}

/**
 * Whether a phone can go back to where its conversion began: by the same rules as any other
 * conversion, with that load as target.
 *
 * @returns null if it is unknown what it ran, or if it still runs that.
 */
export function findRollback(
  conversion: Conversion,
  firmwareLoads: readonly string[],
): Rollback | null {
  const { from: to, path } = conversion
  const running = currentLoad(conversion)
  if (to === null || running === null || running === to) return null
  const plan = planConversion({ model: null, from: running, to, path, available: firmwareLoads })
  if (plan.kind === 'refused') return { to, possible: false, reason: plan.reason }
  const missing = plan.missingFirmware.map(({ load }) => load)
  if (missing.length > 0) {
    const reason = `firmware is not available: ${missing.join(', ')}`
    return { to, possible: false, reason }
  }
  const reason = plan.oneWay ? 'a step on this way is one-way: "acceptOneWay": true' : null
  return { to, possible: true, reason }
}
