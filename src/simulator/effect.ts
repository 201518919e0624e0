import type { Ipv4 } from '../net/ipv4.ts'
import type { SocketEffect } from './application/effect.ts'
import type { PhoneEvent } from './events.ts'

/** What the caller of a simulated phone must do, in order. */
export type PhoneEffect =
  /** From port 68 to port 67; by broadcast, or to the server that granted the lease. */
  | { readonly kind: 'dhcp-send'; readonly bytes: Uint8Array; readonly to: Ipv4 }
  /** Open a UDP socket on this port of the phone's address, for one file; null: on a free one. */
  | {
      readonly kind: 'tftp-open'
      readonly transferId: number
      readonly server: Ipv4
      readonly port: number | null
    }
  /** `port` null: the port to which the server takes requests. */
  | {
      readonly kind: 'tftp-send'
      readonly transferId: number
      readonly bytes: Uint8Array
      readonly port: number | null
    }
  | { readonly kind: 'tftp-close'; readonly transferId: number }
  /** Take this address, in the place of any other. */
  | {
      readonly kind: 'configure-address'
      readonly address: Ipv4
      readonly mask: Ipv4
      readonly router: Ipv4 | null
    }
  /** The address is not the phone's any more. */
  | { readonly kind: 'drop-address'; readonly address: Ipv4 }
  /** Call `onWake` at this time; it takes the place of any earlier one. Null: there is nothing to wait for. */
  | { readonly kind: 'wake'; readonly atMs: number | null }
  /** What its application wants of its sockets. */
  | { readonly kind: 'socket'; readonly effect: SocketEffect }
  | { readonly kind: 'event'; readonly event: PhoneEvent }
