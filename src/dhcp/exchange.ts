import type { Grant } from '../leases/lease-decision.ts'
import type { LeaseClient } from '../leases/lease-scope.ts'
import type { LeaseTable } from '../leases/lease-table.ts'
import type { Ipv4 } from '../net/ipv4.ts'
import { hexOf } from '../net/mac.ts'
import type { DhcpMessage } from '../wire/dhcp/message.ts'
import type { DropReason } from './drop-reason.ts'
import type { Arrival, DhcpEffect } from './effect.ts'
import type { MessageFacts, MessageIgnored, RequestKind } from './events.ts'
import { expiryOf } from './lease-time.ts'
import type { RelaySources } from './message-origin.ts'
import { Option } from './option-codes.ts'
import { type RelayInformation, rememberedOverride, serverIdOverride } from './relay-information.ts'
import type { ReplyOptions } from './reply-options.ts'
import type { Scope } from './scope.ts'
import type { StoredPromises } from './stored-promises.ts'

/** One message of an admitted client, with all that was found out about it. */
export type Exchange = {
  readonly message: DhcpMessage
  readonly arrival: Arrival
  readonly relay: RelayInformation
  readonly scope: Scope
  readonly options: ReplyOptions
  /** Option 118 chose the scope, so it is returned (RFC 3011 section 2). */
  readonly isBySubnetOption: boolean
  readonly client: LeaseClient
  /** Option 60 as sent, trailing NUL removed. */
  readonly vendorClass: string
  /** Option 54 of the reply. */
  readonly serverId: Ipv4
  readonly facts: MessageFacts
  readonly nowMs: number
}

/**
 * Option 54 of replies: our address on the network, unless the relay agent wants to stand in for
 * us (RFC 5107 section 4); what it wanted is remembered for messages that come past it.
 */
export function serverIdFor(
  message: DhcpMessage,
  relay: RelayInformation,
  scope: Scope,
  remembered: string,
): Ipv4 {
  const override = message.giaddr === 0 ? rememberedOverride(remembered) : serverIdOverride(relay)
  return override ?? scope.address
}

/** Silence, and the event that explains it. */
export function ignored(
  exchange: Exchange,
  event: MessageIgnored['event'],
  reason: DropReason,
  about: { readonly address: Ipv4 | null; readonly requestKind: RequestKind | null },
): readonly DhcpEffect[] {
  const { facts, arrival } = exchange
  const source = arrival.sourceAddress
  return [{ kind: 'event', event: { ...facts, event, reason, source, ...about } }]
}

/** What a binding made by this message is granted with. */
export function grantFor(exchange: Exchange, address: Ipv4, leaseSeconds: number): Grant {
  const { message, facts, nowMs } = exchange
  const relayAgent = message.options.get(Option.relayAgentInformation)
  // Only what a relay agent has added: it may decide something later (RFC 3046 section 2.1).
  const isKept = message.giaddr !== 0 && relayAgent !== undefined && relayAgent.length <= 255
  return {
    address,
    expiresAtMs: expiryOf(leaseSeconds, nowMs),
    vendorClass: facts.vendorClass,
    hostName: facts.hostName,
    relayAgent: isKept ? hexOf(relayAgent) : '',
  }
}

/** The exchange with bytes of its own, to be kept beyond the call that brought it. */
export function keptExchange(exchange: Exchange): Exchange {
  const { message, relay } = exchange
  const options = new Map<number, Uint8Array>()
  for (const [code, value] of message.options) options.set(code, value.slice())
  const relayCopy = new Map<number, Uint8Array>()
  for (const [code, value] of relay) relayCopy.set(code, value.slice())
  const { chaddr, sname, file } = message
  return {
    ...exchange,
    relay: relayCopy,
    message: {
      ...message,
      chaddr: chaddr.slice(),
      sname: sname.slice(),
      file: file.slice(),
      options,
    },
  }
}

/** Whether the message names us in option 54 (RFC 2131 section 4.1, RFC 5107 section 4). */
export function isForUs(exchange: Exchange, serverId: Ipv4, isOwn: boolean): boolean {
  if (isOwn || serverId === exchange.serverId) return true
  return serverId !== 0 && serverId === exchange.arrival.localAddress
}

/** What the rules of one message work with. */
export type Tables = {
  readonly leaseTable: LeaseTable
  /** Whether an address is ours, on any network or interface. */
  readonly isOwn: (address: Ipv4) => boolean
  readonly relays: RelaySources
  readonly promises: StoredPromises
}
