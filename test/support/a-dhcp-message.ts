import { type Ipv4, parseIpv4, writeIpv4 } from '../../src/net/ipv4.ts'
import { type Mac, macToBytes, parseMac } from '../../src/net/mac.ts'
import { type DhcpMessage, MessageType } from '../../src/wire/dhcp/message.ts'

/** The phone of most tests. */
export const PHONE_MAC = parseMac('00:0e:84:c0:60:a6') as Mac

/** A dotted quad that is known to be one. */
export function ip(text: string): Ipv4 {
  const address = parseIpv4(text)
  if (address === undefined) throw new Error(`${text} is not an address`)
  return address
}

/** The octets of addresses in a row. */
export function octetsOf(...addresses: readonly string[]): Uint8Array {
  const octets = new Uint8Array(addresses.length * 4)
  for (const [index, address] of addresses.entries()) writeIpv4(ip(address), octets, index * 4)
  return octets
}

/** The octets of a text, and of NULs written as \0. */
export function textOctets(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'))
}

/** Sub-options in a row, as option 82 holds them. */
export function relayOptions(subOptions: readonly (readonly [number, Uint8Array])[]): Uint8Array {
  return Uint8Array.from(subOptions.flatMap(([code, value]) => [code, value.length, ...value]))
}

/** What a test says about a message; everything else is as a 7960 sends it. */
export type MessageParts = {
  readonly mac?: string
  readonly ciaddr?: string
  readonly giaddr?: string
  /** Option 50. */
  readonly requested?: string
  /** Option 54. */
  readonly serverId?: string
  /** Option 61. */
  readonly clientId?: Uint8Array
  /** Option 60; default: a 7960 with the universal application loader, NUL and all. */
  readonly vendorClass?: string
  /** Option 51. */
  readonly leaseSeconds?: number
  readonly options?: readonly (readonly [number, Uint8Array])[]
  readonly header?: Partial<DhcpMessage>
}

const VENDOR_CLASS = 'Cisco Systems, Inc. IP Phone CP-7960G\0'
const REQUEST_LIST = Uint8Array.of(1, 66, 6, 3, 15, 150, 35, 151)

export function aDiscover(parts: MessageParts = {}): DhcpMessage {
  return aMessage(MessageType.discover, parts)
}

export function aRequest(parts: MessageParts = {}): DhcpMessage {
  return aMessage(MessageType.request, parts)
}

export function aDecline(parts: MessageParts = {}): DhcpMessage {
  return aMessage(MessageType.decline, parts)
}

export function aRelease(parts: MessageParts = {}): DhcpMessage {
  return aMessage(MessageType.release, parts)
}

export function anInform(parts: MessageParts = {}): DhcpMessage {
  return aMessage(MessageType.inform, parts)
}

/** A message of any type, none with `undefined`. */
export function aMessage(type: number | undefined, parts: MessageParts = {}): DhcpMessage {
  const options = new Map<number, Uint8Array>()
  if (type !== undefined) options.set(53, Uint8Array.of(type))
  const vendorClass = parts.vendorClass ?? VENDOR_CLASS
  if (vendorClass !== '') options.set(60, textOctets(vendorClass))
  options.set(55, REQUEST_LIST)
  if (parts.requested !== undefined) options.set(50, octetsOf(parts.requested))
  if (parts.serverId !== undefined) options.set(54, octetsOf(parts.serverId))
  if (parts.clientId !== undefined) options.set(61, parts.clientId)
  if (parts.leaseSeconds !== undefined) options.set(51, uint32(parts.leaseSeconds))
  for (const [code, value] of parts.options ?? []) options.set(code, value)
  const chaddr = new Uint8Array(16)
  chaddr.set(macToBytes(parseMac(parts.mac ?? PHONE_MAC) as Mac))
  return {
    op: 1,
    htype: 1,
    hlen: 6,
    hops: 0,
    xid: 0x84c060a6,
    secs: 0,
    flags: 0x8000,
    ciaddr: ip(parts.ciaddr ?? '0.0.0.0'),
    yiaddr: ip('0.0.0.0'),
    siaddr: ip('0.0.0.0'),
    giaddr: ip(parts.giaddr ?? '0.0.0.0'),
    chaddr,
    sname: new Uint8Array(64),
    file: new Uint8Array(128),
    options,
    ...parts.header,
  }
}

function uint32(value: number): Uint8Array {
  const octets = new Uint8Array(4)
  new DataView(octets.buffer).setUint32(0, value)
  return octets
}
