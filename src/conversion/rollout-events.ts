import type { Mac } from '../net/mac.ts'
import type { Rollout, RolloutPhoneState } from './rollout.ts'

/** What the outside must do for roll-outs, in order. */
export type RolloutEffect =
  /** Store it, and show it to its subscribers. */
  | { readonly kind: 'rollout-changed'; readonly rollout: Rollout }
  /** Forget it. */
  | { readonly kind: 'rollout-deleted'; readonly id: string }
  | { readonly kind: 'event'; readonly event: RolloutEvent }
  /** Call `onWake` at this time, or earlier. */
  | { readonly kind: 'wake'; readonly atMs: number }

/** What one roll-out wants done: the same, and conversions begun and ended. */
export type RolloutStep =
  | RolloutEffect
  /** To be answered by `onStarted`. */
  | { readonly kind: 'start-conversion'; readonly mac: Mac }
  | { readonly kind: 'cancel-conversion'; readonly mac: Mac }

/**
 * What roll-outs tell the world. Each name is stable.
 *
 * - `rollout.started`: an operator began it. Its canaries are waiting to be power-cycled.
 * - `rollout.phone.changed`: a phone of it has moved on. For watching.
 * - `rollout.canaries.confirmed`: every canary runs the target; the others follow.
 * - `rollout.paused`, `rollout.resumed`: an operator paused or resumed it. Phones under way
 *   are not touched by either.
 * - `rollout.stopped`: an operator ended it, a canary failed, or too many phones did: `reason`
 *   says which. Look at the phones that failed, fix the cause, and start another with the remaining phones.
 * - `rollout.finished`: every phone has come to an end; `failed` and `absent` are to be looked at.
 * - `rollout.deleted`: an operator deleted it.
 * - `rollout.taken`: the appliance that drove it, `from`, was not heard of any more; this one goes on.
 */
export type RolloutEvent =
  | {
      readonly event: 'rollout.started'
      readonly rollout: string
      readonly to: string
      readonly phones: number
      readonly canaries: number
    }
  | {
      readonly event: 'rollout.phone.changed'
      readonly rollout: string
      readonly mac: Mac
      readonly state: RolloutPhoneState
      readonly reason: string | null
    }
  | { readonly event: 'rollout.canaries.confirmed'; readonly rollout: string }
  | { readonly event: 'rollout.paused'; readonly rollout: string }
  | { readonly event: 'rollout.resumed'; readonly rollout: string }
  | { readonly event: 'rollout.stopped'; readonly rollout: string; readonly reason: string }
  | {
      readonly event: 'rollout.finished'
      readonly rollout: string
      readonly confirmed: number
      readonly failed: number
      readonly absent: number
    }
  | { readonly event: 'rollout.deleted'; readonly rollout: string }
  | { readonly event: 'rollout.taken'; readonly rollout: string; readonly from: string }
