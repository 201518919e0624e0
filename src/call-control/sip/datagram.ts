import type { Ipv4 } from '../../net/ipv4.ts'

/** One datagram as the SIP socket received it; valid during the call. */
export type SipDatagram = {
  readonly bytes: Uint8Array
  readonly client: Ipv4
  readonly clientPort: number
  /** Our address that it came to. */
  readonly local: Ipv4
}
