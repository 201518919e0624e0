import { type Ipv4, ipv4FromBytes, writeIpv4 } from '../../net/ipv4.ts'
import { uint8At, uint16At, writeUint16 } from '../octets.ts'
import { WireError } from '../wire-error.ts'
import { internetChecksum } from './checksum.ts'

/*
 * An Ethernet frame with one UDP datagram in it, offsets in bytes:
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

const PROTOCOL_UDP = 17
const TIME_TO_LIVE = 64
const DONT_FRAGMENT = 0x4000

/** The type of an Ethernet frame that carries IPv4 (RFC 894). */
export const ETHERTYPE_IPV4 = 0x0800

/** Where a datagram comes from or goes to. */
export type FrameEnd = {
  /** Six bytes. */
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

/** A datagram as a frame carried it. */
export type FramedDatagram = {
  readonly from: FrameEnd
  readonly to: FrameEnd
  /** A view on the frame. */
  readonly payload: Uint8Array
}

/**
 * Decodes a frame that carries a whole UDP datagram. Bytes after it are padding; checksums are not
 * looked at, because a frame from this very machine may leave them to the network card.
 *
 * @throws {@link WireError} `TRUNCATED` where the frame ends before it should, `BAD_VALUE` for what is
 *   not UDP over IPv4 or a fragment, `BAD_LENGTH` for lengths that contradict each other.
 */
export function decodeUdpFrame(bytes: Uint8Array): FramedDatagram {
  if (bytes.length < PAYLOAD_AT) {
    throw new WireError('TRUNCATED', bytes.length, `${bytes.length} octets are no UDP frame`)
  }
  const isIpv4 = uint16At(bytes, 12) === ETHERTYPE_IPV4 && uint8At(bytes, IP_AT) >>> 4 === 4
  const isFragment = (uint16At(bytes, IP_AT + 6) & ~DONT_FRAGMENT) !== 0
  if (!isIpv4 || isFragment || uint8At(bytes, IP_AT + 9) !== PROTOCOL_UDP) {
    throw new WireError('BAD_VALUE', IP_AT, 'not a whole UDP datagram over IPv4')
  }
  const headerOctets = (uint8At(bytes, IP_AT) & 15) * 4
  const udpAt = IP_AT + headerOctets
  const endAt = IP_AT + uint16At(bytes, IP_AT + 2)
  if (bytes.length < endAt) {
    throw new WireError('TRUNCATED', bytes.length, `the packet has ${endAt - IP_AT} octets`)
  }
  const isTooShort = headerOctets < IP_OCTETS || endAt < udpAt + UDP_OCTETS
  const udpOctets = isTooShort ? 0 : uint16At(bytes, udpAt + 4)
  if (udpOctets < UDP_OCTETS || udpAt + udpOctets > endAt) {
    throw new WireError('BAD_LENGTH', IP_AT, 'lengths of IP and UDP contradict each other')
  }
  return {
    from: endIn(bytes, { hardware: 6, address: IP_AT + 12, port: udpAt }),
    to: endIn(bytes, { hardware: 0, address: IP_AT + 16, port: udpAt + 2 }),
    payload: bytes.subarray(udpAt + UDP_OCTETS, udpAt + udpOctets),
  }
}

function endIn(
  bytes: Uint8Array,
  at: { readonly hardware: number; readonly address: number; readonly port: number },
): FrameEnd {
  return {
    hardwareAddress: bytes.subarray(at.hardware, at.hardware + 6),
    address: ipv4FromBytes(bytes, at.address),
    port: uint16At(bytes, at.port),
  }
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
