import type { Ipv4 } from '../../net/ipv4.ts'
import { encodeUdpFrame } from '../../wire/frame/udp-frame.ts'

/** A packet for a capture: IPv4, without a link layer, which our sockets do not show. */
export type Captured = {
  /** Milliseconds since the epoch. */
  readonly atMs: number
  /** The packet, or its beginning. */
  readonly bytes: Uint8Array
  /** How long the packet was, in bytes. */
  readonly originalBytes: number
  /** Null for bytes that travelled as they are here. */
  readonly comment: string | null
}

/** An end of a datagram. */
export type End = { readonly address: Ipv4; readonly port: number }

const NO_HARDWARE = new Uint8Array(6)
const ETHERNET_BYTES = 14
const HEADER_BYTES = 28
const CHECKSUM_AT = 26

/** An IPv4 packet with one UDP datagram in it. */
export function ipPacket(from: End, to: End, payload: Uint8Array): Uint8Array {
  const framed = (end: End) => ({ ...end, hardwareAddress: NO_HARDWARE })
  return encodeUdpFrame(framed(from), framed(to), payload).subarray(ETHERNET_BYTES)
}

/**
 * The beginning of such a packet, whose payload had `payloadBytes` bytes and is known up to `known`.
 *
 * @returns With checksum 0, "not computed" (RFC 768): it cannot be computed without the rest.
 */
export function cutIpPacket(
  from: End,
  to: End,
  { known, payloadBytes }: { readonly known: Uint8Array; readonly payloadBytes: number },
): Pick<Captured, 'bytes' | 'originalBytes'> {
  const payload = new Uint8Array(payloadBytes)
  payload.set(known)
  const whole = ipPacket(from, to, payload)
  whole.fill(0, CHECKSUM_AT, HEADER_BYTES)
  return { bytes: whole.subarray(0, HEADER_BYTES + known.length), originalBytes: whole.length }
}
