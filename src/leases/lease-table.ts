import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import { isHostAddress } from '../net/subnet.ts'
import { AddressesByMac } from './addresses-by-mac.ts'
import type { Binding, ClientKey, LeaseChange } from './binding.ts'
import { checkBinding } from './check-binding.ts'
import {
  type Choice,
  type Claim,
  chooseAddress,
  type Grant,
  isLiveBound,
  judgeClaim,
} from './lease-decision.ts'
import type { LeaseClient, LeaseScope } from './lease-scope.ts'
import type { OfferHold } from './offer-holds.ts'
import { countPoolUse, type PoolUse } from './pool-use.ts'
import type { FixedAddresses } from './reservation.ts'
import { ScopeLeases } from './scope-leases.ts'

/** Bounds the memory that offers take, per scope. */
const MAX_HOLDS = 4096

/**
 * Who holds which address, in memory.
 *
 * It decides and remembers; it never stores. Methods that change a binding return the changes, and
 * a caller that cannot store them sends no reply: then the client asks again, and the table says
 * the same again.
 *
 * Times are wall-clock milliseconds from a clock that does not step (start time plus a monotonic
 * clock), so that setting the machine's clock neither ends nor prolongs a lease.
 */
export class LeaseTable {
  readonly #fixed: FixedAddresses
  readonly #maxHolds: number
  readonly #byAddress = new Map<Ipv4, Binding>()
  readonly #byMac = new AddressesByMac()
  #scopes = new Map<string, ScopeLeases>()
  /** Scopes where a lease that ends early keeps its address until it would have run out. */
  readonly #keeping = new Set<string>()

  constructor(
    scopes: readonly LeaseScope[],
    fixed: FixedAddresses,
    { maxHolds = MAX_HOLDS }: { readonly maxHolds?: number } = {},
  ) {
    this.#fixed = fixed
    this.#maxHolds = maxHolds
    this.replaceScopes(scopes)
  }

  /**
   * Loads stored bindings, once, before the first message. A row that makes no sense is left
   * out or put right, and said.
   *
   * @returns What was wrong, in words; empty if nothing.
   */
  load(bindings: readonly Binding[], nowMs: number): readonly string[] {
    const faults: string[] = []
    for (const row of bindings) {
      const checked = checkBinding(row, nowMs)
      if (checked.fault !== null) faults.push(checked.fault)
      if (checked.binding === null) continue
      const earlier = this.#byAddress.get(checked.binding.address)
      // Two rows for one address cannot come from our store; the one that lasts longer is the
      // safer to keep.
      if (earlier !== undefined && earlier.expiresAtMs > checked.binding.expiresAtMs) continue
      this.#write(checked.binding)
    }
    return faults
  }

  /**
   * Loads edited scopes. Live bindings stay, also where the pools or the reservations no
   * longer allow them: they run out, or end when the client asks for an address again.
   */
  replaceScopes(scopes: readonly LeaseScope[]): void {
    const before = this.#scopes
    this.#scopes = new Map()
    for (const scope of scopes) {
      const leases = new ScopeLeases(scope, this.#fixed, this.#byAddress, this.#maxHolds)
      this.#scopes.set(scope.name, leases)
      for (const hold of before.get(scope.name)?.holds.all() ?? []) {
        if (isHostAddress(scope.subnet, hold.address)) leases.hold(hold)
      }
    }
    for (const binding of this.#byAddress.values()) this.#write(binding)
  }

  /** Forgets all bindings and offers of a scope: another appliance changes them from now on. */
  forget(scopeName: string): void {
    for (const binding of [...this.#byAddress.values()]) {
      if (binding.scope === scopeName) this.#erase(binding)
    }
    const { scope } = this.#leasesOf(scopeName)
    const leases = new ScopeLeases(scope, this.#fixed, this.#byAddress, this.#maxHolds)
    this.#scopes.set(scopeName, leases)
  }

  /**
   * Says whether another appliance may still repeat leases of the scope that it granted earlier, and
   * may not hear that one has ended: its address then stays for its client until the lease would
   * have run out (rule R1 of ARCHITECTURE.md).
   */
  keepEnded(scopeName: string, isKept: boolean): void {
    if (isKept) this.#keeping.add(scopeName)
    else this.#keeping.delete(scopeName)
  }

  /** Whether `keepEnded` holds: to end a lease early frees no address. */
  keepsEnded(scopeName: string): boolean {
    return this.#keeping.has(scopeName)
  }

  /**
   * Chooses an address for a client that asks for one, in the order of RFC 2131 section 4.3.1:
   * reservation, current binding, running offer, previous binding, requested address, any.
   *
   * @returns The choice, not yet held; undefined when nothing is free.
   */
  choose(
    scopeName: string,
    client: LeaseClient,
    requested: Ipv4 | null,
    nowMs: number,
  ): Choice | undefined {
    return chooseAddress(this.#leasesOf(scopeName), client, requested, nowMs)
  }

  /** Keeps an address for a client until the hold's time is over (RFC 2131 section 4.3.1). */
  hold(scopeName: string, hold: OfferHold): void {
    this.#leasesOf(scopeName).hold(hold)
  }

  /** The running offer of the client. */
  holdOf(scopeName: string, client: ClientKey, nowMs: number): OfferHold | undefined {
    return this.#leasesOf(scopeName).holdOf(client, nowMs)
  }

  /** Ends the offer of a client, if it has one: it has chosen another server. */
  dropHold(scopeName: string, client: ClientKey): boolean {
    const leases = this.#leasesOf(scopeName)
    const hold = leases.holds.of(client)
    if (hold === undefined) return false
    leases.dropHold(hold)
    return true
  }

  /** Judges a client's claim on an address, as a REQUEST makes one (RFC 2131 section 4.3.2). */
  claim(scopeName: string, client: LeaseClient, address: Ipv4, nowMs: number): Claim {
    return judgeClaim(this.#leasesOf(scopeName), client, address, nowMs)
  }

  /**
   * Binds an address that the client may have: the caller has asked `choose` or `claim` just now.
   * The client's offer ends, and so does its binding of another address.
   */
  bind(
    scopeName: string,
    client: LeaseClient,
    grant: Grant,
    nowMs: number,
  ): readonly LeaseChange[] {
    const leases = this.#leasesOf(scopeName)
    const changes: LeaseChange[] = []
    const earlier = leases.byClient.get(client.key)
    if (earlier !== undefined && earlier.address !== grant.address) {
      changes.push(this.#leave(earlier, nowMs))
    }
    const binding: Binding = {
      scope: scopeName,
      address: grant.address,
      client: client.key,
      mac: client.mac,
      state: 'bound',
      grantedAtMs: nowMs,
      expiresAtMs: grant.expiresAtMs,
      vendorClass: grant.vendorClass || (earlier?.vendorClass ?? ''),
      hostName: grant.hostName || (earlier?.hostName ?? ''),
      relayAgent: grant.relayAgent || (earlier?.relayAgent ?? ''),
    }
    const offered = leases.holds.of(client.key)
    if (offered !== undefined) leases.dropHold(offered)
    // Another client's, where this client's reservation is stronger.
    const other = leases.holds.at(grant.address)
    if (other !== undefined) leases.dropHold(other)
    this.#write(binding)
    changes.push({ kind: 'put', binding })
    return changes
  }

  /**
   * Frees the address of a client that gives it back, remembering the client (RFC 2131 section
   * 4.3.4), or of one that no longer answers.
   */
  release(binding: Binding, nowMs: number): readonly LeaseChange[] {
    const expiresAtMs = this.#keeping.has(binding.scope) ? binding.expiresAtMs : nowMs
    const released: Binding = { ...binding, state: 'released', expiresAtMs }
    this.#write(released)
    return [{ kind: 'put', binding: released }]
  }

  /**
   * Takes an address out of use until `untilMs`: a device was seen using it (RFC 2131 section
   * 4.3.3).
   */
  quarantine(
    scopeName: string,
    client: LeaseClient,
    address: Ipv4,
    { nowMs, untilMs }: { readonly nowMs: number; readonly untilMs: number },
  ): readonly LeaseChange[] {
    const leases = this.#leasesOf(scopeName)
    const hold = leases.holds.at(address)
    if (hold !== undefined) leases.dropHold(hold)
    const earlier = this.#byAddress.get(address)
    const binding: Binding = {
      scope: scopeName,
      address,
      client: client.key,
      mac: client.mac,
      state: 'declined',
      grantedAtMs: nowMs,
      expiresAtMs: this.#quarantineUntil(scopeName, earlier, untilMs),
      vendorClass: earlier?.vendorClass ?? '',
      hostName: earlier?.hostName ?? '',
      relayAgent: earlier?.relayAgent ?? '',
    }
    this.#write(binding)
    return [{ kind: 'put', binding }]
  }

  /** Forgets whatever is known of an address: an operator frees it. */
  free(address: Ipv4, nowMs: number): readonly LeaseChange[] {
    const binding = this.#byAddress.get(address)
    return binding === undefined ? [] : [this.#leave(binding, nowMs)]
  }

  /** What `free` would change now. */
  freeing(address: Ipv4, nowMs: number): readonly LeaseChange[] {
    const binding = this.#byAddress.get(address)
    return binding === undefined ? [] : [this.#leaving(binding, nowMs)]
  }

  /** What the table has on record of a client, live, expired or released. */
  recordOf(scopeName: string, client: ClientKey): Binding | undefined {
    return this.#leasesOf(scopeName).byClient.get(client)
  }

  /** Whatever is on record at an address, live or not. */
  at(address: Ipv4): Binding | undefined {
    return this.#byAddress.get(address)
  }

  /** The live binding of an address: which phone it is that asks from there. */
  clientAt(address: Ipv4, nowMs: number): Binding | undefined {
    const binding = this.#byAddress.get(address)
    return binding !== undefined && isLiveBound(binding, nowMs) ? binding : undefined
  }

  /** Whether the device has a live binding, on whichever network. */
  hasLease(mac: Mac, nowMs: number): boolean {
    return this.#byMac.of(mac).some((address) => this.clientAt(address, nowMs) !== undefined)
  }

  /** The live binding of a device on a network; the first, where it has several identities. */
  leaseOf(scopeName: string, mac: Mac, nowMs: number): Binding | undefined {
    for (const address of this.#byMac.of(mac)) {
      const binding = this.clientAt(address, nowMs)
      if (binding?.scope === scopeName) return binding
    }
    return undefined
  }

  /**
   * Whether an address is ours to decide about: of a pool or reserved here, or leased by us. Any other
   * may be a peer's, where there are any.
   */
  isOurs(scopeName: string, address: Ipv4, nowMs: number): boolean {
    return (
      this.#leasesOf(scopeName).isGivenOut(address) || this.clientAt(address, nowMs) !== undefined
    )
  }

  /** Whether the scope's configuration names the client. */
  hasReservation(scopeName: string, mac: Mac): boolean {
    return this.#leasesOf(scopeName).reservations.has(mac)
  }

  /**
   * The live binding of a full pool that is best taken back: not reserved, not heard for longest
   * and at least `silentMs`.
   */
  longestSilent(scopeName: string, silentMs: number, nowMs: number): Binding | undefined {
    return this.#leasesOf(scopeName).longestSilent(silentMs, nowMs)
  }

  /** Records that a device answers at the address, so that it is not named as silent. */
  markHeard(scopeName: string, address: Ipv4, nowMs: number): void {
    this.#leasesOf(scopeName).markHeard(address, nowMs)
  }

  /** All records in no particular order. The caller does not change the table while it iterates. */
  bindings(): Iterable<Binding> {
    return this.#byAddress.values()
  }

  /** Counts by looking at every record: for people and metrics, not for each packet. */
  poolUse(scopeName: string, nowMs: number): PoolUse {
    return countPoolUse(this.#leasesOf(scopeName), this.#byAddress, nowMs)
  }

  #leave(binding: Binding, nowMs: number): LeaseChange {
    const change = this.#leaving(binding, nowMs)
    if (change.kind === 'put') this.#write(change.binding)
    else this.#erase(binding)
    return change
  }

  /** How a binding ends: forgotten, or with its address kept for the client while that has to be. */
  #leaving(binding: Binding, nowMs: number): LeaseChange {
    if (this.#keeping.has(binding.scope) && isLiveBound(binding, nowMs)) {
      return { kind: 'put', binding: { ...binding, state: 'released' } }
    }
    return { kind: 'delete', scope: binding.scope, address: binding.address }
  }

  #quarantineUntil(scopeName: string, earlier: Binding | undefined, untilMs: number): number {
    if (earlier === undefined || !this.#keeping.has(scopeName)) return untilMs
    return Math.max(untilMs, earlier.expiresAtMs)
  }

  #write(binding: Binding): void {
    const { address } = binding
    const earlier = this.#byAddress.get(address)
    const leases = this.#leasesAt(address, binding.scope)
    if (leases !== undefined && earlier !== undefined) forget(leases, earlier)
    const scope = leases?.scope.name ?? binding.scope
    const written = scope === binding.scope ? binding : { ...binding, scope }
    this.#byAddress.set(address, written)
    // A renewal, which is what comes most, leaves the index alone.
    if (earlier?.mac !== written.mac) {
      if (earlier !== undefined) this.#byMac.remove(earlier.mac, address)
      this.#byMac.add(written.mac, address)
    }
    if (leases === undefined) return
    if (written.state !== 'declined') {
      const other = leases.byClient.get(written.client)
      // Two rows for one client, from a table that something else has written: the newer counts.
      if (other === undefined || other.grantedAtMs <= written.grantedAtMs) {
        leases.byClient.set(written.client, written)
      }
    }
    leases.touch(address)
  }

  #erase(binding: Binding): void {
    this.#byAddress.delete(binding.address)
    this.#byMac.remove(binding.mac, binding.address)
    const leases = this.#leasesAt(binding.address, binding.scope)
    if (leases === undefined) return
    forget(leases, binding)
    leases.touch(binding.address)
  }

  /** The tables that an address belongs to; `scopeName` is where to look first. */
  #leasesAt(address: Ipv4, scopeName: string): ScopeLeases | undefined {
    const likely = this.#scopes.get(scopeName)
    if (likely !== undefined && isHostAddress(likely.scope.subnet, address)) return likely
    for (const leases of this.#scopes.values()) {
      if (isHostAddress(leases.scope.subnet, address)) return leases
    }
    return undefined
  }

  #leasesOf(scopeName: string): ScopeLeases {
    const leases = this.#scopes.get(scopeName)
    if (leases === undefined) throw new Error(`the lease table has no scope ${scopeName}`)
    return leases
  }
}

/** Removes the client's entry, if it is still this very address that it points at. */
function forget(leases: ScopeLeases, binding: Binding): void {
  if (leases.byClient.get(binding.client)?.address === binding.address) {
    leases.byClient.delete(binding.client)
  }
}
