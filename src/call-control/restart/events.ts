import type { Mac } from '../../net/mac.ts'
import type { RestartMethodName } from './method.ts'

/** Who decided that a phone is restarted. */
export type RestartReason = 'by-hand' | 'conversion'

/** What showed that a phone has restarted. */
export type RestartSighting =
  /** A DISCOVER, or a REQUEST in INIT-REBOOT. */
  | { readonly kind: 'dhcp-start' }
  /** It began to ask for its files from the first one. */
  | { readonly kind: 'file-requests' }
  /** An SCCP Alarm, by the number that says why the phone started. */
  | { readonly kind: 'alarm'; readonly code: number }

/**
 * What restarts tell the world. Each name is stable.
 *
 * - `phone.restart.sent`: the order has left by this method. Whether the phone obeys is told by the
 *   next event of the method, within 130 s.
 * - `phone.restart.seen`: the phone has started after it: `by` says what was seen.
 * - `phone.restart.failed`: the order did not leave, or no restart was seen. `reason` says why; in an
 *   automatic chain the next method follows.
 * - `phone.restart.ended`: the chain is over, within 6 minutes of its beginning. After `failed` the phone
 *   has to be restarted by hand.
 */
export type RestartEvent =
  | {
      readonly event: 'phone.restart.sent'
      readonly mac: Mac
      readonly method: RestartMethodName
      readonly why: RestartReason
    }
  | {
      readonly event: 'phone.restart.seen'
      readonly mac: Mac
      readonly method: RestartMethodName
      readonly by: RestartSighting['kind']
      /** The number of the Alarm; null where something else was seen. */
      readonly resetCode: number | null
      readonly seconds: number
    }
  | {
      readonly event: 'phone.restart.failed'
      readonly mac: Mac
      readonly method: RestartMethodName
      readonly reason: string
    }
  | {
      readonly event: 'phone.restart.ended'
      readonly mac: Mac
      readonly outcome: 'seen' | 'failed'
      readonly methods: readonly RestartMethodName[]
      readonly why: RestartReason
    }
