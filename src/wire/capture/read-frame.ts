import { type Mac, macFromBytes } from '../../net/mac.ts'
import { type CapturedPacket, LinkType } from './captured-packet.ts'

/** What a frame carries. */
export type Frame = {
  /** Who put it on this wire: the sender, or the last router before it. Null without such an address. */
  readonly sender: Mac | null
  /** The bytes after the link layer: an IPv4 packet, it says. */
  readonly packet: Uint8Array
}

/** Finds the IPv4 packet in a captured frame; undefined where it carries none. */
export function readFrame({ linkType, bytes }: CapturedPacket): Frame | undefined {
  switch (linkType) {
    case LinkType.ethernet:
      return tagged(bytes, 12, senderIn(bytes, 6))
    case LinkType.linuxCooked:
      // LINKTYPE_LINUX_SLL: type 2, hardware type 2, address length 2, address 8, protocol 2.
      return tagged(bytes, 14, senderIn(bytes, 6))
    case LinkType.linuxCooked2:
      // LINKTYPE_LINUX_SLL2: the protocol comes first, the address at 12, the packet at 20.
      return isIpv4Type(bytes, 0)
        ? { sender: senderIn(bytes, 12), packet: bytes.subarray(20) }
        : undefined
    case LinkType.raw:
    case LinkType.ipv4:
      return { sender: null, packet: bytes }
    case LinkType.null:
      return { sender: null, packet: bytes.subarray(4) }
    default:
      return undefined
  }
}

const IPV4 = 0x0800
/** 802.1Q, 802.1ad, and what stacks of tags used before it. */
const VLAN_TAGS: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100])
const MOST_TAGS = 4

/** @param typeAt - Where the protocol stands, or a VLAN tag before it. */
function tagged(bytes: Uint8Array, typeAt: number, sender: Mac | null): Frame | undefined {
  let at = typeAt
  for (let tags = 0; tags < MOST_TAGS && VLAN_TAGS.has(typeIn(bytes, at)); tags++) at += 4
  return isIpv4Type(bytes, at) ? { sender, packet: bytes.subarray(at + 2) } : undefined
}

function isIpv4Type(bytes: Uint8Array, at: number): boolean {
  return typeIn(bytes, at) === IPV4
}

function typeIn(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}

function senderIn(bytes: Uint8Array, at: number): Mac | null {
  const octets = bytes.subarray(at, at + 6)
  const isSome = octets.length === 6 && octets.some((octet) => octet !== 0)
  return isSome ? macFromBytes(octets) : null
}
