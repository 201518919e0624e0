import { type Ipv4, writeIpv4 } from '../../net/ipv4.ts'
import { writeUint16 } from '../octets.ts'
import { internetChecksum } from './checksum.ts'

/*
 * An Ethernet frame with one UDP datagram in it, offsets in octets:
 *
 *     0 destination hardware address   6     \
 *     6 source hardware address        6      Ethernet II (RFC 894)
 *    12 type 0800                      2     /
 *    14 version 4, header length 5     1     \
 *    15 type of service                1      \
 *    16 total length                   2       \
 *    18 identification                 2        IPv4 (RFC 791 section 3.1)
 *    20 flags and fragment offset      2       /
 *    22 time to live   23 protocol     1 + 1  /
 *    24 header checksum                2     /
 *    26 source   30 destination        4 + 4
 *    34 source port   36 destination port   2 + 2   \
 *    38 length        40 checksum           2 + 2    UDP (RFC 768)
 *    42 payload                                     /
 */

const ETHERNET_OCTETS = 14
const IP_OCTETS = 20
const UDP_OCTETS = 8
const IP_AT = ETHERNET_OCTETS
const UDP_AT = IP_AT + IP_OCTETS
const PAYLOAD_AT = UDP_AT + UDP_OCTETS

const ETHERTYPE_IPV4 = 0x0800
const PROTOCOL_UDP = 17
const TIME_TO_LIVE = 64
const DONT_FRAGMENT = 0x4000

/** Where a datagram comes from or goes to. */
export type FrameEnd = {
  /** Six octets. */
  readonly hardwareAddress: Uint8Array
  readonly address: Ipv4
  readonly port: number
}

/**
 * Encodes a frame that carries `payload`, for a receiver that has no address yet and so cannot be
 * asked for its hardware address (RFC 2131 section 4.1).
 *
 * @param payload - At most what the link takes: nothing is fragmented here.
 * @returns A frame without check sequence, which the network card adds.
 */
export function encodeUdpFrame(from: FrameEnd, to: FrameEnd, payload: Uint8Array): Uint8Array {
  // Node's pool: a fresh typed array of this size costs more than all the rest.
  const bytes: Uint8Array = Buffer.allocUnsafe(PAYLOAD_AT + payload.length)
  bytes.fill(0, 0, PAYLOAD_AT)
  bytes.set(to.hardwareAddress, 0)
  bytes.set(from.hardwareAddress, 6)
  writeUint16(ETHERTYPE_IPV4, bytes, 12)
  writeIpHeader(from.address, to.address, bytes)
  writeUint16(from.port, bytes, UDP_AT)
  writeUint16(to.port, bytes, UDP_AT + 2)
  writeUint16(UDP_OCTETS + payload.length, bytes, UDP_AT + 4)
  bytes.set(payload, PAYLOAD_AT)
  writeUint16(udpChecksum(bytes), bytes, UDP_AT + 6)
  return bytes
}

function writeIpHeader(source: Ipv4, destination: Ipv4, bytes: Uint8Array): void {
  bytes[IP_AT] = 0x45
  writeUint16(bytes.length - ETHERNET_OCTETS, bytes, IP_AT + 2)
  writeUint16(DONT_FRAGMENT, bytes, IP_AT + 6)
  bytes[IP_AT + 8] = TIME_TO_LIVE
  bytes[IP_AT + 9] = PROTOCOL_UDP
  writeIpv4(source, bytes, IP_AT + 12)
  writeIpv4(destination, bytes, IP_AT + 16)
  writeUint16(internetChecksum(bytes, IP_AT, UDP_AT), bytes, IP_AT + 10)
}

/** RFC 768: over both addresses, the protocol, the length, and the datagram; never 0 on the wire. */
function udpChecksum(bytes: Uint8Array): number {
  const pseudoHeader = PROTOCOL_UDP + (bytes.length - UDP_AT)
  const checksum = internetChecksum(bytes, IP_AT + 12, bytes.length, pseudoHeader)
  return checksum === 0 ? 0xffff : checksum
}
