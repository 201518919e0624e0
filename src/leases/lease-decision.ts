import type { Ipv4 } from '../net/ipv4.ts'
import type { Binding } from './binding.ts'

/** An address for a DISCOVER, and by which rule it was chosen (RFC 2131 section 4.3.1). */
export type Choice = {
  readonly address: Ipv4
  readonly rule: 'reservation' | 'current' | 'offered' | 'previous' | 'requested' | 'free'
  /** The client's live binding of this very address; null if there is none. */
  readonly binding: Binding | null
}

/** What the book says of a client that claims an address in a REQUEST. */
export type Claim =
  /** Its live binding. `mayExtend` is false where the configuration has moved on. */
  | { readonly kind: 'bound'; readonly binding: Binding; readonly mayExtend: boolean }
  /**
   * Nobody else has it and the client may: offered to it, or free. `isKnown`: it was its own
   * before, or is reserved for it.
   */
  | { readonly kind: 'offered' | 'free'; readonly isKnown: boolean }
  | { readonly kind: 'refused'; readonly reason: ClaimRefusal }

export type ClaimRefusal = 'taken' | 'offered-to-another' | 'declined' | 'not-available'

/** What a binding is granted with. Empty texts keep what an earlier message said. */
export type Grant = {
  readonly address: Ipv4
  readonly expiresAtMs: number
  readonly vendorClass: string
  readonly hostName: string
  readonly relayAgent: string
}
