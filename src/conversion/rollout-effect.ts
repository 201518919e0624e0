import type { Mac } from '../net/mac.ts'
import type { Rollout } from './rollout.ts'
import type { RolloutEvent } from './rollout-events.ts'

/** What the outside must do for roll-outs, in order. */
export type RolloutEffect =
  /** Store it, and show it to whoever watches. */
  | { readonly kind: 'rollout-changed'; readonly rollout: Rollout }
  /** Forget it. */
  | { readonly kind: 'rollout-deleted'; readonly id: string }
  | { readonly kind: 'note'; readonly event: RolloutEvent }
  /** Call `onWake` at this time, or earlier. */
  | { readonly kind: 'wake'; readonly atMs: number }

/** What one roll-out wants done: the same, and conversions begun and ended. */
export type RolloutStep =
  | RolloutEffect
  /** To be answered by `onStarted`. */
  | { readonly kind: 'start-conversion'; readonly mac: Mac }
  | { readonly kind: 'cancel-conversion'; readonly mac: Mac }
