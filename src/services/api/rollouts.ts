import type { LoadedRollouts } from '../conversions/load-rollouts.ts'
import type { RolloutService } from '../services.ts'

/** What the roll-out service needs. */
export type RolloutServiceParts = Pick<LoadedRollouts, 'engine' | 'runner' | 'changes'> & {
  /** Resolves when others have what was stored here. Left out: there are none. */
  readonly sent?: () => Promise<void>
}

/** Roll-outs, as the API asks. An answer is given when it would survive a crash. */
export function rolloutService(
  { engine, runner, changes, sent }: RolloutServiceParts,
  nowMs: () => number,
): RolloutService {
  const whenSaved = async <Outcome>(outcome: Outcome): Promise<Outcome> => {
    await runner.saved()
    await sent?.()
    return outcome
  }
  return {
    list: () => engine.list(),
    get: (id) => engine.get(id),
    start: (id, request) => whenSaved(engine.start(id, request, nowMs())),
    change: (id, request) => whenSaved(engine.change(id, request, nowMs())),
    delete: (id) => whenSaved(engine.delete(id)),
    subscribe: (id, listener) => changes.subscribe(id, listener),
  }
}
