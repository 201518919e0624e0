import type { Binding } from '../leases/binding.ts'
import type { Ipv4 } from '../net/ipv4.ts'
import { UNSPECIFIED } from '../net/ipv4.ts'
import { hexOf } from '../net/mac.ts'
import type { Exchange } from './exchange.ts'
import { Option } from './option-codes.ts'
import { rememberedOverride } from './relay-information.ts'

/*
 * RELEASE and DECLINE carry no proof of their sender, and a device that has seen one lease can name the
 * client and the address of another. What cannot be written into the message is where it comes
 * from: that decides whether it is believed.
 */

/**
 * Where relay agents send from: the relay agent that a lease was last granted through, by the lease's
 * address. A relay agent names its address on the clients' network (giaddr) and may send from
 * another one, as ISC dhcrelay does.
 *
 * In memory only: a DECLINE follows its ACK within seconds. One entry a relayed lease at most.
 */
export class RelaySources {
  readonly #byAddress = new Map<Ipv4, { readonly giaddr: Ipv4; readonly source: Ipv4 }>()

  /** A lease is granted: a message without giaddr says nothing of the relay agent. */
  onGrant({ message, arrival }: Exchange, address: Ipv4): void {
    if (message.giaddr === 0) return
    this.#byAddress.set(address, { giaddr: message.giaddr, source: arrival.sourceAddress })
  }

  /**
   * Whether a message came from the relay agent that the address was granted through. Any device can
   * write an address of his own into giaddr, so that it is also the source proves nothing.
   */
  isFrom({ message, arrival }: Exchange, address: Ipv4): boolean {
    const granted = this.#byAddress.get(address)
    if (granted === undefined || granted.giaddr !== message.giaddr) return false
    return arrival.sourceAddress === granted.source || arrival.sourceAddress === granted.giaddr
  }
}

/**
 * Whether a RELEASE came from where the holder of the binding can be.
 *
 * It is unicast (RFC 2131 section 4.4.4), so it comes from the address itself: on the interface of
 * the network, or past the relay agent on any interface. No other network can have the subnet of a
 * relayed one, so none has to be ruled out. A relay agent that stands in for us (RFC 5107) gets the
 * RELEASE instead and passes it on with giaddr and the option 82 that it granted the lease with.
 */
export function isReleaseFromHolder(
  exchange: Exchange,
  binding: Binding,
  relays: RelaySources,
): boolean {
  const { message, arrival, scope } = exchange
  if (binding.scope !== scope.name) return false
  if (message.giaddr !== 0) return isByStandIn(exchange, binding, relays)
  if (arrival.sourceAddress !== binding.address) return false
  return scope.interfaceName === null || isOnNetwork(exchange)
}

/**
 * Whether a DECLINE came from where the holder of the binding can be.
 *
 * The client has no address any more, so it broadcasts from 0.0.0.0 (RFC 2131 section 4.4.4) on
 * the network itself, or is heard through the relay agent that the address was granted through.
 * Linux delivers a datagram from 0.0.0.0 only if it was broadcast on the link; one to our
 * own address is dropped as impossible. So the source says how it was sent.
 */
export function isDeclineFromHolder(
  exchange: Exchange,
  binding: Binding,
  relays: RelaySources,
): boolean {
  const { message, arrival, scope } = exchange
  if (binding.scope !== scope.name) return false
  if (message.giaddr === 0) {
    return arrival.sourceAddress === UNSPECIFIED && isOnNetwork(exchange)
  }
  return relays.isFrom(exchange, binding.address)
}

/** The network of the interface, or one that clients there may choose by option 118 (RFC 3011). */
function isOnNetwork({ arrival, scope, isBySubnetOption }: Exchange): boolean {
  if (isBySubnetOption) return true
  return scope.interfaceName !== null && scope.interfaceName === arrival.interfaceName
}

function isByStandIn(
  exchange: Exchange,
  { address, relayAgent }: Binding,
  relays: RelaySources,
): boolean {
  const { message, arrival } = exchange
  const override = rememberedOverride(relayAgent)
  if (override === undefined) return false
  if (arrival.sourceAddress !== override && !relays.isFrom(exchange, address)) return false
  return (
    hexOf(message.options.get(Option.relayAgentInformation) ?? new Uint8Array(0)) === relayAgent
  )
}
