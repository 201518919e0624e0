import type { LeaseBook } from '../leases/lease-book.ts'
import type { LeaseClient } from '../leases/lease-scope.ts'
import type { FixedAddresses } from '../leases/reservation.ts'
import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import { isHostAddress } from '../net/subnet.ts'
import type { ClientIdentity } from './client-identity.ts'
import type { DropReason } from './drop-reason.ts'
import type { Scope } from './scope.ts'

/** A phone that an operator has named. */
export type EnrolledClient = {
  /** The network that it belongs to; null for any. */
  readonly network: string | null
  /** Its fixed address; null if it has none. */
  readonly address: Ipv4 | null
}

/** The phones that an operator has named, looked up for every message. */
export interface ClientDirectory extends FixedAddresses {
  find(mac: Mac): EnrolledClient | undefined
}

/** What admission decides by, besides the message. */
export type AdmissionTables = {
  readonly directory: ClientDirectory
  readonly book: LeaseBook
  /** Whether option 60, trailing NUL removed, is that of a phone we convert. */
  readonly isPhone: (vendorClass: string) => boolean
}

/** The client with what is fixed for it here, and why it is not served, null if it is. */
export type Admission = { readonly client: LeaseClient; readonly refusal: DropReason | null }

/**
 * Decides whether a network serves a client (RFC 2131 section 4.2 leaves that to policy).
 *
 * A client that the configuration file reserves an address for has been named as much as an
 * enrolled phone. A phone that is enrolled for another network is nobody here.
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: 13 on 2026-11-30, when the limit came; to be split
export function admit(
  scope: Scope,
  identity: ClientIdentity,
  vendorClass: string,
  tables: AdmissionTables,
): Admission {
  const { key, mac } = identity
  const enrolled = mac === null ? undefined : tables.directory.find(mac)
  const isOurs = enrolled !== undefined && belongsHere(enrolled, scope)
  const client = { key, mac, fixedAddress: isOurs ? fixedHere(enrolled, scope) : null }
  const isNamed = isOurs || (mac !== null && tables.book.hasReservation(scope.name, mac))
  if (isNamed || scope.admit === 'anyone') return { client, refusal: null }
  if (scope.admit === 'enrolled') {
    return { client, refusal: enrolled === undefined ? 'not-enrolled' : 'enrolled-elsewhere' }
  }
  // A renewal need not repeat option 60: what the phone said earlier counts.
  const shown = vendorClass || (tables.book.recordOf(scope.name, key)?.vendorClass ?? '')
  return { client, refusal: tables.isPhone(shown) ? null : 'not-a-phone' }
}

function belongsHere({ network }: EnrolledClient, { name }: Scope): boolean {
  return network === null || network === name
}

/** The fixed address of a phone, if this network has it. */
function fixedHere({ address }: EnrolledClient, { subnet }: Scope): Ipv4 | null {
  return address !== null && isHostAddress(subnet, address) ? address : null
}
