import { type Ipv4, ipv4ToBytes, UNSPECIFIED } from '../net/ipv4.ts'
import { type DhcpHeader, encodeMessage } from '../wire/dhcp/encode-message.ts'
import {
  BOOTREPLY,
  BROADCAST_FLAG,
  type DhcpMessage,
  MessageType,
  type OutgoingOption,
} from '../wire/dhcp/message.ts'
import type { DhcpEffect, ReplyDestination } from './effect.ts'
import type { NakReason } from './events.ts'
import type { Exchange } from './exchange.ts'
import { Option } from './option-codes.ts'
import { readUint16 } from './read-option.ts'
import { nakDestination, replyDestination } from './reply-destination.ts'

/** What an OFFER or ACK says. */
export type ReplyContent = {
  readonly type: 'offer' | 'ack'
  /** 0.0.0.0 in the answer to an INFORM. */
  readonly yiaddr: Ipv4
  /** Null in the answer to an INFORM (RFC 2131 section 4.3.5). */
  readonly leaseSeconds: number | null
  /** The ACK answers a DISCOVER (RFC 4039 section 4). */
  readonly isRapid: boolean
}

/** A reply ready to be sent, and the options that found no room in it. */
export type BuiltReply = { readonly effect: DhcpEffect; readonly omitted: readonly number[] }

const EMPTY = new Uint8Array(0)
const TYPE_OPTION = {
  offer: [Option.messageType, Uint8Array.of(MessageType.offer)],
  ack: [Option.messageType, Uint8Array.of(MessageType.ack)],
  nak: [Option.messageType, Uint8Array.of(MessageType.nak)],
} as const satisfies Record<string, OutgoingOption>
const RAPID_COMMIT_OPTION: OutgoingOption = [Option.rapidCommit, EMPTY]

/** Builds an OFFER or ACK: header by RFC 2131 table 3, options, destination. */
export function buildReply(exchange: Exchange, content: ReplyContent): BuiltReply {
  const { message, scope, options, vendorClass } = exchange
  const { type, yiaddr, leaseSeconds } = content
  const outgoing: OutgoingOption[] = [TYPE_OPTION[type], serverIdOption(exchange)]
  if (leaseSeconds !== null) outgoing.push(...options.leaseTimes(leaseSeconds))
  if (content.isRapid) outgoing.push(RAPID_COMMIT_OPTION)
  pushReturned(outgoing, exchange)
  outgoing.push(...options.choose(message.options.get(Option.parameterRequestList), vendorClass))
  pushRelayAgentInformation(outgoing, exchange)
  const header = replyHeader(message, {
    flags: message.flags & BROADCAST_FLAG,
    ciaddr: type === 'ack' ? message.ciaddr : UNSPECIFIED,
    yiaddr,
    siaddr: scope.siaddr,
  })
  return built(header, outgoing, message, replyDestination(exchange, yiaddr))
}

/** Builds a NAK: no addresses, no parameters (RFC 2131 table 3), and the reason in words. */
export function buildNak(exchange: Exchange, reason: NakReason): BuiltReply {
  const { message } = exchange
  const outgoing: OutgoingOption[] = [
    TYPE_OPTION.nak,
    serverIdOption(exchange),
    [Option.message, MESSAGES[reason]],
  ]
  pushReturned(outgoing, exchange)
  pushRelayAgentInformation(outgoing, exchange)
  // RFC 2131 section 4.3.2: a relay agent is to broadcast it, the client has no address.
  const flags = message.giaddr !== 0 ? BROADCAST_FLAG : message.flags & BROADCAST_FLAG
  const header = replyHeader(message, {
    flags,
    ciaddr: UNSPECIFIED,
    yiaddr: UNSPECIFIED,
    siaddr: UNSPECIFIED,
  })
  return built(header, outgoing, message, nakDestination(exchange))
}

function replyHeader(
  { htype, hlen, xid, giaddr, chaddr }: DhcpMessage,
  own: Pick<DhcpHeader, 'flags' | 'ciaddr' | 'yiaddr' | 'siaddr'>,
): DhcpHeader {
  const { flags, ciaddr, yiaddr, siaddr } = own
  return {
    op: BOOTREPLY,
    htype,
    hlen,
    hops: 0,
    xid,
    secs: 0,
    flags,
    ciaddr,
    yiaddr,
    siaddr,
    giaddr,
    chaddr,
    sname: EMPTY,
    file: EMPTY,
  }
}

function built(
  header: DhcpHeader,
  options: readonly OutgoingOption[],
  message: DhcpMessage,
  destination: ReplyDestination,
): BuiltReply {
  const { bytes, left } = encodeMessage(header, options, maxOctets(message))
  return { effect: { kind: 'send', bytes, destination }, omitted: left }
}

/** IP and UDP headers, which option 57 counts. */
const HEADERS_OCTETS = 28
const LEAST_DATAGRAM = 576
/** More than an Ethernet frame holds would be sent in fragments, which phones need not put together. */
const LARGEST_DATAGRAM = 1500

/** RFC 2132 section 9.10: less than 576 is not legal, and read as 576 like no value at all. */
function maxOctets(message: DhcpMessage): number {
  const asked = readUint16(message, Option.maxMessageSize) ?? LEAST_DATAGRAM
  return Math.min(Math.max(asked, LEAST_DATAGRAM), LARGEST_DATAGRAM) - HEADERS_OCTETS
}

function serverIdOption({ serverId }: Exchange): OutgoingOption {
  return [Option.serverIdentifier, ipv4ToBytes(serverId)]
}

/** What is returned as it came: option 61 (RFC 6842 section 3) and option 118 (RFC 3011 section 2). */
function pushReturned(outgoing: OutgoingOption[], exchange: Exchange): void {
  const { options } = exchange.message
  const identifier = options.get(Option.clientIdentifier)
  if (identifier !== undefined) outgoing.push([Option.clientIdentifier, identifier])
  const subnet = options.get(Option.subnetSelection)
  if (exchange.isBySubnetOption && subnet !== undefined) {
    outgoing.push([Option.subnetSelection, subnet])
  }
}

/** Option 82 comes back whole and last (RFC 3046 section 2.2), whichever agent added it. */
function pushRelayAgentInformation(outgoing: OutgoingOption[], { message }: Exchange): void {
  const value = message.options.get(Option.relayAgentInformation)
  if (value !== undefined) outgoing.push([Option.relayAgentInformation, value])
}

/** Option 56 (RFC 2132 section 9.9): for a reader of a capture. */
const MESSAGES: Readonly<Record<NakReason, Uint8Array>> = {
  'wrong-network': ascii('address is not of this network'),
  taken: ascii('address is in use by another client'),
  'offered-to-another': ascii('address is offered to another client'),
  declined: ascii('address was seen in use'),
  'not-available': ascii('address is not available'),
  'other-address': ascii('client has another address'),
  'unknown-client': ascii('client has no lease here'),
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}
