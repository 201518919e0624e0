import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'

/**
 * Who a binding belongs to (RFC 2131 section 4.2): `id:` and the bytes of option 61 in hex if it
 * was sent, else `hw:` with hardware type and address in hex. Opaque, compared as a whole.
 */
export type ClientKey = string

/**
 * An address and the client that holds it, or held it last (RFC 2131 section 1.5).
 *
 * - `bound`: the client may use it until `expiresAtMs`.
 * - `released`: given back by the client; remembered, so that it gets the same one again. No other client
 *   gets it before `expiresAtMs`, which is in the future only where another appliance may not have
 *   heard yet that the lease has ended.
 * - `declined`: seen in use by another device; no client gets it before `expiresAtMs`.
 *
 * There is no state `expired`: a bound binding whose time has passed is that.
 */
export type Binding = {
  readonly scope: string
  readonly address: Ipv4
  readonly client: ClientKey
  /** Null for hardware that is not Ethernet. */
  readonly mac: Mac | null
  readonly state: 'bound' | 'released' | 'declined'
  readonly grantedAtMs: number
  /** Milliseconds since the epoch; `Number.MAX_SAFE_INTEGER` for an infinite lease. */
  readonly expiresAtMs: number
  /** Option 60 without trailing NUL, as last seen; empty if none. At most 255 characters. */
  readonly vendorClass: string
  /** Option 12 as last seen, made printable; empty if none. */
  readonly hostName: string
  /** Option 82 as last seen, in hex; empty if none. At most 510 digits. */
  readonly relayAgent: string
}

/** A change to the lease table. `put` replaces whatever the address had before. */
export type LeaseChange =
  | { readonly kind: 'put'; readonly binding: Binding }
  | { readonly kind: 'delete'; readonly scope: string; readonly address: Ipv4 }

/** The network and the address that a change is of. */
export function placeOf(change: LeaseChange): Pick<Binding, 'scope' | 'address'> {
  return change.kind === 'put' ? change.binding : change
}
