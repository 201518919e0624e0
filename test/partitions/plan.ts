import type { PseudoRandom } from '../../src/simulator/pseudo-random.ts'
import type { Timing } from './appliance.ts'
import type { Fault } from './faults.ts'

/** What happens in a round, drawn before it begins. */
export type PlannedFault = {
  readonly fault: Fault
  /** After the load has begun, in milliseconds. */
  readonly afterMs: number
  readonly holdMs: number
}

/** One round in so many has two faults at once. */
const PAIR_ONE_IN = 4

/**
 * Draws the faults of a run: the same seed draws the same ones. Each fault comes once before any
 * comes again, so that a short run has all of them.
 */
export function planRounds(
  rounds: number,
  faults: readonly Fault[],
  chance: PseudoRandom,
  timing: Timing,
): readonly (readonly PlannedFault[])[] {
  let waiting: Fault[] = []
  const next = (): Fault => {
    if (waiting.length === 0) waiting = [...faults]
    const [drawn] = waiting.splice(chance.below(waiting.length), 1)
    if (drawn === undefined) throw new Error('there is no fault to draw')
    return drawn
  }
  const planned = (fault: Fault): PlannedFault => ({
    fault,
    afterMs: 200 + chance.below(500),
    holdMs: fault.draw(chance, timing),
  })
  return Array.from({ length: rounds }, () => {
    const first = planned(next())
    if (faults.length === 1 || chance.below(PAIR_ONE_IN) > 0) return [first]
    const second = planned(next())
    const areBoth = [first, second].every(({ fault }) => fault.isOfDatabase === true)
    if (!areBoth) return [first, second]
    waiting.push(second.fault)
    return [first]
  })
}
