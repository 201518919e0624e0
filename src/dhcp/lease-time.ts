import type { Binding } from '../leases/binding.ts'
import type { DhcpMessage, OutgoingOption } from '../wire/dhcp/message.ts'
import { writeUint32 } from '../wire/octets.ts'
import { Option } from './option-codes.ts'
import { readUint32 } from './read-option.ts'
import type { Scope } from './scope.ts'

/** RFC 2131 section 3.3: a lease without end. */
export const INFINITE_SECONDS = 0xffffffff

/** Shortest lease that a client can talk us into: less would have it renew all the time. */
const MIN_SECONDS = 60

/** The lease time that the client asks for, within the scope's limits; null if it asks for none. */
export function requestedSeconds(message: DhcpMessage, scope: Scope): number | null {
  const asked = readUint32(message, Option.leaseTime)
  if (asked === null) return null
  const least = Math.min(MIN_SECONDS, scope.leaseSeconds)
  return Math.min(Math.max(asked, least), Math.max(scope.maxLeaseSeconds, scope.leaseSeconds))
}

/**
 * The lease time of an OFFER (RFC 2131 section 4.3.1): what the client asks for, else what is left
 * of its binding, else the default.
 *
 * Of a binding in its second half the default is offered instead: a phone that restarts late in
 * its lease would otherwise have to renew in the middle of its download.
 */
export function offeredSeconds(
  message: DhcpMessage,
  scope: Scope,
  binding: Binding | null,
  nowMs: number,
): number {
  const asked = requestedSeconds(message, scope)
  if (asked !== null) return asked
  if (binding === null) return scope.leaseSeconds
  const left = remainingSeconds(binding, nowMs)
  return left * 2 >= scope.leaseSeconds ? left : scope.leaseSeconds
}

/** Whole seconds that are left of a live binding, at least 1. */
export function remainingSeconds(binding: Binding, nowMs: number): number {
  if (binding.expiresAtMs === Number.MAX_SAFE_INTEGER) return INFINITE_SECONDS
  const seconds = Math.floor((binding.expiresAtMs - nowMs) / 1000)
  return Math.min(Math.max(seconds, 1), INFINITE_SECONDS - 1)
}

/** When a lease of that length ends. */
export function expiryOf(leaseSeconds: number, nowMs: number): number {
  return leaseSeconds === INFINITE_SECONDS ? Number.MAX_SAFE_INTEGER : nowMs + leaseSeconds * 1000
}

/**
 * Options 51, 58 and 59: T1 at half, T2 at seven eighths of the lease (RFC 2131 section 4.4.5).
 * An infinite lease has neither, nor has one too short for T1 < T2 < lease.
 */
export function leaseTimeOptions(leaseSeconds: number): readonly OutgoingOption[] {
  const lease: OutgoingOption = [Option.leaseTime, uint32(leaseSeconds)]
  if (leaseSeconds === INFINITE_SECONDS || leaseSeconds < 3) return [lease]
  return [
    lease,
    [Option.renewalTime, uint32(Math.floor(leaseSeconds / 2))],
    [Option.rebindingTime, uint32(Math.floor((leaseSeconds * 7) / 8))],
  ]
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  writeUint32(value, bytes, 0)
  return bytes
}
