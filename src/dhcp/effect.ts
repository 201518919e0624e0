import type { LeaseChange } from '../leases/binding.ts'
import type { Ipv4 } from '../net/ipv4.ts'
import type { DhcpEvent } from './events.ts'

/** How a datagram came in. */
export type Arrival = {
  /** The interface whose socket received it; null on a socket that serves relays only. */
  readonly interfaceName: string | null
  /** Our address on that socket. */
  readonly localAddress: Ipv4
  readonly sourceAddress: Ipv4
  readonly sourcePort: number
}

/** Where a reply goes (RFC 2131 section 4.1). */
export type ReplyDestination = {
  /** Out of this interface; null: by the routing table, from `localAddress`. */
  readonly interfaceName: string | null
  readonly localAddress: Ipv4
  readonly address: Ipv4
  readonly port: number
  /**
   * Set where the client has no address yet but can take unicast: the frame is to be sent to these
   * bytes. An adapter that cannot do that sends to 255.255.255.255 instead.
   */
  readonly hardwareAddress: Uint8Array | null
}

/**
 * What the caller of the DHCP engine must do, in order; it stops at the first failure, so a reply
 * that stands after a `commit` is never sent for a binding that was not stored.
 */
export type DhcpEffect =
  | { readonly kind: 'commit'; readonly changes: readonly LeaseChange[] }
  | { readonly kind: 'send'; readonly bytes: Uint8Array; readonly destination: ReplyDestination }
  /** Probe on the wire whether a device uses the address; answer by `onProbeResult`. */
  | {
      readonly kind: 'probe'
      readonly address: Ipv4
      readonly interfaceName: string | null
      readonly waitMs: number
    }
  | { readonly kind: 'event'; readonly event: DhcpEvent }
  | { readonly kind: 'wake'; readonly atMs: number }
