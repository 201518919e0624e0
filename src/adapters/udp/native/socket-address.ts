import { endianness } from 'node:os'
import { type Ipv4, writeIpv4 } from '../../../net/ipv4.ts'

/** Address families of Linux. */
export const AddressFamily = { inet: 2, netlink: 16, packet: 17 } as const

/** Socket types of Linux; those we open never block and are not inherited by child processes. */
export const SocketType = {
  datagram: 2 | 0o4000 | 0o2000000,
  raw: 3 | 0o4000 | 0o2000000,
} as const

const IS_LITTLE_ENDIAN = endianness() === 'LE'

/** `struct sockaddr_in`, 16 bytes: family in host order, port and address in network order. */
export function internetAddress(address: Ipv4, port: number): Uint8Array {
  const bytes = new Uint8Array(16)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, AddressFamily.inet, IS_LITTLE_ENDIAN)
  view.setUint16(2, port)
  writeIpv4(address, bytes, 4)
  return bytes
}

/**
 * `struct sockaddr_ll`, 20 bytes: which interface and protocol, and for a frame to whom.
 *
 * @param etherType - 0 for a socket that receives nothing.
 * @param hardwareAddress - Six bytes, or none to receive.
 */
export function packetAddress(
  interfaceIndex: number,
  etherType: number,
  hardwareAddress: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const bytes = new Uint8Array(20)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, AddressFamily.packet, IS_LITTLE_ENDIAN)
  view.setUint16(2, etherType)
  view.setUint32(4, interfaceIndex, IS_LITTLE_ENDIAN)
  bytes[11] = hardwareAddress.length
  bytes.set(hardwareAddress, 12)
  return bytes
}

/** A number as the `int` that socket options take. */
export function optionNumber(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setInt32(0, value, IS_LITTLE_ENDIAN)
  return bytes
}

/** A name as the NUL-terminated text that socket options take. */
export function optionText(value: string): Uint8Array {
  return new TextEncoder().encode(`${value}\0`)
}
