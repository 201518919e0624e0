import type { Ipv4 } from '../net/ipv4.ts'

/**
 * The port through which the engine gets the sockets of its transfers: numbers that the adapter
 * calls `channel`. Behind each is an unpredictable UDP port on the address of the listener, the
 * server's TID (RFC 1350 section 4).
 */
export interface TidPool {
  /** A socket for a new transfer: one that this client uses for nothing else, if there is one. */
  take(listener: number, client: Ipv4): number
  /** The transfer is over. */
  giveBack(channel: number, client: Ipv4): void
  /** A socket for one reply that begins nothing. */
  forReply(listener: number): number
}
