import type { Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'

/**
 * The ways to restart a phone, in the order in which they are tried: from the gentlest, which the
 * phone itself carries out, to the one that only its operator understands.
 */
export const RESTART_METHODS = ['sccp', 'notify', 'telnet', 'poe', 'command'] as const

/** One of the ways to restart a phone. */
export type RestartMethodName = (typeof RESTART_METHODS)[number]

/** What a restart is addressed to: a snapshot of what is known of the phone when the method starts. */
export type RestartTarget = {
  readonly mac: Mac
  /** Where the phone is; null where that is not known. `sccp`, `notify` and `telnet` always have it. */
  readonly address: Ipv4 | null
  /** `<switch>/<port>` or `<switch>/<group>.<port>` as the phone or its network has it. `poe` always has it. */
  readonly switchPort: string | null
  /** `telnet_level` (1 or 2) and `phone_password` as last served to the phone. `telnet` always has it. */
  readonly telnet: { readonly level: number; readonly password: string } | null
}

/** What came of one attempt to send. It says nothing about whether the phone restarted. */
export type SendOutcome =
  | { readonly kind: 'sent' }
  /** `reason` is a sentence without a secret, for events, log and page. */
  | { readonly kind: 'failed'; readonly reason: string }

/**
 * One way to restart a phone: a port, implemented by adapters.
 *
 * `send` makes one attempt and resolves once the order has left or has failed. It repeats nothing but
 * what its protocol repeats. It does not wait for the phone to come back: the caller watches for that.
 * A rejection counts as failed, with the message as its reason.
 */
export interface RestartMethod {
  readonly name: RestartMethodName
  /**
   * @param signal - Aborted when time is up (at most 130 s after the call), when the phone is deleted
   *   or when the appliance stops. What was begun is then brought into a safe state (a port that was
   *   switched off is switched on again) and the promise settles soon.
   */
  send(target: RestartTarget, signal: AbortSignal): Promise<SendOutcome>
}
