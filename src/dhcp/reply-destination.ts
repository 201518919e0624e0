import { type Ipv4, LIMITED_BROADCAST } from '../net/ipv4.ts'
import { isHostAddress } from '../net/subnet.ts'
import { BROADCAST_FLAG } from '../wire/dhcp/message.ts'
import { RelaySubOption } from '../wire/dhcp/relay-agent-information.ts'
import type { ReplyDestination } from './effect.ts'
import type { Exchange } from './exchange.ts'

const SERVER_PORT = 67
const CLIENT_PORT = 68
const ETHERNET = 1

/**
 * Where an OFFER or ACK goes (RFC 2131 section 4.1): to the relay agent, else to ciaddr, else by
 * broadcast if asked for, else to the client's hardware address at yiaddr.
 *
 * A ciaddr outside the network is no client's here: nothing is sent to an address that an unknown device names.
 */
export function replyDestination(exchange: Exchange, yiaddr: Ipv4): ReplyDestination {
  const { message, scope } = exchange
  if (message.giaddr !== 0) return toRelayAgent(exchange)
  if (message.ciaddr !== 0 && isHostAddress(scope.subnet, message.ciaddr)) {
    return toClient(exchange, message.ciaddr, null)
  }
  const isEthernet = message.htype === ETHERNET && message.hlen === 6
  if ((message.flags & BROADCAST_FLAG) !== 0 || yiaddr === 0 || !isEthernet) {
    return toClient(exchange, LIMITED_BROADCAST, null)
  }
  return toClient(exchange, yiaddr, message.chaddr.slice(0, 6))
}

/**
 * Where a NAK goes: the address that the client believes in is what is wrong, so by broadcast,
 * whatever ciaddr and the BROADCAST bit say (RFC 2131 sections 4.1 and 4.3.2).
 */
export function nakDestination(exchange: Exchange): ReplyDestination {
  if (exchange.message.giaddr !== 0) return toRelayAgent(exchange)
  return toClient(exchange, LIMITED_BROADCAST, null)
}

/** Back the way it came, to port 67, or to the port that RFC 8357 section 4.1 has it ask for. */
function toRelayAgent({ message, arrival, relay, scope }: Exchange): ReplyDestination {
  const ownPort = relay.get(RelaySubOption.sourcePort)
  return {
    interfaceName: arrival.interfaceName,
    localAddress: arrival.localAddress === 0 ? scope.address : arrival.localAddress,
    address: message.giaddr,
    port: ownPort === undefined ? SERVER_PORT : arrival.sourcePort,
    hardwareAddress: null,
  }
}

function toClient(
  { arrival, scope }: Exchange,
  address: Ipv4,
  hardwareAddress: Uint8Array | null,
): ReplyDestination {
  return {
    interfaceName: arrival.interfaceName,
    localAddress: scope.address,
    address,
    port: CLIENT_PORT,
    hardwareAddress,
  }
}
