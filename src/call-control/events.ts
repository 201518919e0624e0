import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'

/**
 * What call control tells the world. Each name is stable.
 *
 * - `phone.registered`: a phone registered that was not, or with another protocol or version: its
 *   application runs. A refresh is no event.
 * - `phone.unregistered`: it said so, ended its session, or has not come again in time. A phone that
 *   restarts does that; one that stays away is off or has lost its network.
 * - `phone.registration.loop`: it registered more than three times within five minutes. It is not
 *   restarted from here any more until that is over: look at its display.
 */
export type CallControlEvent =
  | {
      readonly event: 'phone.registered'
      readonly mac: Mac
      readonly protocol: 'sip' | 'sccp'
      readonly version: string | null
      readonly load: string | null
      readonly userAgent: string | null
      readonly address: Ipv4
      readonly lastReset: string | null
    }
  | {
      readonly event: 'phone.unregistered'
      readonly mac: Mac
      readonly protocol: 'sip' | 'sccp'
      readonly reason: UnregisterReason
    }
  | {
      readonly event: 'phone.registration.loop'
      readonly mac: Mac
      readonly registrations: number
      readonly withinSeconds: number
    }

/** Why a registration ended: `replaced` by one with the other protocol. */
export type UnregisterReason = 'asked' | 'expired' | 'session-ended' | 'replaced'
