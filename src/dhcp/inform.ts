import { UNSPECIFIED } from '../net/ipv4.ts'
import { isHostAddress } from '../net/subnet.ts'
import type { DhcpEffect } from './effect.ts'
import { type Exchange, ignored } from './exchange.ts'
import { buildReply } from './reply.ts'

/**
 * Answers an INFORM (RFC 2131 section 4.3.5): parameters for a client that has its address from
 * elsewhere. No lease time, no yiaddr, and our leases have no say in it.
 */
export function inform(exchange: Exchange): readonly DhcpEffect[] {
  const { message, scope, facts } = exchange
  const address = message.ciaddr
  if (!isHostAddress(scope.subnet, address) || address === scope.address) {
    const reason = address === 0 ? 'no-address' : 'wrong-network'
    return ignored(exchange, 'dhcp.inform.ignored', reason, { address, requestKind: 'inform' })
  }
  const reply = buildReply(exchange, {
    type: 'ack',
    yiaddr: UNSPECIFIED,
    leaseSeconds: null,
    isRapid: false,
  })
  return [
    reply.effect,
    {
      kind: 'event',
      event: {
        event: 'dhcp.ack.sent',
        ...facts,
        requestKind: 'inform',
        address,
        leaseSeconds: null,
        isExtended: false,
        omitted: reply.omitted,
      },
    },
  ]
}
