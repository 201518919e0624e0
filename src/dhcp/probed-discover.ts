import type { Binding } from '../leases/binding.ts'
import type { Choice } from '../leases/lease-decision.ts'
import { discover, discoverIgnored, offer } from './discover.ts'
import type { DhcpEffect } from './effect.ts'
import type { Exchange, Tables } from './exchange.ts'
import type { PendingProbe, PendingProbes } from './pending-probes.ts'

/** How many addresses are tried for one DISCOVER before the client has to ask again. */
const MAX_ROUNDS = 3

/**
 * A client heard this recently keeps its lease, in milliseconds: a phone that was given an address
 * a moment ago may not answer from it yet. Short, because an operator waits at the bench.
 */
const RECLAIM_SILENCE_MS = 5000

/**
 * Serves a DISCOVER, with a look at the wire where the address needs one (RFC 2131 section 2.2),
 * and with the lease of a silent client where the pool is full.
 *
 * @param round - From 1; counts the addresses tried for this DISCOVER.
 */
export function serveDiscover(
  exchange: Exchange,
  tables: Tables,
  probes: PendingProbes,
  round: number,
): readonly DhcpEffect[] {
  const waiting = probes.of(exchange)
  if (waiting !== undefined) return probes.renew(waiting, exchange)
  const outcome = discover(exchange, tables, !probes.isFull)
  switch (outcome.kind) {
    case 'answered':
      return outcome.effects
    case 'probe':
      return probes.begin(exchange, { kind: 'offer', choice: outcome.choice }, round)
    case 'exhausted':
      return reclaim(exchange, tables, probes, round)
    /* c8 ignore next 2 -- the compiler proves that there is no other value */
    default:
      return outcome satisfies never
  }
}

/**
 * Goes on with a DISCOVER that has waited.
 *
 * @param inUse - What the wire said; null if it could not be asked or did not say in time.
 */
export function resumeDiscover(
  pending: PendingProbe,
  inUse: boolean | null,
  tables: Tables,
  probes: PendingProbes,
): readonly DhcpEffect[] {
  const { subject, exchange, address } = pending
  if (subject.kind === 'reclaim') {
    if (inUse === false) return takeOver(pending, subject.binding, tables, probes)
    // Not knowing is no reason to end a client's lease.
    tables.leaseTable.markHeard(exchange.scope.name, address, exchange.nowMs)
    return nextRound(pending, tables, probes)
  }
  if (inUse !== true) return offerIfStillFree(pending, subject.choice, tables, probes)
  const { scope, client, facts, nowMs } = exchange
  const untilAtMs = nowMs + scope.declineHoldMs
  const changes = tables.leaseTable.quarantine(scope.name, client, address, {
    nowMs,
    untilMs: untilAtMs,
  })
  return [
    { kind: 'commit', changes },
    { kind: 'event', event: { event: 'dhcp.address.conflict', ...facts, address, untilAtMs } },
    ...nextRound(pending, tables, probes),
  ]
}

/** The state may have changed while we waited: another client may have the address by now. */
function offerIfStillFree(
  pending: PendingProbe,
  choice: Choice,
  tables: Tables,
  probes: PendingProbes,
): readonly DhcpEffect[] {
  const { exchange, address } = pending
  const { scope, client, nowMs } = exchange
  const claim = tables.leaseTable.claim(scope.name, client, address, nowMs)
  if (claim.kind === 'refused') return nextRound(pending, tables, probes)
  return offer(exchange, tables, choice)
}

function nextRound(
  { exchange, address, round }: PendingProbe,
  tables: Tables,
  probes: PendingProbes,
): readonly DhcpEffect[] {
  if (round >= MAX_ROUNDS) return discoverIgnored(exchange, 'all-in-use', address)
  return serveDiscover(exchange, tables, probes, round + 1)
}

/** A full pool: asks whether the client that was silent for longest is still there. */
function reclaim(
  exchange: Exchange,
  tables: Tables,
  probes: PendingProbes,
  round: number,
): readonly DhcpEffect[] {
  const { scope, nowMs } = exchange
  // Where an address is kept for its client all the same, ending the lease gains nothing.
  const isOff = scope.reclaim === 'never' || tables.leaseTable.keepsEnded(scope.name)
  if (isOff || probes.isFull) return discoverIgnored(exchange, 'pool-exhausted')
  const binding = tables.leaseTable.longestSilent(scope.name, RECLAIM_SILENCE_MS, nowMs)
  if (binding === undefined) return discoverIgnored(exchange, 'pool-exhausted')
  // No other client may get the same one meanwhile.
  tables.leaseTable.markHeard(scope.name, binding.address, nowMs)
  return probes.begin(exchange, { kind: 'reclaim', binding }, round)
}

/** No answer: ends the lease, unless its client was heard while we waited. */
function takeOver(
  pending: PendingProbe,
  binding: Binding,
  tables: Tables,
  probes: PendingProbes,
): readonly DhcpEffect[] {
  const { exchange, address } = pending
  const { facts, nowMs } = exchange
  if (tables.leaseTable.clientAt(address, nowMs) !== binding)
    return nextRound(pending, tables, probes)
  const changes = tables.leaseTable.release(binding, nowMs)
  const { client: formerClient, mac: formerMac } = binding
  const taken: DhcpEffect[] = [
    { kind: 'commit', changes },
    {
      kind: 'event',
      event: { event: 'dhcp.lease.reclaimed', ...facts, address, formerClient, formerMac },
    },
  ]
  const choice: Choice = { address, rule: 'free', binding: null }
  return [...taken, ...offerIfStillFree(pending, choice, tables, probes)]
}
