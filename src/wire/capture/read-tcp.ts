import { type Ipv4, ipv4FromBytes } from '../../net/ipv4.ts'

/** A TCP segment out of an IPv4 packet; what it carries may begin or end in mid-message. */
export type TcpSegment = {
  readonly source: Ipv4
  readonly sourcePort: number
  readonly destination: Ipv4
  readonly destinationPort: number
  /** A view; empty for a segment of control alone, shorter where the capture cut it. */
  readonly payload: Uint8Array
}

const TCP = 6
const LEAST_HEADER_BYTES = 20
const LEAST_PACKET_BYTES = 40
/** All of flags and fragment offset but the bit that forbids fragments. */
const MORE_OR_OFFSET = 0x3fff

/** Reads an IPv4 packet (RFC 791 section 3.1) with TCP (RFC 9293 section 3.1) in it; undefined for others. */
export function readTcp(packet: Uint8Array): TcpSegment | undefined {
  if (packet.length < LEAST_PACKET_BYTES) return undefined
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length)
  const headerBytes = (view.getUint8(0) & 0x0f) * 4
  const isIpv4 = view.getUint8(0) >> 4 === 4 && headerBytes >= 20
  if (!isIpv4 || view.getUint8(9) !== TCP) return undefined
  if (packet.length < headerBytes + LEAST_HEADER_BYTES) return undefined
  if ((view.getUint16(6) & MORE_OR_OFFSET) !== 0) return undefined
  const totalBytes = view.getUint16(2)
  // 0 is what offloading to the network card leaves there.
  const end = totalBytes === 0 ? packet.length : Math.min(totalBytes, packet.length)
  const offsetBytes = (view.getUint8(headerBytes + 12) >> 4) * 4
  const payloadAt = headerBytes + Math.max(LEAST_HEADER_BYTES, offsetBytes)
  return {
    source: ipv4FromBytes(packet, 12),
    sourcePort: view.getUint16(headerBytes),
    destination: ipv4FromBytes(packet, 16),
    destinationPort: view.getUint16(headerBytes + 2),
    payload: packet.subarray(Math.min(payloadAt, end), end),
  }
}
