import { type Ipv4, ipv4ToBytes, UNSPECIFIED } from '../net/ipv4.ts'
import { type Mac, macToBytes } from '../net/mac.ts'
import { encodeMessage } from '../wire/dhcp/encode-message.ts'
import type { OutgoingOption } from '../wire/dhcp/message.ts'
import { BOOTREQUEST, BROADCAST_FLAG, MessageType } from '../wire/dhcp/message.ts'
import { uint32At } from '../wire/octets.ts'

/** A phone as DHCP sees it. */
export type DhcpIdentity = {
  readonly mac: Mac
  /** Option 60, with the NUL that phones send after it. */
  readonly vendorClass: string
  /** Option 12. */
  readonly hostName: string
  /** Option 55. */
  readonly requestedOptions: readonly number[]
}

/** What changes from message to message. */
export type DhcpWords = {
  readonly type: number
  /** The address in use; unspecified where there is none. */
  readonly ciaddr: Ipv4
  /** Option 50. */
  readonly address: Ipv4 | null
  /** Option 54. */
  readonly serverId: Ipv4 | null
  /** Since the phone began to look for an address. */
  readonly elapsedMs: number
}

/** The transaction number of a phone: the last four bytes of its MAC address, at all times. */
export function xidOf(mac: Mac): number {
  return uint32At(macToBytes(mac), 2)
}

/** Writes a message as a 7940 or 7960 does; replies are wanted by broadcast until it has an address. */
export function encodePhoneMessage(identity: DhcpIdentity, words: DhcpWords): Uint8Array {
  const hardware = macToBytes(identity.mac)
  const chaddr = new Uint8Array(16)
  chaddr.set(hardware)
  const header = {
    op: BOOTREQUEST,
    htype: 1,
    hlen: 6,
    hops: 0,
    xid: xidOf(identity.mac),
    secs: Math.min(Math.floor(words.elapsedMs / 1000), 0xffff),
    flags: words.ciaddr === UNSPECIFIED ? BROADCAST_FLAG : 0,
    ciaddr: words.ciaddr,
    yiaddr: UNSPECIFIED,
    siaddr: UNSPECIFIED,
    giaddr: UNSPECIFIED,
    chaddr,
    sname: new Uint8Array(0),
    file: new Uint8Array(0),
  }
  return encodeMessage(header, optionsOf(identity, words, hardware)).bytes
}

function optionsOf(
  { vendorClass, hostName, requestedOptions }: DhcpIdentity,
  { type, address, serverId }: DhcpWords,
  hardware: Uint8Array,
): readonly OutgoingOption[] {
  const options: OutgoingOption[] = [
    [53, Uint8Array.of(type)],
    [61, Uint8Array.of(1, ...hardware)],
  ]
  if (address !== null) options.push([50, ipv4ToBytes(address)])
  if (serverId !== null) options.push([54, ipv4ToBytes(serverId)])
  // RFC 2131 table 5: DECLINE and RELEASE ask for nothing and say nothing of their sender's kind.
  if (type === MessageType.decline || type === MessageType.release) return options
  options.push([12, ascii(hostName)], [60, ascii(vendorClass)])
  if (requestedOptions.length > 0) options.push([55, Uint8Array.from(requestedOptions)])
  return options
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
