import type { Conversion } from './conversion.ts'

/**
 * The load that a phone runs, as far as a conversion has proved it: that of the last confirmed
 * step, else the one that it started from. Null where neither is known.
 */
export function currentLoad(conversion: Conversion): string | null {
  return conversion.steps[conversion.step - 1]?.load ?? conversion.from
}
