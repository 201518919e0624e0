/*
 *   0   length of what follows offset 8, little endian     4 bytes
 *   4   version of the header, 0 for phones of this age    4
 *   8   message number                                     4
 *   12  payload                                            length - 4
 *
 * Numbers are little endian, IPv4 addresses in network order. Sources: chan-sccp
 * `src/sccp_protocol.h`, Wireshark's dissector `packet-skinny.c`.
 */

/** Bytes before the payload. */
export const HEADER_BYTES = 12

/** The length field counts from here. */
export const COUNTED_FROM = 8

/** The least that the length field may say: the message number. */
export const MIN_LENGTH = 4

/** The most that the length field may say; messages of this protocol stay below (chan-sccp `sccp_session.c`). */
export const MAX_LENGTH = 4000

/** The number of each message, as chan-sccp `sccp_protocol.h` and Wireshark name them. */
export const MESSAGE = {
  'keep-alive': 0x0000,
  register: 0x0001,
  'ip-port': 0x0002,
  'forward-stat-request': 0x0009,
  'speed-dial-stat-request': 0x000a,
  'line-stat-request': 0x000b,
  'config-stat-request': 0x000c,
  'time-date-request': 0x000d,
  'button-template-request': 0x000e,
  'version-request': 0x000f,
  capabilities: 0x0010,
  'server-request': 0x0012,
  alarm: 0x0020,
  'soft-key-set-request': 0x0025,
  unregister: 0x0027,
  'soft-key-template-request': 0x0028,
  'register-token-request': 0x0029,
  'register-available-lines': 0x002d,
  'register-ack': 0x0081,
  'forward-stat': 0x0090,
  'speed-dial-stat': 0x0091,
  'line-stat': 0x0092,
  'config-stat': 0x0093,
  'time-date': 0x0094,
  'button-template': 0x0097,
  version: 0x0098,
  'capabilities-request': 0x009b,
  'register-reject': 0x009d,
  servers: 0x009e,
  reset: 0x009f,
  'keep-alive-ack': 0x0100,
  'soft-key-template': 0x0108,
  'soft-key-set': 0x0109,
  'unregister-ack': 0x0118,
  'register-token-ack': 0x011a,
  'register-token-reject': 0x011b,
} as const

/** Reads four bytes, little endian, as an unsigned number; the caller has checked them. */
export function uint32LeAt(bytes: Uint8Array, offset: number): number {
  const octet = (index: number) => bytes[offset + index] as number
  return (octet(0) | (octet(1) << 8) | (octet(2) << 16) | (octet(3) << 24)) >>> 0
}

/** Writes four bytes, little endian; higher bits of `value` are dropped. */
export function writeUint32Le(value: number, bytes: Uint8Array, offset: number): void {
  for (let index = 0; index < 4; index++) bytes[offset + index] = value >>> (8 * index)
}
