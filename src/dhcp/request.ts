import type { Claim } from '../leases/lease-decision.ts'
import type { OfferHold } from '../leases/offer-holds.ts'
import type { Ipv4 } from '../net/ipv4.ts'
import { isHostAddress } from '../net/subnet.ts'
import type { DhcpMessage } from '../wire/dhcp/message.ts'
import type { DropReason } from './drop-reason.ts'
import type { DhcpEffect } from './effect.ts'
import type { NakReason, RequestKind } from './events.ts'
import { type Exchange, ignored, isForUs, type Tables } from './exchange.ts'
import { grantBinding } from './grant-binding.ts'
import { remainingSeconds, requestedSeconds } from './lease-time.ts'
import { Option } from './option-codes.ts'
import { readAddress } from './read-option.ts'
import { type RelayInformation, wasUnicast } from './relay-information.ts'
import { buildNak } from './reply.ts'

/** The states of RFC 2131 table 4 in which a client sends a REQUEST. */
type ClientState = Exclude<RequestKind, 'rapid-commit' | 'inform'>

/**
 * Tells what a REQUEST is for by the fields that it has (RFC 2131 section 4.3.2, table 4).
 *
 * Renewing and rebinding differ only in how they were sent. A relay agent says so (RFC 5010); of
 * what reaches us directly, `request` finds out by the age of the lease.
 *
 * @returns Null where the message fits none.
 */
export function requestKindOf(message: DhcpMessage, relay: RelayInformation): ClientState | null {
  if (message.options.has(Option.serverIdentifier)) return 'selecting'
  if (message.ciaddr !== 0) {
    return message.giaddr === 0 || wasUnicast(relay) ? 'renewing' : 'rebinding'
  }
  return message.options.has(Option.requestedAddress) ? 'init-reboot' : null
}

/** Answers a REQUEST by the state that the client is in (RFC 2131 section 4.3.2). */
export function request(exchange: Exchange, tables: Tables): readonly DhcpEffect[] {
  const { message, relay } = exchange
  const kind = requestKindOf(message, relay)
  const asked = readAddress(message, Option.requestedAddress)
  switch (kind) {
    case null:
      return silence(exchange, null, null, 'no-address')
    case 'selecting':
      return selecting(exchange, tables, asked ?? (message.ciaddr === 0 ? null : message.ciaddr))
    case 'init-reboot':
      if (asked === null || asked === undefined) {
        return silence(exchange, kind, null, 'malformed-option')
      }
      return initReboot(exchange, tables, asked)
    case 'renewing':
    case 'rebinding':
      return renewing(exchange, tables, kind)
    /* c8 ignore next 2 -- the compiler proves that there is no other value */
    default:
      return kind satisfies never
  }
}

/** The client has chosen an OFFER: ours, or another server's. */
function selecting(
  exchange: Exchange,
  tables: Tables,
  address: Ipv4 | null,
): readonly DhcpEffect[] {
  const { message, scope, client } = exchange
  const serverId = readAddress(message, Option.serverIdentifier)
  if (serverId === undefined || serverId === null) {
    return silence(exchange, 'selecting', address, 'malformed-option')
  }
  // RFC 2131 section 3.1 (4): those not chosen take it as a decline of their offer.
  if (!isForUs(exchange, serverId, tables.isOwn(serverId))) {
    tables.leaseTable.dropHold(scope.name, client.key)
    return silence(exchange, 'selecting', address, 'other-server')
  }
  if (address === null) return silence(exchange, 'selecting', null, 'no-address')
  const claim = claimOn(exchange, tables, address)
  if (claim === 'wrong-network') return nak(exchange, 'selecting', address, claim)
  if (claim.kind === 'refused') return nak(exchange, 'selecting', address, claim.reason)
  // The ACK must not contradict the OFFER (RFC 2131 section 4.3.1).
  const promised = offerOf(exchange, tables, address)?.leaseSeconds ?? scope.leaseSeconds
  return ack(exchange, tables, { kind: 'selecting', address, claim, defaultSeconds: promised })
}

/**
 * The client has restarted and would like to go on with the address that it remembers (RFC 2131
 * section 4.3.2).
 *
 * | The address, by our records             | The client gets                                    |
 * |-----------------------------------------|----------------------------------------------------|
 * | its own                                 | ACK                                                |
 * | its own, but the configuration moved on | NAK: a device that starts loses nothing by it      |
 * | offered to it, by us, a moment ago      | ACK as `selecting`: simple clients omit option 54  |
 * | not its own                             | silence or NAK, by the table of `withoutBinding`   |
 */
function initReboot(exchange: Exchange, tables: Tables, address: Ipv4): readonly DhcpEffect[] {
  const claim = claimOn(exchange, tables, address)
  if (claim === 'wrong-network') {
    return withoutBinding(exchange, tables, { kind: 'init-reboot', address, claim })
  }
  if (isOwnClaim(claim)) {
    // The moment for an edited reservation to count.
    if (claim.kind === 'bound' && !claim.mayExtend) {
      return nak(exchange, 'init-reboot', address, 'other-address')
    }
    const defaultSeconds = exchange.scope.leaseSeconds
    return ack(exchange, tables, { kind: 'init-reboot', address, claim, defaultSeconds })
  }
  const offer = offerOf(exchange, tables, address)
  if (offer !== undefined && claim.kind === 'offered') {
    const defaultSeconds = offer.leaseSeconds
    return ack(exchange, tables, { kind: 'selecting', address, claim, defaultSeconds })
  }
  return withoutBinding(exchange, tables, { kind: 'init-reboot', address, claim })
}

/** The client uses its address and wants to keep it. */
function renewing(
  exchange: Exchange,
  tables: Tables,
  sentAs: 'renewing' | 'rebinding',
): readonly DhcpEffect[] {
  const { message, scope } = exchange
  const address = message.ciaddr
  const claim = claimOn(exchange, tables, address)
  const kind = claim === 'wrong-network' ? sentAs : kindByAge(exchange, claim, sentAs)
  if (claim !== 'wrong-network' && isOwnClaim(claim)) {
    return ack(exchange, tables, { kind, address, claim, defaultSeconds: scope.leaseSeconds })
  }
  return withoutBinding(exchange, tables, { kind, address, claim })
}

type Unbound = {
  readonly kind: ClientState
  readonly address: Ipv4
  readonly claim: Claim | 'wrong-network'
}

/**
 * Answers a client that goes by an address which is not its own here. The first row that fits:
 *
 * | The address          | The client                       | gets                                |
 * |----------------------|----------------------------------|-------------------------------------|
 * | of a peer's pool     | any                              | silence: it may hold a peer's lease |
 * | any                  | unknown, scope not authoritative | silence, a MUST without a record    |
 * | of another network   | any                              | NAK `wrong-network`                 |
 * | another client's, …  | any                              | NAK with that reason                |
 * | free                 | known                            | NAK `other-address`                 |
 * | free                 | unknown, scope authoritative     | NAK `unknown-client`, our extension |
 */
function withoutBinding(
  exchange: Exchange,
  tables: Tables,
  { kind, address, claim }: Unbound,
): readonly DhcpEffect[] {
  const { scope, client } = exchange
  if (mayBeOfPeer(exchange, tables, address)) {
    return silence(exchange, kind, address, 'left-to-peer')
  }
  const isKnown = tables.leaseTable.recordOf(scope.name, client.key) !== undefined
  // RFC 2131 section 4.3.2: without a record MUST be silent; authoritative is our extension.
  if (!isKnown && !scope.authoritative) return silence(exchange, kind, address, 'unknown-client')
  if (claim === 'wrong-network') return nak(exchange, kind, address, claim)
  if (claim.kind === 'refused') return nak(exchange, kind, address, claim.reason)
  return nak(exchange, kind, address, isKnown ? 'other-address' : 'unknown-client')
}

/** Past T2 a client broadcasts (RFC 2131 section 4.4.5). */
function kindByAge(
  { message, nowMs }: Exchange,
  claim: Claim,
  sentAs: 'renewing' | 'rebinding',
): 'renewing' | 'rebinding' {
  if (message.giaddr !== 0 || claim.kind !== 'bound') return sentAs
  const { grantedAtMs, expiresAtMs } = claim.binding
  return (nowMs - grantedAtMs) * 8 >= (expiresAtMs - grantedAtMs) * 7 ? 'rebinding' : sentAs
}

type Confirmation = {
  readonly kind: ClientState
  readonly address: Ipv4
  readonly claim: Claim
  /** For a client that names no lease time. */
  readonly defaultSeconds: number
}

/** Binds, and says so once that is stored. */
function ack(
  exchange: Exchange,
  tables: Tables,
  { kind, address, claim, defaultSeconds }: Confirmation,
): readonly DhcpEffect[] {
  const { message, scope, nowMs } = exchange
  const wanted = requestedSeconds(message, scope) ?? defaultSeconds
  const isExtended = claim.kind !== 'bound' || claim.mayExtend
  const leaseSeconds =
    claim.kind === 'bound' && !claim.mayExtend
      ? Math.min(wanted, remainingSeconds(claim.binding, nowMs))
      : wanted
  return grantBinding(exchange, tables, { requestKind: kind, address, leaseSeconds, isExtended })
}

function nak(
  exchange: Exchange,
  requestKind: RequestKind,
  address: Ipv4,
  reason: NakReason,
): readonly DhcpEffect[] {
  const { effect } = buildNak(exchange, reason)
  const { facts } = exchange
  return [
    effect,
    { kind: 'event', event: { event: 'dhcp.nak.sent', ...facts, requestKind, address, reason } },
  ]
}

function silence(
  exchange: Exchange,
  requestKind: RequestKind | null,
  address: Ipv4 | null,
  reason: DropReason,
): readonly DhcpEffect[] {
  return ignored(exchange, 'dhcp.request.ignored', reason, { address, requestKind })
}

function claimOn(exchange: Exchange, tables: Tables, address: Ipv4): Claim | 'wrong-network' {
  const { scope, client, nowMs } = exchange
  if (!isHostAddress(scope.subnet, address)) return 'wrong-network'
  return tables.leaseTable.claim(scope.name, client, address, nowMs)
}

/** The running OFFER of this address to this client; one that waits for the wire has not been sent. */
function offerOf(
  { scope, client, nowMs }: Exchange,
  { leaseTable }: Tables,
  address: Ipv4,
): OfferHold | undefined {
  const hold = leaseTable.holdOf(scope.name, client.key, nowMs)
  return hold?.address === address && hold.isCleared ? hold : undefined
}

/**
 * Whether the claim may rest on a lease of a peer: its pool is not ours, so we neither know it nor
 * may a NAK of ours end it, whatever an older record of ours says.
 */
function mayBeOfPeer({ scope, nowMs }: Exchange, { leaseTable }: Tables, address: Ipv4): boolean {
  if (scope.peers.length === 0 || !isHostAddress(scope.subnet, address)) return false
  return !leaseTable.isOurs(scope.name, address, nowMs)
}

/** Whether our records say that the address is the client's, without an OFFER to go by. */
function isOwnClaim(claim: Claim): boolean {
  return claim.kind === 'bound' || (claim.kind !== 'refused' && claim.isKnown)
}
