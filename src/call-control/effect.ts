import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import type { CallControlEvent } from './events.ts'
import type { Registration } from './registration.ts'

/** What follows from a change of registrations. */
export type RegistrationEffect =
  | { readonly kind: 'event'; readonly event: CallControlEvent; readonly atMs: number }
  /** To be stored; null takes it away. */
  | {
      readonly kind: 'store'
      readonly mac: Mac
      readonly registration: Registration | null
      /** Only the end of its lifetime has changed. */
      readonly isRefresh: boolean
    }
  /** The phone said what it runs: each REGISTER and each Register, repeated ones too. */
  | {
      readonly kind: 'evidence'
      readonly mac: Mac
      readonly protocol: 'sip' | 'sccp'
      readonly version: string | null
      readonly load: string | null
      readonly atMs: number
    }

/** A message that changed nothing, and why. To be counted, not to be told one by one. */
export type Refusal = {
  readonly kind: 'refused'
  readonly address: Ipv4
  readonly reason:
    | 'malformed'
    | 'other-phone'
    | 'no-mac'
    | 'contact-elsewhere'
    | 'too-many-sessions'
    | 'not-registered-in-time'
    | 'silent'
}

/** What the SIP registrar wants done. */
export type SipEffect =
  | RegistrationEffect
  | Refusal
  | {
      readonly kind: 'send-datagram'
      readonly bytes: Uint8Array
      /** Our address to send from. */
      readonly local: Ipv4
      readonly client: Ipv4
      readonly clientPort: number
    }
  | { readonly kind: 'notify-ended'; readonly mac: Mac; readonly outcome: NotifyOutcome }

/** How a NOTIFY ended; `refused` by a final response that is not 2xx. */
export type NotifyOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'timed-out' }

/** What the SCCP call manager wants done with a session, named by the number of its connection. */
export type SccpEffect =
  | RegistrationEffect
  | Refusal
  | { readonly kind: 'send'; readonly session: number; readonly bytes: Uint8Array }
  | { readonly kind: 'close'; readonly session: number }
  /** A phone said why it started. The number tells what a restart from here came to. */
  | {
      readonly kind: 'alarm'
      readonly mac: Mac
      readonly text: string
      readonly code: number | null
      readonly atMs: number
    }
  /** A Reset left; or did not, because the session ended or the phone loops. */
  | {
      readonly kind: 'reset'
      readonly mac: Mac
      readonly outcome: 'sent' | 'session-ended' | 'loop'
    }
