import type { Ipv4 } from '../net/ipv4.ts'
import type { Binding } from './binding.ts'
import type { LeaseClient } from './lease-scope.ts'
import type { ScopeLeases } from './scope-leases.ts'

/** An address for a DISCOVER, and by which rule it was chosen (RFC 2131 section 4.3.1). */
export type Choice = {
  readonly address: Ipv4
  readonly rule: 'reservation' | 'current' | 'offered' | 'previous' | 'requested' | 'free'
  /** The client's live binding of this very address; null if there is none. */
  readonly binding: Binding | null
}

/** What the table says of a client that claims an address in a REQUEST. */
export type Claim =
  /** Its live binding. `mayExtend` is false where the configuration has moved on. */
  | { readonly kind: 'bound'; readonly binding: Binding; readonly mayExtend: boolean }
  /**
   * No other client has it and this client may: offered to it, or free. `isKnown`: it was its own
   * before, or is reserved for it.
   */
  | { readonly kind: 'offered' | 'free'; readonly isKnown: boolean }
  | { readonly kind: 'refused'; readonly reason: ClaimRefusal }

export type ClaimRefusal = 'taken' | 'offered-to-another' | 'declined' | 'not-available'

/** What a binding is granted with. Empty texts keep what an earlier message said. */
export type Grant = {
  readonly address: Ipv4
  readonly expiresAtMs: number
  readonly vendorClass: string
  readonly hostName: string
  readonly relayAgent: string
}

/**
 * Chooses an address for a client that asks for one, in the order of RFC 2131 section 4.3.1:
 * reservation, current binding, running offer, previous binding, requested address, any.
 */
export function chooseAddress(
  leases: ScopeLeases,
  client: LeaseClient,
  requested: Ipv4 | null,
  nowMs: number,
): Choice | undefined {
  const reserved = reservedFor(leases, client, nowMs)
  if (reserved !== undefined) return reserved
  const record = leases.byClient.get(client.key)
  const isRecordFree = record !== undefined && canTake(leases, client, record.address, nowMs)
  if (isRecordFree && isLiveBound(record, nowMs)) {
    return { address: record.address, rule: 'current', binding: record }
  }
  const hold = leases.holdOf(client.key, nowMs)
  if (hold !== undefined && canTake(leases, client, hold.address, nowMs)) {
    return { address: hold.address, rule: 'offered', binding: null }
  }
  if (isRecordFree) return { address: record.address, rule: 'previous', binding: null }
  if (requested !== null && canTake(leases, client, requested, nowMs)) {
    return { address: requested, rule: 'requested', binding: null }
  }
  const address = leases.pick(client, nowMs)
  return address === undefined ? undefined : { address, rule: 'free', binding: null }
}

/** The address that is reserved for the client, if it can have it now. */
function reservedFor(leases: ScopeLeases, client: LeaseClient, nowMs: number): Choice | undefined {
  const own = leases.reservations.addressOf(client)
  if (own === undefined || !canTake(leases, client, own, nowMs)) return undefined
  const binding = leases.bindingAt(own)
  const isLive = binding !== undefined && isLiveBound(binding, nowMs)
  return { address: own, rule: 'reservation', binding: isLive ? binding : null }
}

/**
 * Judges a client's claim on an address, as a REQUEST makes one (RFC 2131 section 4.3.2). The first
 * row that fits:
 *
 * | The address                           | The claim                                            |
 * |---------------------------------------|------------------------------------------------------|
 * | bound now, to the client              | `bound`; `mayExtend` unless its reservation is free elsewhere or the address is no longer open to it |
 * | bound now, to another                 | refused: `taken`                                     |
 * | kept a while for another that had it  | refused: `taken`                                     |
 * | declined a short while ago            | refused: `declined`                                  |
 * | not in its pools, reserved for others | refused: `not-available`                             |
 * | offered now, to the client            | `offered`                                            |
 * | offered now, to another               | refused: `offered-to-another`, unless it is reserved for this hardware |
 * | any other                             | `free`                                               |
 */
export function judgeClaim(
  leases: ScopeLeases,
  client: LeaseClient,
  address: Ipv4,
  nowMs: number,
): Claim {
  const binding = leases.bindingAt(address)
  if (binding !== undefined && isLiveBound(binding, nowMs)) {
    return claimOnBound(leases, client, binding, nowMs)
  }
  if (binding?.state === 'declined' && binding.expiresAtMs > nowMs) {
    return { kind: 'refused', reason: 'declined' }
  }
  const own = leases.reservations.addressOf(client)
  if (binding !== undefined && isKeptFrom(leases, client, binding, nowMs)) {
    return { kind: 'refused', reason: 'taken' }
  }
  if (!leases.isOpenTo(client, address)) return { kind: 'refused', reason: 'not-available' }
  const hold = leases.holdAt(address, nowMs)
  const isKnown = own === address || leases.byClient.get(client.key)?.address === address
  if (hold?.client === client.key) return { kind: 'offered', isKnown }
  if (hold !== undefined && !(own === address && hold.mac === client.mac)) {
    return { kind: 'refused', reason: 'offered-to-another' }
  }
  return { kind: 'free', isKnown }
}

/** The claim on an address that is bound now. */
function claimOnBound(
  leases: ScopeLeases,
  client: LeaseClient,
  binding: Binding,
  nowMs: number,
): Claim {
  const { address } = binding
  const own = leases.reservations.addressOf(client)
  if (!isHolder(binding, client, own)) return { kind: 'refused', reason: 'taken' }
  const isSuperseded = own !== undefined && own !== address && canTake(leases, client, own, nowMs)
  return { kind: 'bound', binding, mayExtend: !isSuperseded && leases.isOpenTo(client, address) }
}

/** Whether the client has the address now. */
export function isLiveBound(binding: Binding, nowMs: number): boolean {
  return binding.state === 'bound' && binding.expiresAtMs > nowMs
}

/** Whether the client may have the address and no other client has it. */
function canTake(leases: ScopeLeases, client: LeaseClient, address: Ipv4, nowMs: number): boolean {
  if (!leases.isOpenTo(client, address)) return false
  const own = leases.reservations.addressOf(client)
  const binding = leases.bindingAt(address)
  if (binding !== undefined && isKeptFrom(leases, client, binding, nowMs)) return false
  if (binding !== undefined && isLiveBound(binding, nowMs)) return true
  const hold = leases.holdAt(address, nowMs)
  if (hold === undefined || hold.client === client.key) return true
  return own === address && hold.mac === client.mac
}

/** Whether the address of a binding is for no client, or for another one than this. */
function isKeptFrom(
  leases: ScopeLeases,
  client: LeaseClient,
  binding: Binding,
  nowMs: number,
): boolean {
  if (leases.keptUntilMs(binding) <= nowMs) return false
  const own = leases.reservations.addressOf(client)
  return binding.state === 'declined' || !isHolder(binding, client, own)
}

/**
 * Whether a live binding is this client's. A reservation is made by hardware address: where two
 * firmwares of one phone name themselves differently, the reserved address is still the phone's.
 */
function isHolder(binding: Binding, client: LeaseClient, own: Ipv4 | undefined): boolean {
  if (binding.client === client.key) return true
  return own === binding.address && client.mac !== null && binding.mac === client.mac
}
