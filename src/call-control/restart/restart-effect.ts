import type { Mac } from '../../net/mac.ts'
import type { RestartEvent } from './events.ts'
import type { RestartMethodName, RestartTarget } from './method.ts'

/** What the owner of the restart engine must do, in order. */
export type RestartEffect =
  /** Begin this attempt; its outcome comes back by `onSent`. */
  | {
      readonly kind: 'send'
      readonly attempt: number
      readonly method: RestartMethodName
      readonly target: RestartTarget
    }
  /** Abort the signal of this attempt. Its outcome no longer matters. */
  | { readonly kind: 'abort'; readonly attempt: number }
  | { readonly kind: 'event'; readonly event: RestartEvent; readonly atMs: number }
  /** Call `onWake` at this time, or earlier. */
  | { readonly kind: 'wake'; readonly atMs: number }
  /** The chain of this phone is over. */
  | { readonly kind: 'ended'; readonly mac: Mac; readonly outcome: 'seen' | 'failed' }
