import { type Ipv4, ipv4FromBytes } from '../net/ipv4.ts'
import { isHostAddress, maskOf } from '../net/subnet.ts'
import type { DhcpMessage } from '../wire/dhcp/message.ts'
import { RelaySubOption } from '../wire/dhcp/relay-agent-information.ts'
import type { DropReason } from './drop-reason.ts'
import type { Arrival } from './effect.ts'
import { Option } from './option-codes.ts'
import { readAddress } from './read-option.ts'
import type { RelayInformation } from './relay-information.ts'
import { ReplyOptions } from './reply-options.ts'
import type { Scope } from './scope.ts'

/** A scope with what is computed once for its replies. */
export type ServedScope = { readonly scope: Scope; readonly options: ReplyOptions }

/** The network that a message is about, or why there is none. */
export type ScopeSelection =
  /** `isBySubnetOption`: option 118 chose it, and is to be returned (RFC 3011 section 2). */
  | { readonly kind: 'selected'; readonly served: ServedScope; readonly isBySubnetOption: boolean }
  | { readonly kind: 'none'; readonly reason: DropReason }

/** Finds scopes by interface and by address, at the same cost however many there are. */
export class ScopeIndex {
  readonly #byInterface = new Map<string, ServedScope>()
  /** By prefix length and base; the longest prefix first. */
  readonly #byPrefix: readonly { readonly mask: number; readonly bases: Map<Ipv4, ServedScope> }[]
  readonly #ownAddresses = new Set<Ipv4>()

  constructor(scopes: readonly Scope[]) {
    const byLength = new Map<number, { mask: number; bases: Map<Ipv4, ServedScope> }>()
    for (const scope of scopes) {
      const served = { scope, options: new ReplyOptions(scope) }
      this.#ownAddresses.add(scope.address)
      if (scope.interfaceName !== null && !this.#byInterface.has(scope.interfaceName)) {
        this.#byInterface.set(scope.interfaceName, served)
      }
      const { prefixLength, base } = scope.subnet
      const row = byLength.get(prefixLength) ?? { mask: maskOf(scope.subnet), bases: new Map() }
      row.bases.set(base, served)
      byLength.set(prefixLength, row)
    }
    this.#byPrefix = [...byLength].sort(([a], [b]) => b - a).map(([, row]) => row)
  }

  onInterface(interfaceName: string | null): ServedScope | undefined {
    return interfaceName === null ? undefined : this.#byInterface.get(interfaceName)
  }

  /** The scope whose subnet the address lies in. */
  containing(address: Ipv4): ServedScope | undefined {
    for (const { mask, bases } of this.#byPrefix) {
      const served = bases.get(((address & mask) >>> 0) as Ipv4)
      if (served !== undefined) return served
    }
    return undefined
  }

  /** Whether the address is ours on any scope (RFC 2131 section 4.1). */
  isOwn(address: Ipv4): boolean {
    return this.#ownAddresses.has(address)
  }
}

const FIRST_MULTICAST = 0xe0000000

/**
 * Finds the network that a message is about: link selection of the relay agent (RFC 3527), else
 * giaddr, else where it came in; then option 118 of the client, where that is allowed (RFC 3011).
 */
export function selectScope(
  index: ScopeIndex,
  message: DhcpMessage,
  arrival: Arrival,
  relay: RelayInformation,
): ScopeSelection {
  const { giaddr } = message
  if (giaddr !== 0 && (giaddr >= FIRST_MULTICAST || index.isOwn(giaddr))) {
    return { kind: 'none', reason: 'bad-giaddr' }
  }
  const link = relay.get(RelaySubOption.linkSelection)
  // RFC 3527 section 3: it goes before giaddr and before option 118, and nothing else will do.
  if (link !== undefined) {
    if (link.length !== 4) return { kind: 'none', reason: 'malformed-option' }
    return selected(index.containing(ipv4FromBytes(link, 0)), 'unknown-link')
  }
  const served = giaddr !== 0 ? index.containing(giaddr) : onArrival(index, message, arrival)
  if (giaddr !== 0 && served !== undefined && !isHostAddress(served.scope.subnet, giaddr)) {
    return { kind: 'none', reason: 'bad-giaddr' }
  }
  if (served?.scope.subnetSelection !== true) return selected(served, 'no-scope')
  return bySubnetOption(index, message, served)
}

/**
 * A client behind a relay agent renews by unicast past it, giaddr 0; then ciaddr is to be trusted
 * (RFC 2131 section 4.3.2, RENEWING). On an interface that has a network of its own, that counts
 * for networks that are on no interface alone: a broadcast from a client that was carried here
 * from another local network must be judged by where it is.
 */
function onArrival(
  index: ScopeIndex,
  { ciaddr }: DhcpMessage,
  { interfaceName, sourceAddress }: Arrival,
): ServedScope | undefined {
  const local = index.onInterface(interfaceName)
  if (ciaddr === 0) return local
  const ofClient = index.containing(ciaddr)
  if (ofClient === undefined) return local
  const isRemote = ofClient.scope.interfaceName === null && sourceAddress === ciaddr
  return local === undefined || isRemote ? ofClient : local
}

function bySubnetOption(
  index: ScopeIndex,
  message: DhcpMessage,
  served: ServedScope,
): ScopeSelection {
  const wanted = readAddress(message, Option.subnetSelection)
  if (wanted === null) return selected(served, 'no-scope')
  if (wanted === undefined) return { kind: 'none', reason: 'malformed-option' }
  const target = index.containing(wanted)
  // RFC 3011 section 6: otherwise any client could empty the pool of any network.
  if (target?.scope.subnetSelection !== true) return { kind: 'none', reason: 'unknown-link' }
  return { kind: 'selected', served: target, isBySubnetOption: true }
}

function selected(served: ServedScope | undefined, otherwise: DropReason): ScopeSelection {
  if (served === undefined) return { kind: 'none', reason: otherwise }
  return { kind: 'selected', served, isBySubnetOption: false }
}
