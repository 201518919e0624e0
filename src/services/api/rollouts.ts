import type { LoadedRollouts } from '../conversions/load-rollouts.ts'
import type { RolloutService } from '../services.ts'

/** What the roll-out service is joined of. */
export type RolloutServiceParts = Pick<LoadedRollouts, 'desk' | 'runner' | 'changes'> & {
  /** Resolves when others have what was stored here. Left out: there are none. */
  readonly sent?: () => Promise<void>
}

/** Roll-outs, as the API asks. An answer is given when it would survive a crash. */
export function rolloutService(
  { desk, runner, changes, sent }: RolloutServiceParts,
  nowMs: () => number,
): RolloutService {
  const whenSaved = async <Outcome>(outcome: Outcome): Promise<Outcome> => {
    await runner.saved()
    await sent?.()
    return outcome
  }
  return {
    list: () => desk.list(),
    get: (id) => desk.get(id),
    start: (id, wish) => whenSaved(desk.start(id, wish, nowMs())),
    steer: (id, wish) => whenSaved(desk.steer(id, wish, nowMs())),
    delete: (id) => whenSaved(desk.delete(id)),
    subscribe: (id, listener) => changes.subscribe(id, listener),
  }
}
