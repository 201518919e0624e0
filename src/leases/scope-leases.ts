import type { Ipv4 } from '../net/ipv4.ts'
import { isHostAddress } from '../net/subnet.ts'
import type { Binding, ClientKey } from './binding.ts'
import type { LeaseClient, LeaseScope } from './lease-scope.ts'
import { type OfferHold, OfferHolds } from './offer-holds.ts'
import { Pool } from './pool.ts'
import { type FixedAddresses, ReservationTable } from './reservation.ts'
import { TimeQueue } from './time-queue.ts'

/** How long an address that is reserved for another is not looked at again, milliseconds. */
const RESERVED_RECHECK_MS = 60_000

/** The tables of one scope. The {@link LeaseTable} decides; this remembers and finds. */
export class ScopeLeases {
  readonly scope: LeaseScope
  readonly pool: Pool
  readonly reservations: ReservationTable
  readonly holds: OfferHolds
  /** The binding of each client, also expired or released ones; never a declined one. */
  readonly byClient = new Map<ClientKey, Binding>()
  /** Our address, and those of our peers. */
  readonly #servers: ReadonlySet<Ipv4>
  readonly #byAddress: ReadonlyMap<Ipv4, Binding>
  /** Addresses of the pool that were used before, by when they are free. */
  readonly #freeing: TimeQueue
  /** Addresses of the pool by when their client was last heard; made when the pool is full. */
  #silent: TimeQueue | undefined

  /** @param byAddress - All bindings of the lease table, read only here. */
  constructor(
    scope: LeaseScope,
    fixed: FixedAddresses,
    byAddress: ReadonlyMap<Ipv4, Binding>,
    maxHolds: number,
  ) {
    this.scope = scope
    this.#servers = new Set([scope.address, ...scope.peers])
    this.pool = new Pool(scope.pools, scope.subnet, this.#servers)
    this.reservations = new ReservationTable(scope, fixed)
    this.holds = new OfferHolds(maxHolds)
    this.#byAddress = byAddress
    this.#freeing = new TimeQueue((address) => this.#freeAtMs(address))
  }

  /** Tells that the binding of the address has changed. */
  touch(address: Ipv4): void {
    if (!this.pool.contains(address)) return
    this.#freeing.update(address)
    this.#silent?.update(address)
  }

  /** Tells that the hold of the address has changed. */
  #touchHold(address: Ipv4): void {
    if (this.pool.contains(address)) this.#freeing.update(address)
  }

  /** Whatever is on record at an address, live or not. */
  bindingAt(address: Ipv4): Binding | undefined {
    return this.#byAddress.get(address)
  }

  /** Holds an address for a client; an earlier hold of the address or of the client ends. */
  hold(hold: OfferHold): void {
    for (const gone of this.holds.put(hold)) this.#touchHold(gone.address)
    this.#touchHold(hold.address)
  }

  dropHold(hold: OfferHold): void {
    this.holds.drop(hold)
    this.#touchHold(hold.address)
  }

  /** The hold of the client, unless its time is over. */
  holdOf(client: ClientKey, nowMs: number): OfferHold | undefined {
    const hold = this.holds.of(client)
    return hold !== undefined && hold.heldUntilMs > nowMs ? hold : undefined
  }

  /** The hold on the address, unless its time is over. */
  holdAt(address: Ipv4, nowMs: number): OfferHold | undefined {
    const hold = this.holds.at(address)
    return hold !== undefined && hold.heldUntilMs > nowMs ? hold : undefined
  }

  /** Whether the address is one that this scope gives out, to whomever. */
  isGivenOut(address: Ipv4): boolean {
    return this.pool.contains(address) || this.reservations.isReserved(address)
  }

  /** Whether the client may have the address by the configuration, free or not. */
  isOpenTo(client: LeaseClient, address: Ipv4): boolean {
    if (!isHostAddress(this.scope.subnet, address) || this.#servers.has(address)) return false
    if (this.reservations.addressOf(client) === address) return true
    return this.pool.contains(address) && !this.reservations.isForAnother(address, client)
  }

  /**
   * An address for a client that has none: one never used before, else the one that has been free
   * for longest, so that a client that comes back late has the best chance to find its own.
   */
  pick(client: LeaseClient, nowMs: number): Ipv4 | undefined {
    return this.#pickUnused(client) ?? this.#pickUsed(client, nowMs)
  }

  /** The binding of the pool whose client was silent for longest, at least `silentMs`. */
  longestSilent(silentMs: number, nowMs: number): Binding | undefined {
    const silent = this.#bySilence()
    for (;;) {
      const address = silent.first(nowMs - silentMs)
      if (address === undefined) return undefined
      const binding = this.#byAddress.get(address)
      if (binding !== undefined && this.#isReclaimable(binding, nowMs)) return binding
      silent.postpone(address, nowMs)
    }
  }

  /** Does not name the address as silent before `silentMs` have passed again. */
  markHeard(address: Ipv4, nowMs: number): void {
    this.#bySilence().postpone(address, nowMs)
  }

  #bySilence(): TimeQueue {
    if (this.#silent !== undefined) return this.#silent
    const silent = new TimeQueue((address) => this.#lastHeardAtMs(address))
    for (const address of this.#byAddress.keys()) {
      if (this.pool.contains(address)) silent.update(address)
    }
    this.#silent = silent
    return silent
  }

  #pickUnused(client: LeaseClient): Ipv4 | undefined {
    for (;;) {
      const address = this.pool.next()
      if (address === undefined) return undefined
      if (this.#byAddress.has(address) || this.holds.at(address) !== undefined) continue
      // The pool will not name it again: from now on the queue remembers the address.
      this.#freeing.update(address)
      if (!this.reservations.isForAnother(address, client)) return address
    }
  }

  #pickUsed(client: LeaseClient, nowMs: number): Ipv4 | undefined {
    for (;;) {
      const address = this.#freeing.first(nowMs)
      if (address === undefined) return undefined
      if (!this.reservations.isForAnother(address, client)) return address
      this.#freeing.postpone(address, nowMs + RESERVED_RECHECK_MS)
    }
  }

  #isReclaimable(binding: Binding, nowMs: number): boolean {
    if (binding.state !== 'bound' || binding.expiresAtMs <= nowMs) return false
    if (this.holdAt(binding.address, nowMs) !== undefined) return false
    return !this.reservations.isReserved(binding.address)
  }

  /** Until when only its client gets the address of a binding. */
  keptUntilMs({ state, expiresAtMs }: Binding): number {
    return state === 'declined' ? expiresAtMs : expiresAtMs + (this.scope.reuseAfterMs ?? 0)
  }

  #freeAtMs(address: Ipv4): number {
    const binding = this.#byAddress.get(address)
    const boundUntilMs = binding === undefined ? 0 : this.keptUntilMs(binding)
    const heldUntilMs = this.holds.at(address)?.heldUntilMs ?? 0
    return Math.max(boundUntilMs, heldUntilMs)
  }

  #lastHeardAtMs(address: Ipv4): number {
    const binding = this.#byAddress.get(address)
    return binding?.state === 'bound' ? binding.grantedAtMs : Number.MAX_SAFE_INTEGER
  }
}
