import { type Ipv4, ipv4FromBytes } from '../../net/ipv4.ts'
import { uint8At, uint16At, writeUint16 } from '../octets.ts'
import { WireError } from '../wire-error.ts'
import { internetChecksum } from './checksum.ts'

/*
 * ICMP echo (RFC 792, "Echo or Echo Reply Message"), offsets in bytes after the IP header:
 *
 *     0 type: 8 request, 0 reply   1 code 0   2 checksum   4 identifier   6 sequence   8 data
 */

const ECHO_OCTETS = 8
const ECHO_REQUEST = 8
const ECHO_REPLY = 0
const MIN_IP_OCTETS = 20

/** Encodes an echo request without data; the IP header is the system's to write. */
export function encodeEchoRequest(identifier: number, sequence: number): Uint8Array {
  const bytes = new Uint8Array(ECHO_OCTETS)
  bytes[0] = ECHO_REQUEST
  writeUint16(identifier, bytes, 4)
  writeUint16(sequence, bytes, 6)
  writeUint16(internetChecksum(bytes, 0, ECHO_OCTETS), bytes, 2)
  return bytes
}

/**
 * Decodes an IPv4 packet with ICMP in it, as a raw socket receives it.
 *
 * @returns Who sent an echo reply; undefined where it is another ICMP message.
 * @throws {@link WireError} `TRUNCATED` or `BAD_LENGTH` where it is no whole packet.
 */
export function decodeEchoReply(bytes: Uint8Array): Ipv4 | undefined {
  if (bytes.length < MIN_IP_OCTETS) {
    throw new WireError('TRUNCATED', bytes.length, `${bytes.length} octets are no IPv4 packet`)
  }
  const headerOctets = (uint8At(bytes, 0) & 15) * 4
  if (headerOctets < MIN_IP_OCTETS || bytes.length < headerOctets + ECHO_OCTETS) {
    throw new WireError('BAD_LENGTH', 0, `no ICMP message after ${headerOctets} bytes of header`)
  }
  const typeAndCode = uint16At(bytes, headerOctets)
  return typeAndCode === ECHO_REPLY << 8 ? ipv4FromBytes(bytes, 12) : undefined
}
