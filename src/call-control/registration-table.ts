import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import type { RegistrationEffect } from './effect.ts'
import type { UnregisterReason } from './events.ts'
import type { Registration } from './registration.ts'

/** What a phone said when it registered. */
export type RegistrationClaim = Omit<Registration, 'registeredAtMs'>

/**
 * Which phones are registered, and since when. Time is passed in; each method returns what follows.
 *
 * A row of registrations is unbroken while none of them lapses and the phone says the same of itself:
 * a refresh moves the end and is no event.
 */
export class RegistrationTable {
  readonly #registrations = new Map<Mac, Registration>()
  /** The last phone that registered at an address. */
  readonly #byAddress = new Map<Ipv4, Mac>()

  /** Takes what was stored. It stands until its end, whatever has restarted meanwhile. */
  restore(registrations: readonly Registration[]): void {
    for (const registration of registrations) {
      this.#put(registration)
    }
  }

  /** The registration of a phone; undefined where there is none or it has lapsed. */
  get(mac: Mac, nowMs: number): Registration | undefined {
    const registration = this.#registrations.get(mac)
    return registration !== undefined && registration.expiresAtMs > nowMs ? registration : undefined
  }

  /** The phone that is registered at an address; undefined where none is. */
  macAt(address: Ipv4, nowMs: number): Mac | undefined {
    const mac = this.#byAddress.get(address)
    return mac !== undefined && this.get(mac, nowMs)?.address === address ? mac : undefined
  }

  /** A phone registered, or did so again. */
  register(claim: RegistrationClaim, nowMs: number): readonly RegistrationEffect[] {
    const ended = this.#endedBefore(claim, nowMs)
    const before = this.get(claim.mac, nowMs)
    const isSame = before !== undefined && saysTheSame(before, claim)
    const registration = { ...claim, registeredAtMs: isSame ? before.registeredAtMs : nowMs }
    this.#put(registration)
    const { mac, protocol, version, load, userAgent, address, lastReset } = registration
    const effects: RegistrationEffect[] = [
      ...ended,
      { kind: 'store', mac, registration, isRefresh: isSame },
      { kind: 'evidence', mac, protocol, version, load, atMs: nowMs },
    ]
    if (isSame) return effects
    const reported = { mac, protocol, version, load, userAgent, address, lastReset }
    return [
      ...effects,
      { kind: 'event', event: { event: 'phone.registered', ...reported }, atMs: nowMs },
    ]
  }

  /** A phone with SCCP is still there. */
  keepAlive(mac: Mac, expiresAtMs: number, nowMs: number): readonly RegistrationEffect[] {
    const before = this.get(mac, nowMs)
    if (before?.protocol !== 'sccp') return []
    const registration = { ...before, expiresAtMs }
    this.#put(registration)
    return [{ kind: 'store', mac, registration, isRefresh: true }]
  }

  /** Ends the registration of a phone with that protocol, if there is one. */
  unregister(
    mac: Mac,
    protocol: Registration['protocol'],
    reason: UnregisterReason,
    nowMs: number,
  ): readonly RegistrationEffect[] {
    if (this.#registrations.get(mac)?.protocol !== protocol) return []
    this.#delete(mac)
    const event = { event: 'phone.unregistered', mac, protocol, reason } as const
    return [
      { kind: 'store', mac, registration: null, isRefresh: false },
      { kind: 'event', event, atMs: nowMs },
    ]
  }

  /** Ends what has lapsed; once a second is often enough. */
  onWake(nowMs: number): readonly RegistrationEffect[] {
    const effects: RegistrationEffect[] = []
    for (const { mac, protocol, expiresAtMs } of this.#registrations.values()) {
      if (expiresAtMs > nowMs) continue
      effects.push(...this.unregister(mac, protocol, 'expired', nowMs))
    }
    return effects
  }

  /** A phone is no longer enrolled: nothing is told of it. */
  forget(mac: Mac): readonly RegistrationEffect[] {
    return this.#delete(mac) ? [{ kind: 'store', mac, registration: null, isRefresh: false }] : []
  }

  #put(registration: Registration): void {
    const { mac, address } = registration
    this.#delete(mac)
    this.#registrations.set(mac, registration)
    this.#byAddress.set(address, mac)
  }

  #delete(mac: Mac): boolean {
    const before = this.#registrations.get(mac)
    if (before === undefined) return false
    this.#registrations.delete(mac)
    if (this.#byAddress.get(before.address) === mac) this.#byAddress.delete(before.address)
    return true
  }

  /** The end of a registration that this one is no continuation of. */
  #endedBefore(claim: RegistrationClaim, nowMs: number): readonly RegistrationEffect[] {
    const before = this.#registrations.get(claim.mac)
    if (before === undefined) return []
    const { mac, protocol, expiresAtMs } = before
    if (expiresAtMs <= nowMs) return this.unregister(mac, protocol, 'expired', nowMs)
    return protocol === claim.protocol ? [] : this.unregister(mac, protocol, 'replaced', nowMs)
  }
}

/** An Alarm may come after the Register that it belongs to: then the version is new, not another. */
function saysTheSame(before: Registration, claim: RegistrationClaim): boolean {
  return before.version === null || claim.version === null || before.version === claim.version
}
