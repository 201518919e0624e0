import type { Ipv4 } from '../net/ipv4.ts'
import type { DhcpEffect } from './effect.ts'
import type { RequestKind } from './events.ts'
import { type Exchange, grantFor, type Tables } from './exchange.ts'
import { buildReply } from './reply.ts'

/** What is granted, and on which way it was asked for. */
export type Granting = {
  readonly requestKind: Exclude<RequestKind, 'inform'>
  readonly address: Ipv4
  readonly leaseSeconds: number
  readonly isExtended: boolean
}

/**
 * Binds the address to the client, stores that, and only then says so: the ACK stands after the
 * commit (RFC 2131 section 3.1 step 4), whichever message asked for it.
 */
export function grantBinding(
  exchange: Exchange,
  tables: Tables,
  granting: Granting,
): readonly DhcpEffect[] {
  const { scope, client, nowMs } = exchange
  const { address, leaseSeconds } = granting
  const grant = grantFor(exchange, address, leaseSeconds)
  const changes = tables.leaseTable.bind(scope.name, client, grant, nowMs)
  tables.relays.onGrant(exchange, address)
  return [{ kind: 'commit', changes }, ...sendAck(exchange, granting)]
}

/** The ACK of a binding that is stored, and its event. */
export function sendAck(exchange: Exchange, granting: Granting): readonly DhcpEffect[] {
  const { requestKind, address: yiaddr, leaseSeconds } = granting
  const isRapid = requestKind === 'rapid-commit'
  const { effect, omitted } = buildReply(exchange, { type: 'ack', yiaddr, leaseSeconds, isRapid })
  const { facts } = exchange
  return [
    effect,
    { kind: 'event', event: { event: 'dhcp.ack.sent', ...facts, ...granting, omitted } },
  ]
}
