import { type Ipv4, ipv4FromBytes, writeIpv4 } from '../../net/ipv4.ts'
import { uint8At, uint16At, writeUint16 } from '../octets.ts'
import { WireError } from '../wire-error.ts'

/*
 * An Ethernet frame with an ARP packet for IPv4 in it (RFC 826), offsets in bytes:
 *
 *     0 destination   6 source   12 type 0806
 *    14 hardware type 1   16 protocol type 0800   18 lengths 6 and 4   20 operation
 *    22 sender hardware address   28 sender address
 *    32 target hardware address   38 target address
 */

const FRAME_OCTETS = 42
const ETHERNET = 1
const IPV4 = 0x0800

/** The type of an Ethernet frame that carries ARP (RFC 826). */
export const ETHERTYPE_ARP = 0x0806

/** What an ARP packet says of its sender. */
export type ArpPacket = {
  /** 1 request, 2 reply. */
  readonly operation: number
  /** 0.0.0.0 in a probe by a host that does not use the address yet (RFC 5227 section 1.1). */
  readonly senderAddress: Ipv4
}

/**
 * Encodes an ARP Probe: a request by broadcast for an address, from no address, so that no other host's
 * tables change by it (RFC 5227 section 2.1.1).
 *
 * @param hardwareAddress - Ours, six bytes.
 */
export function encodeArpProbe(hardwareAddress: Uint8Array, address: Ipv4): Uint8Array {
  const bytes = new Uint8Array(FRAME_OCTETS)
  bytes.fill(0xff, 0, 6)
  bytes.set(hardwareAddress, 6)
  writeUint16(ETHERTYPE_ARP, bytes, 12)
  writeUint16(ETHERNET, bytes, 14)
  writeUint16(IPV4, bytes, 16)
  bytes[18] = 6
  bytes[19] = 4
  writeUint16(1, bytes, 20)
  bytes.set(hardwareAddress, 22)
  writeIpv4(address, bytes, 38)
  return bytes
}

/**
 * Decodes a frame that carries ARP; bytes after the packet are padding.
 *
 * @throws {@link WireError} `TRUNCATED` for less than a packet, `BAD_VALUE` for one that is not
 *   about IPv4 on Ethernet.
 */
export function decodeArpFrame(bytes: Uint8Array): ArpPacket {
  if (bytes.length < FRAME_OCTETS) {
    throw new WireError('TRUNCATED', bytes.length, `${bytes.length} octets are no ARP frame`)
  }
  const isArp = uint16At(bytes, 12) === ETHERTYPE_ARP
  const isEthernet = uint16At(bytes, 14) === ETHERNET && uint8At(bytes, 18) === 6
  const isIpv4 = uint16At(bytes, 16) === IPV4 && uint8At(bytes, 19) === 4
  if (!isArp || !isEthernet || !isIpv4) {
    throw new WireError('BAD_VALUE', 12, 'not ARP for IPv4 on Ethernet')
  }
  return { operation: uint16At(bytes, 20), senderAddress: ipv4FromBytes(bytes, 28) }
}
