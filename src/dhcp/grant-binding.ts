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
  { requestKind, address, leaseSeconds, isExtended }: Granting,
): readonly DhcpEffect[] {
  const { scope, client, facts, nowMs } = exchange
  const grant = grantFor(exchange, address, leaseSeconds)
  const changes = tables.book.bind(scope.name, client, grant, nowMs)
  tables.relays.onGrant(exchange, address)
  const isRapid = requestKind === 'rapid-commit'
  const reply = buildReply(exchange, { type: 'ack', yiaddr: address, leaseSeconds, isRapid })
  const { effect, omitted } = reply
  return [
    { kind: 'commit', changes },
    effect,
    {
      kind: 'note',
      event: {
        event: 'dhcp.ack.sent',
        ...facts,
        requestKind,
        address,
        leaseSeconds,
        isExtended,
        omitted,
      },
    },
  ]
}
