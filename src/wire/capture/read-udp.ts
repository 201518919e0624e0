import { type Ipv4, ipv4FromBytes } from '../../net/ipv4.ts'

/** A UDP datagram out of an IPv4 packet. */
export type UdpDatagram = {
  readonly source: Ipv4
  readonly sourcePort: number
  readonly destination: Ipv4
  readonly destinationPort: number
  /** A view; shorter than the datagram was where the capture cut it. */
  readonly payload: Uint8Array
  /** Bytes of the payload as it travelled, by its header; 0 for a header that makes no sense. */
  readonly payloadBytes: number
}

/** The datagram, or why there is none. */
export type UdpResult =
  | { readonly kind: 'datagram'; readonly datagram: UdpDatagram }
  /** A part of a datagram: DHCP and TFTP of phones fit into one packet, so parts are only counted. */
  | { readonly kind: 'fragment' }
  | { readonly kind: 'other' }

/** Reads an IPv4 packet (RFC 791 section 3.1) with UDP (RFC 768) in it. */
export function readUdp(packet: Uint8Array): UdpResult {
  const headerBytes = ((packet[0] ?? 0) & 0x0f) * 4
  const isIpv4 = (packet[0] ?? 0) >> 4 === 4 && headerBytes >= 20
  if (!isIpv4 || packet[9] !== UDP || packet.length < headerBytes + UDP_HEADER_BYTES)
    return { kind: 'other' }
  if ((numberIn(packet, 6) & MORE_OR_OFFSET) !== 0) return { kind: 'fragment' }
  const totalBytes = numberIn(packet, 2)
  // 0 is what offloading to the network card leaves there.
  const end = totalBytes === 0 ? packet.length : Math.min(totalBytes, packet.length)
  const udp = packet.subarray(headerBytes, end)
  const udpBytes = Math.min(numberIn(udp, 4), udp.length)
  return {
    kind: 'datagram',
    datagram: {
      source: ipv4FromBytes(packet, 12),
      sourcePort: numberIn(udp, 0),
      destination: ipv4FromBytes(packet, 16),
      destinationPort: numberIn(udp, 2),
      payload: udp.subarray(UDP_HEADER_BYTES, udpBytes),
      payloadBytes: Math.max(0, numberIn(udp, 4) - UDP_HEADER_BYTES),
    },
  }
}

const UDP = 17
const UDP_HEADER_BYTES = 8
/** All of flags and fragment offset but the bit that forbids fragments. */
const MORE_OR_OFFSET = 0x3fff

function numberIn(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}
