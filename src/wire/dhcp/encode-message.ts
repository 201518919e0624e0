import { writeIpv4 } from '../../net/ipv4.ts'
import { uint8At, writeUint16, writeUint32 } from '../octets.ts'
import {
  COOKIE,
  END,
  Offset,
  OPTION_OVERLOAD,
  Overload,
  RELAY_AGENT_INFORMATION,
} from './layout.ts'
import type { DhcpMessage, OutgoingOption } from './message.ts'

/** Everything of a message but its options. `sname` and `file` may be shorter than their fields. */
export type DhcpHeader = Omit<DhcpMessage, 'options'>

/** A message as bytes, and the options that found no room in it. */
export type EncodedMessage = {
  /** Owned by the caller. */
  readonly bytes: Uint8Array
  /** Codes in the order given; empty when everything fitted. */
  readonly left: readonly number[]
}

/** What every client can take: an IP datagram of 576 bytes (RFC 2131 section 2) less 28 of headers. */
export const DEFAULT_MAX_OCTETS = 548

/** RFC 1542 section 2.1: shorter BOOTP messages are discarded by some relay agents. */
const MIN_OCTETS = 300

/** RFC 3396 section 4: a longer value is sent in parts. */
const MAX_PART_OCTETS = 255

/** Options 53, 54, 51 and 52: room that option 82 may not take from what a client cannot do without. */
const INDISPENSABLE_OCTETS = 3 + 6 + 6 + 3

/** Where options go: a stretch of the message that ends in End. */
type Field = { readonly options: OutgoingOption[]; room: number }

/**
 * Encodes a message whose options are sent in the order given, option 82 last (RFC 3046 section 2.2).
 *
 * Options that do not fit after the header go to `file`, then `sname`, where these are unused
 * (RFC 2131 section 4.1); an option never overtakes one that is as short as itself, so a mask sent
 * before the routers stays before them (RFC 2132 section 3.3). Values over 255 bytes are sent in
 * parts, side by side (RFC 3396 section 6). The message is padded to 300 bytes.
 *
 * @param options - No pad, end or overload among them.
 * @param maxBytes - Most bytes of UDP payload; below 300 it is read as 300.
 */
export function encodeMessage(
  header: DhcpHeader,
  options: readonly OutgoingOption[],
  maxBytes: number = DEFAULT_MAX_OCTETS,
): EncodedMessage {
  const limit = Math.max(MIN_OCTETS, maxBytes)
  let total = Offset.options + 1
  for (const option of options) total += sizeOf(option)
  if (total > limit) return encodeOverloaded(header, options, limit)
  const bytes = emptyMessage(header, total)
  let at: number = Offset.options
  let relayAgent: OutgoingOption | undefined
  for (const option of options) {
    if (option[0] === RELAY_AGENT_INFORMATION) relayAgent = option
    else at = writeOption(option, bytes, at)
  }
  if (relayAgent !== undefined) at = writeOption(relayAgent, bytes, at)
  bytes[at] = END
  return { bytes, left: [] }
}

function encodeOverloaded(
  header: DhcpHeader,
  options: readonly OutgoingOption[],
  limit: number,
): EncodedMessage {
  const main: Field = { options: [], room: limit - Offset.options - 1 }
  const file: Field = { options: [], room: roomIn(header.file, Offset.cookie - Offset.file) }
  const sname: Field = { options: [], room: roomIn(header.sname, Offset.file - Offset.sname) }
  const relayAgent = options.find(([code]) => code === RELAY_AGENT_INFORMATION)
  const left = placeAll(options, relayAgent, [main, file, sname])
  const bits =
    (file.options.length > 0 ? Overload.file : 0) | (sname.options.length > 0 ? Overload.sname : 0)
  if (bits !== 0) main.options.push([OPTION_OVERLOAD, Uint8Array.of(bits)])
  if (relayAgent !== undefined && !left.includes(RELAY_AGENT_INFORMATION)) {
    main.options.push(relayAgent)
  }
  const total = main.options.reduce((sum, option) => sum + sizeOf(option), Offset.options + 1)
  const bytes = emptyMessage(header, total)
  writeField(main, bytes, Offset.options)
  if (file.options.length > 0) writeField(file, bytes, Offset.file)
  if (sname.options.length > 0) writeField(sname, bytes, Offset.sname)
  return { bytes, left }
}

/** Gives each option the first field with room for it; returns the codes that found none. */
function placeAll(
  options: readonly OutgoingOption[],
  relayAgent: OutgoingOption | undefined,
  fields: readonly [main: Field, file: Field, sname: Field],
): readonly number[] {
  const [main] = fields
  const overloadOctets = 3
  const relayAgentOctets = relayAgent === undefined ? 0 : sizeOf(relayAgent)
  const keepsRelayAgent = relayAgentOctets <= main.room - INDISPENSABLE_OCTETS
  main.room -= overloadOctets + (keepsRelayAgent ? relayAgentOctets : 0)
  const left: number[] = []
  for (const option of options) {
    if (option === relayAgent) {
      if (!keepsRelayAgent) left.push(RELAY_AGENT_INFORMATION)
      continue
    }
    const octets = sizeOf(option)
    const field = fields.find(({ room }) => room >= octets)
    if (field === undefined) {
      left.push(option[0])
      continue
    }
    field.options.push(option)
    field.room -= octets
  }
  return left
}

/** Bytes for options in an overloaded field; none where the header uses it. */
function roomIn(used: Uint8Array, octets: number): number {
  return used.every((octet) => octet === 0) ? octets - 1 : 0
}

function sizeOf([, { length }]: OutgoingOption): number {
  return length <= MAX_PART_OCTETS ? length + 2 : length + 2 * Math.ceil(length / MAX_PART_OCTETS)
}

/** The header and cookie; the rest is zero, which is padding (RFC 2132 section 3.1). */
function emptyMessage(header: DhcpHeader, total: number): Uint8Array {
  // Node's pool: a fresh typed array of this size costs more than all the rest of a reply.
  const bytes: Uint8Array = Buffer.allocUnsafe(Math.max(MIN_OCTETS, total)).fill(0)
  bytes[Offset.op] = header.op
  bytes[Offset.htype] = header.htype
  bytes[Offset.hlen] = header.hlen
  bytes[Offset.hops] = header.hops
  writeUint32(header.xid, bytes, Offset.xid)
  writeUint16(header.secs, bytes, Offset.secs)
  writeUint16(header.flags, bytes, Offset.flags)
  writeIpv4(header.ciaddr, bytes, Offset.ciaddr)
  writeIpv4(header.yiaddr, bytes, Offset.yiaddr)
  writeIpv4(header.siaddr, bytes, Offset.siaddr)
  writeIpv4(header.giaddr, bytes, Offset.giaddr)
  copy(header.chaddr, bytes, Offset.chaddr)
  copy(header.sname, bytes, Offset.sname)
  copy(header.file, bytes, Offset.file)
  writeUint32(COOKIE, bytes, Offset.cookie)
  return bytes
}

function writeField({ options }: Field, bytes: Uint8Array, from: number): void {
  let at = from
  for (const option of options) at = writeOption(option, bytes, at)
  bytes[at] = END
}

/** RFC 3396 section 6: parts of at most 255 bytes, one after the other. */
function writeOption([code, value]: OutgoingOption, bytes: Uint8Array, from: number): number {
  let at = from
  let done = 0
  do {
    const length = Math.min(MAX_PART_OCTETS, value.length - done)
    bytes[at] = code
    bytes[at + 1] = length
    at += 2
    for (const end = done + length; done < end; done++) bytes[at++] = uint8At(value, done)
  } while (done < value.length)
  return at
}

/** A loop, not `set`: the fields are short, and a view for each would cost more than its bytes. */
function copy(from: Uint8Array, to: Uint8Array, at: number): void {
  for (let index = 0; index < from.length; index++) to[at + index] = uint8At(from, index)
}
