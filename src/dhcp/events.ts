import type { ClientKey } from '../leases/binding.ts'
import { formatIpv4, type Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import type { DropReason } from './drop-reason.ts'

/** What a REQUEST is for (RFC 2131 section 4.3.2, table 4), and the two other ways to an ACK. */
export type RequestKind =
  | 'selecting'
  | 'init-reboot'
  | 'renewing'
  | 'rebinding'
  /** A DISCOVER answered by an ACK at once (RFC 4039). */
  | 'rapid-commit'
  /** An INFORM: parameters without a lease (RFC 2131 section 3.4). */
  | 'inform'

/** What is known of the message that an event is about. */
export type MessageFacts = {
  /** The network; null where none was found for the message. */
  readonly scope: string | null
  readonly interfaceName: string | null
  readonly mac: Mac | null
  /** Null where the message names no client that could be told from others. */
  readonly client: ClientKey | null
  readonly xid: number
  /** The relay agent; 0.0.0.0 where there was none. */
  readonly giaddr: Ipv4
  /** Option 60 made printable, without trailing NUL; empty if none. */
  readonly vendorClass: string
  /** Option 12 made printable; empty if none. */
  readonly hostName: string
  /** The device has just started: a DISCOVER, or a REQUEST in INIT-REBOOT. */
  readonly isBoot: boolean
}

/**
 * An address was offered. Follows each DISCOVER that is served; an OFFER without a REQUEST soon
 * after means that the client took another server or never got it: look at the path back.
 */
export type OfferSent = MessageFacts & {
  readonly event: 'dhcp.offer.sent'
  readonly address: Ipv4
  readonly leaseSeconds: number
  /** By which rule of RFC 2131 section 4.3.1 the address was chosen. */
  readonly rule: 'reservation' | 'current' | 'offered' | 'previous' | 'requested' | 'free'
  /** Options that found no room in what the client can take; 82 among them: RFC 3046 section 2.2. */
  readonly omitted: readonly number[]
}

/**
 * A binding was granted or prolonged, and is stored; or an INFORM was answered. The end of every
 * exchange that went well, nothing to do.
 */
export type AckSent = MessageFacts & {
  readonly event: 'dhcp.ack.sent'
  readonly requestKind: RequestKind
  readonly address: Ipv4
  /** Null for an INFORM, which has no lease. */
  readonly leaseSeconds: number | null
  /** False where the lease runs out because the configuration has moved on. */
  readonly isExtended: boolean
  readonly omitted: readonly number[]
}

/**
 * A claim on an address was refused, and the client told so; it will send a DISCOVER at once.
 * Usual after a device changed networks; often repeated, look for a second server.
 */
export type NakSent = MessageFacts & {
  readonly event: 'dhcp.nak.sent'
  readonly requestKind: RequestKind
  readonly address: Ipv4
  readonly reason: NakReason
}

/** Why a claim was refused. */
export type NakReason =
  | 'wrong-network'
  | 'taken'
  | 'offered-to-another'
  | 'declined'
  | 'not-available'
  /** Our record of this client says another address. */
  | 'other-address'
  /** We have no record of this client, and the network says that we would have one. */
  | 'unknown-client'

/**
 * A message got no answer, for the reason given. Expected for devices that are not enrolled; the
 * reason says whose turn it is.
 */
export type MessageIgnored = MessageFacts & {
  readonly event:
    | 'dhcp.message.ignored'
    | 'dhcp.discover.ignored'
    | 'dhcp.request.ignored'
    | 'dhcp.decline.ignored'
    | 'dhcp.release.ignored'
    | 'dhcp.inform.ignored'
  readonly reason: DropReason
  /** Null for what is no REQUEST, or too broken a one. */
  readonly requestKind: RequestKind | null
  /** What the message was about; null if nothing. */
  readonly address: Ipv4 | null
  /** Where the datagram came from: the client, its relay agent, or a device that poses as them. */
  readonly source: Ipv4
}

/**
 * A DISCOVER waits while a probe asks whether a device uses the address. The OFFER follows
 * within a second; if it never does, the address was in use: see `dhcp.address.conflict`.
 */
export type DiscoverProbing = MessageFacts & {
  readonly event: 'dhcp.discover.probing'
  readonly address: Ipv4
  /** The address is another client's, who has been silent and may lose it. */
  readonly isReclaim: boolean
}

/** A client gave its address back. Phones do before they move to the voice VLAN; nothing to do. */
export type LeaseReleased = MessageFacts & {
  readonly event: 'dhcp.lease.released'
  readonly address: Ipv4
}

/**
 * A client found its address in use by another device, so no client gets it until `untilAtMs`. Find
 * the device with that address typed in, or the second DHCP server; then free it over the API.
 */
export type AddressDeclined = MessageFacts & {
  readonly event: 'dhcp.address.declined'
  readonly address: Ipv4
  readonly untilAtMs: number
}

/** Our own look at the wire found a free address in use; otherwise as `dhcp.address.declined`. */
export type AddressConflict = MessageFacts & {
  readonly event: 'dhcp.address.conflict'
  readonly address: Ipv4
  readonly untilAtMs: number
}

/**
 * The pool was full, and the lease of a client that no longer answers was ended for a new one.
 * If the old one comes back it gets a NAK and another address. Seen often: the pool is too small.
 */
export type LeaseReclaimed = MessageFacts & {
  readonly event: 'dhcp.lease.reclaimed'
  readonly address: Ipv4
  readonly formerClient: ClientKey
  readonly formerMac: Mac | null
}

/**
 * Another DHCP server answers on one of our networks. Phones take whichever answer comes first,
 * so switch it off, or set `onRogueServer: refuse` to leave the network to it. Reported when it is first
 * heard, when it is proven to be there, and every five minutes while it stays.
 */
export type RogueSeen = {
  readonly event: 'dhcp.rogue.seen'
  readonly scope: string
  readonly interfaceName: string | null
  readonly server: Ipv4
  /** Where the packet came from: the server, or its relay. */
  readonly source: Ipv4
  /** What it offered; 0.0.0.0 for nothing. */
  readonly offered: Ipv4
  /** The network is left to it: it has answered two looks of ours. */
  readonly isRefusing: boolean
}

/** Another DHCP server has not answered two looks in a row: the network is ours again. */
export type RogueGone = {
  readonly event: 'dhcp.rogue.gone'
  readonly scope: string
  readonly interfaceName: string | null
  readonly server: Ipv4
}

/** Everything that the DHCP engine reports. Each reply and each silence is explained by one. */
export type DhcpEvent =
  | OfferSent
  | AckSent
  | NakSent
  | MessageIgnored
  | DiscoverProbing
  | LeaseReleased
  | AddressDeclined
  | AddressConflict
  | LeaseReclaimed
  | RogueSeen
  | RogueGone

const ADDRESS_FIELDS = new Set(['address', 'giaddr', 'server', 'source', 'offered'])

/** The event as a log line or an API shows it: addresses as dotted quads, xid in hex. */
export function eventFields(event: DhcpEvent): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(event)) {
    if (typeof value !== 'number') fields[name] = value
    else if (ADDRESS_FIELDS.has(name)) fields[name] = formatIpv4(value as Ipv4)
    else if (name === 'xid') fields[name] = value.toString(16).padStart(8, '0')
    else fields[name] = value
  }
  return fields
}
