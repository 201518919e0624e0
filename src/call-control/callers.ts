import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'

/** Who sends from an address. */
export type Caller =
  | {
      readonly kind: 'phone'
      readonly mac: Mac
      /** The SCCP load that the phone is to keep or to get; null where it is to leave SCCP. */
      readonly sccpLoad: string | null
    }
  /** Answered like everyone; nothing of it is kept. */
  | { readonly kind: 'unknown' }
  /** It cannot be told yet: a datagram is not answered, and the client asks again. */
  | { readonly kind: 'wait' }

/** Tells enrolled phones from everything else, by the one rule that decides for files too. */
export interface Callers {
  /** Whether call control is on for the network that holds the address; elsewhere nothing is answered. */
  serves(address: Ipv4): boolean
  callerAt(address: Ipv4, nowMs: number): Caller
}
