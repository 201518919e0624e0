import type { Ipv4 } from '../../net/ipv4.ts'

/** The value of option 53 (RFC 2132 section 9.6). */
export const MessageType = {
  discover: 1,
  offer: 2,
  request: 3,
  decline: 4,
  ack: 5,
  nak: 6,
  release: 7,
  inform: 8,
} as const

export const BOOTREQUEST = 1
export const BOOTREPLY = 2

/** The BROADCAST bit of `flags` (RFC 2131 section 2, figure 2). */
export const BROADCAST_FLAG = 0x8000

/**
 * One DHCP message, fields named as in RFC 2131 section 2.
 *
 * Byte fields are views on the datagram (or on a joined copy where an option was split,
 * RFC 3396): a caller that keeps one beyond the call copies it.
 */
export type DhcpMessage = {
  readonly op: number
  readonly htype: number
  readonly hlen: number
  readonly hops: number
  readonly xid: number
  readonly secs: number
  readonly flags: number
  readonly ciaddr: Ipv4
  readonly yiaddr: Ipv4
  readonly siaddr: Ipv4
  readonly giaddr: Ipv4
  /** All 16 bytes of the field; only the first `hlen` mean anything. */
  readonly chaddr: Uint8Array
  readonly sname: Uint8Array
  readonly file: Uint8Array
  /** Option code to value; parts of one code joined, pad and end left out. */
  readonly options: ReadonlyMap<number, Uint8Array>
}

/** An option of a reply, in the order in which it is sent. */
export type OutgoingOption = readonly [code: number, value: Uint8Array]
