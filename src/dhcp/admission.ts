import type { LeaseClient } from '../leases/lease-scope.ts'
import type { LeaseTable } from '../leases/lease-table.ts'
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
  readonly leaseTable: LeaseTable
  /** Whether option 60, trailing NUL removed, is that of a phone we convert. */
  readonly isPhone: (vendorClass: string) => boolean
}

/** The client with what is fixed for it here, and why it is not served, null if it is. */
export type Admission = { readonly client: LeaseClient; readonly refusal: DropReason | null }

/**
 * Decides whether a network serves a client (RFC 2131 section 4.2 leaves that to policy).
 *
 * A client that the configuration file reserves an address for has been named as much as an
 * enrolled phone. A phone that is enrolled for another network is an unknown client here.
 */
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
  const isNamed = isOurs || (mac !== null && tables.leaseTable.hasReservation(scope.name, mac))
  if (isNamed) return { client, refusal: null }
  switch (scope.admit) {
    case 'anyone':
      return { client, refusal: null }
    case 'enrolled':
      return { client, refusal: enrolled === undefined ? 'not-enrolled' : 'enrolled-elsewhere' }
    case 'phones':
      return { client, refusal: refusalOfClass(scope, key, vendorClass, tables) }
    /* c8 ignore next 2 -- the compiler proves that there is no other value */
    default:
      return scope.admit satisfies never
  }
}

/** A renewal need not repeat option 60: what the phone said earlier counts. */
function refusalOfClass(
  scope: Scope,
  key: LeaseClient['key'],
  vendorClass: string,
  { leaseTable, isPhone }: AdmissionTables,
): DropReason | null {
  const shown = vendorClass || (leaseTable.recordOf(scope.name, key)?.vendorClass ?? '')
  return isPhone(shown) ? null : 'not-a-phone'
}

function belongsHere({ network }: EnrolledClient, { name }: Scope): boolean {
  return network === null || network === name
}

/** The fixed address of a phone, if this network has it. */
function fixedHere({ address }: EnrolledClient, { subnet }: Scope): Ipv4 | null {
  return address !== null && isHostAddress(subnet, address) ? address : null
}
