import type { DhcpEffect } from './effect.ts'
import { type Exchange, ignored, isForUs, type Tables } from './exchange.ts'
import { isReleaseFromHolder } from './message-origin.ts'
import { Option } from './option-codes.ts'
import { readAddress } from './read-option.ts'

/**
 * Takes a RELEASE (RFC 2131 section 4.3.4): the address is free, and the client is remembered so
 * that it gets the same one next time. No reply.
 *
 * Believed only from where the holder can be: a device that knows a client's hardware address could end
 * its lease otherwise, and then pass for it.
 */
export function release(exchange: Exchange, tables: Tables): readonly DhcpEffect[] {
  const { client, message, facts, nowMs } = exchange
  const address = message.ciaddr
  const about = { address, requestKind: null }
  const serverId = readAddress(message, Option.serverIdentifier)
  if (serverId === undefined) {
    return ignored(exchange, 'dhcp.release.ignored', 'malformed-option', about)
  }
  // RFC 2131 table 5 wants option 54; a client that leaves it out is believed by its identity.
  if (serverId !== null && !isForUs(exchange, serverId, tables.isOwn(serverId))) {
    return ignored(exchange, 'dhcp.release.ignored', 'other-server', about)
  }
  const binding = tables.leaseTable.clientAt(address, nowMs)
  if (binding?.client !== client.key || binding.mac !== client.mac) {
    return ignored(exchange, 'dhcp.release.ignored', 'not-the-holder', about)
  }
  if (!isReleaseFromHolder(exchange, binding, tables.relays)) {
    return ignored(exchange, 'dhcp.release.ignored', 'wrong-origin', about)
  }
  const changes = tables.leaseTable.release(binding, nowMs)
  return [
    { kind: 'commit', changes },
    { kind: 'event', event: { event: 'dhcp.lease.released', ...facts, address } },
  ]
}
