import type { DhcpEffect } from './effect.ts'
import { type Exchange, ignored, isForUs, type Tables } from './exchange.ts'
import { isDeclineFromHolder } from './message-origin.ts'
import { Option } from './option-codes.ts'
import { readAddress } from './read-option.ts'

/**
 * Takes a DECLINE (RFC 2131 section 4.3.3): the client found its address in use, so no client gets it
 * for a while. No reply.
 *
 * Only the holder is believed, and only from where it can be: otherwise one forged packet an address
 * would empty the pool.
 */
export function decline(exchange: Exchange, tables: Tables): readonly DhcpEffect[] {
  const { scope, client, message, facts, nowMs } = exchange
  const address = readAddress(message, Option.requestedAddress) ?? null
  const serverId = readAddress(message, Option.serverIdentifier) ?? null
  const about = { address, requestKind: null }
  if (address === null || serverId === null) {
    return ignored(exchange, 'dhcp.decline.ignored', 'no-address', about)
  }
  if (!isForUs(exchange, serverId, tables.isOwn(serverId))) {
    return ignored(exchange, 'dhcp.decline.ignored', 'other-server', about)
  }
  const binding = tables.leaseTable.clientAt(address, nowMs)
  if (binding?.client !== client.key || binding.mac !== client.mac) {
    return ignored(exchange, 'dhcp.decline.ignored', 'not-the-holder', about)
  }
  if (!isDeclineFromHolder(exchange, binding, tables.relays)) {
    return ignored(exchange, 'dhcp.decline.ignored', 'wrong-origin', about)
  }
  const untilAtMs = nowMs + scope.declineHoldMs
  const changes = tables.leaseTable.quarantine(scope.name, client, address, {
    nowMs,
    untilMs: untilAtMs,
  })
  return [
    { kind: 'commit', changes },
    { kind: 'event', event: { event: 'dhcp.address.declined', ...facts, address, untilAtMs } },
  ]
}
