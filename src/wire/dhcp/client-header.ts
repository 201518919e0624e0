import { type Ipv4, UNSPECIFIED } from '../../net/ipv4.ts'
import type { DhcpHeader } from './encode-message.ts'
import { BOOTREQUEST, BROADCAST_FLAG } from './message.ts'

const ETHERNET = 1
const CHADDR_BYTES = 16
const EMPTY = new Uint8Array(0)

/** What distinguishes the messages of clients without an address. */
export type ClientHeaderParts = {
  readonly xid: number
  /** Six bytes. */
  readonly hardware: Uint8Array
  /** The relay agent that has passed the message on; 0.0.0.0 for none. */
  readonly giaddr: Ipv4
}

/** The header of a client that has no address and wants replies by broadcast (RFC 2131 section 4.1). */
export function clientHeader({ xid, hardware, giaddr }: ClientHeaderParts): DhcpHeader {
  const chaddr = new Uint8Array(CHADDR_BYTES)
  chaddr.set(hardware)
  return {
    op: BOOTREQUEST,
    htype: ETHERNET,
    hlen: hardware.length,
    hops: giaddr === UNSPECIFIED ? 0 : 1,
    xid,
    secs: 0,
    flags: BROADCAST_FLAG,
    ciaddr: UNSPECIFIED,
    yiaddr: UNSPECIFIED,
    siaddr: UNSPECIFIED,
    giaddr,
    chaddr,
    sname: EMPTY,
    file: EMPTY,
  }
}
