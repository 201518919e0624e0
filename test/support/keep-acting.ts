import { setTimeout as pause } from 'node:timers/promises'
import type { PseudoRandom } from '../../src/simulator/pseudo-random.ts'

/** How a client acts under a load. */
export type Acting = {
  readonly chance: PseudoRandom
  /** Milliseconds that a pause takes at most. */
  readonly idleMs: number
  readonly isOver: () => boolean
}

/** Does something again and again, each time after a pause that is drawn, until it is over. */
export async function keepActing(
  act: () => Promise<void>,
  { chance, idleMs, isOver }: Acting,
): Promise<void> {
  while (!isOver()) {
    await pause(chance.below(idleMs))
    if (!isOver()) await act()
  }
}
