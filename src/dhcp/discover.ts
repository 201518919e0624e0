import type { Choice } from '../leases/lease-decision.ts'
import type { Ipv4 } from '../net/ipv4.ts'
import type { DropReason } from './drop-reason.ts'
import type { DhcpEffect } from './effect.ts'
import type { OfferSent } from './events.ts'
import { type Exchange, ignored, type Tables } from './exchange.ts'
import { grantBinding } from './grant-binding.ts'
import { offeredSeconds } from './lease-time.ts'
import { Option } from './option-codes.ts'
import { readAddress } from './read-option.ts'
import { buildReply } from './reply.ts'

/** What a DISCOVER comes to. */
export type DiscoverOutcome =
  | { readonly kind: 'answered'; readonly effects: readonly DhcpEffect[] }
  /** The address is held for the client; ask the wire first, then call `offer`. */
  | { readonly kind: 'probe'; readonly choice: Choice }
  | { readonly kind: 'exhausted' }

/**
 * Answers a DISCOVER (RFC 2131 section 4.3.1): an address, held for the client, and its OFFER.
 *
 * An address that the client holds now, or that was looked for a moment ago, is offered at once.
 *
 * @param mayProbe - False where the wire cannot be asked now; better an unprobed OFFER than none.
 */
export function discover(exchange: Exchange, tables: Tables, mayProbe: boolean): DiscoverOutcome {
  const { scope, client, message, nowMs } = exchange
  const requested = readAddress(message, Option.requestedAddress) ?? null
  const choice = tables.leaseTable.choose(scope.name, client, requested, nowMs)
  if (choice === undefined) return { kind: 'exhausted' }
  const hold = tables.leaseTable.holdOf(scope.name, client.key, nowMs)
  const isCleared = choice.binding !== null || (hold?.address === choice.address && hold.isCleared)
  if (isCleared || !scope.probe || !mayProbe) {
    return { kind: 'answered', effects: offer(exchange, tables, choice) }
  }
  keep(exchange, tables, choice, false)
  return { kind: 'probe', choice }
}

/** Holds the address and offers it; with rapid commit, binds it at once (RFC 4039 section 3.1). */
export function offer(exchange: Exchange, tables: Tables, choice: Choice): readonly DhcpEffect[] {
  const { scope, message } = exchange
  if (scope.rapidCommit && message.options.has(Option.rapidCommit)) {
    return commitRapidly(exchange, tables, choice)
  }
  const leaseSeconds = keep(exchange, tables, choice, true)
  const { address, rule } = choice
  return sendOffer(exchange, { address, leaseSeconds, rule })
}

/** An OFFER, and its event. */
export function sendOffer(
  exchange: Exchange,
  offered: Pick<OfferSent, 'address' | 'leaseSeconds' | 'rule'>,
): readonly DhcpEffect[] {
  const { address: yiaddr, leaseSeconds } = offered
  const content = { type: 'offer', yiaddr, leaseSeconds, isRapid: false } as const
  const { effect, omitted } = buildReply(exchange, content)
  const { facts } = exchange
  return [
    effect,
    { kind: 'event', event: { event: 'dhcp.offer.sent', ...facts, ...offered, omitted } },
  ]
}

/** Silence towards a client that asked for an address. */
export function discoverIgnored(
  exchange: Exchange,
  reason: DropReason,
  address: Ipv4 | null = null,
): readonly DhcpEffect[] {
  return ignored(exchange, 'dhcp.discover.ignored', reason, { address, requestKind: null })
}

function keep(exchange: Exchange, tables: Tables, choice: Choice, isCleared: boolean): number {
  const { scope, client, message, nowMs } = exchange
  const leaseSeconds = offeredSeconds(message, scope, choice.binding, nowMs)
  tables.leaseTable.hold(scope.name, {
    client: client.key,
    mac: client.mac,
    address: choice.address,
    leaseSeconds,
    isCleared,
    heldUntilMs: nowMs + scope.offerHoldMs,
  })
  return leaseSeconds
}

function commitRapidly(exchange: Exchange, tables: Tables, choice: Choice): readonly DhcpEffect[] {
  const { scope, message, nowMs } = exchange
  const { address } = choice
  const leaseSeconds = offeredSeconds(message, scope, choice.binding, nowMs)
  const requestKind = 'rapid-commit'
  return grantBinding(exchange, tables, { requestKind, address, leaseSeconds, isExtended: true })
}
