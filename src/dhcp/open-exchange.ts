import type { Ipv4 } from '../net/ipv4.ts'
import type { DhcpMessage } from '../wire/dhcp/message.ts'
import { type AdmissionTables, admit } from './admission.ts'
import { type ClientIdentity, identifyClient } from './client-identity.ts'
import type { DropReason } from './drop-reason.ts'
import type { Arrival, DhcpEffect } from './effect.ts'
import type { MessageFacts } from './events.ts'
import { type Exchange, serverIdFor } from './exchange.ts'
import { Option } from './option-codes.ts'
import { printable, readText } from './read-option.ts'
import { readRelayInformation } from './relay-information.ts'
import { requestKindOf } from './request.ts'
import type { RogueProbe } from './rogue-probe.ts'
import type { Scope } from './scope.ts'
import type { AuthorityOf, ScopeAuthority } from './scope-authority.ts'
import { type ScopeIndex, selectScope } from './select-scope.ts'

/** The messages that a client may send (RFC 2131 section 3.1, table 2). */
export type ClientMessageType = 'discover' | 'request' | 'decline' | 'release' | 'inform'

/** What the first look at a message works with. */
export type OpeningTables = {
  readonly type: ClientMessageType
  readonly index: ScopeIndex
  readonly rogues: RogueProbe
  readonly admission: AdmissionTables
  readonly authorityOf: AuthorityOf
}

/** A message of a client that we serve, or the event that explains why we do not. */
export type OpenedExchange =
  | {
      readonly kind: 'open'
      readonly exchange: Exchange
      readonly authority: Exclude<ScopeAuthority, 'none'>
    }
  | { readonly kind: 'ignored'; readonly effect: DhcpEffect }
  /** Another server answers on this scope: the message is nothing to us, not even an event. */
  | { readonly kind: 'left' }

/** Finds out what every message is asked first: from whom, about which network, admitted or not. */
export function openExchange(
  message: DhcpMessage,
  arrival: Arrival,
  nowMs: number,
  { type, index, rogues, admission, authorityOf }: OpeningTables,
): OpenedExchange {
  const identity = identifyClient(message)
  if (identity === undefined) return refused(message, arrival, type, 'no-identity')
  const relay = readRelayInformation(message)
  if (relay === undefined) return refused(message, arrival, type, 'malformed-option')
  const selection = selectScope(index, message, arrival, relay)
  if (selection.kind === 'none') return refused(message, arrival, type, selection.reason)
  const { scope, options } = selection.served
  const authority = authorityOf(scope.name, nowMs)
  if (authority === 'none') return { kind: 'left' }
  const facts = factsOf(message, arrival, { identity, scope, type })
  const source = arrival.sourceAddress
  if (rogues.refusalOn(scope.name) !== null) {
    return refusedBy(facts, message, { type, source, reason: 'rogue-server' })
  }
  const { client, refusal } = admit(scope, identity, facts.vendorClass, admission)
  // What a client gives back it must hold, which is proof enough.
  if (refusal !== null && type !== 'release' && type !== 'decline') {
    return refusedBy(facts, message, { type, source, reason: refusal })
  }
  const remembered = admission.leaseTable.recordOf(scope.name, client.key)?.relayAgent ?? ''
  const exchange = {
    message,
    arrival,
    relay,
    scope,
    options,
    isBySubnetOption: selection.isBySubnetOption,
    client,
    vendorClass: scope.classes.size === 0 ? '' : readText(message, Option.vendorClass),
    serverId: serverIdFor(message, relay, scope, remembered),
    facts,
    nowMs,
  }
  return { kind: 'open', exchange, authority }
}

/** The event for a message that is not looked into. */
export function unserved(
  message: DhcpMessage,
  arrival: Arrival,
  type: ClientMessageType | 'message',
  reason: DropReason,
): DhcpEffect {
  const identity = identifyClient(message) ?? null
  const facts = factsOf(message, arrival, { identity, scope: null, type })
  return ignoredEvent(facts, message, { type, source: arrival.sourceAddress, reason })
}

function refused(
  message: DhcpMessage,
  arrival: Arrival,
  type: ClientMessageType,
  reason: DropReason,
): OpenedExchange {
  return { kind: 'ignored', effect: unserved(message, arrival, type, reason) }
}

function refusedBy(facts: MessageFacts, message: DhcpMessage, refusal: Refusal): OpenedExchange {
  return { kind: 'ignored', effect: ignoredEvent(facts, message, refusal) }
}

type Refusal = {
  readonly type: ClientMessageType | 'message'
  readonly source: Ipv4
  readonly reason: DropReason
}

function ignoredEvent(
  facts: MessageFacts,
  message: DhcpMessage,
  { type, source, reason }: Refusal,
): DhcpEffect {
  const requestKind = type === 'request' ? requestKindOf(message, NO_RELAY) : null
  const address = message.ciaddr === 0 ? null : message.ciaddr
  return {
    kind: 'event',
    event: { event: `dhcp.${type}.ignored`, ...facts, reason, requestKind, address, source },
  }
}

const NO_RELAY = new Map<number, Uint8Array>()

type FactsSource = {
  readonly identity: ClientIdentity | null
  readonly scope: Scope | null
  readonly type: ClientMessageType | 'message'
}

function factsOf(
  message: DhcpMessage,
  { interfaceName }: Arrival,
  { identity, scope, type }: FactsSource,
): MessageFacts {
  return {
    scope: scope?.name ?? null,
    interfaceName,
    mac: identity?.mac ?? null,
    client: identity?.key ?? null,
    xid: message.xid,
    giaddr: message.giaddr,
    vendorClass: printable(readText(message, Option.vendorClass)),
    hostName: printable(readText(message, Option.hostName)),
    isBoot:
      type === 'discover' ||
      (type === 'request' && requestKindOf(message, NO_RELAY) === 'init-reboot'),
  }
}
