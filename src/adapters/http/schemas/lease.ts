import Type, { type Static } from 'typebox'
import type { Binding } from '../../../leases/binding.ts'
import { formatIpv4 } from '../../../net/ipv4.ts'
import { isoTime } from '../api.ts'
import { Address, MacOut, Nullable, OneOf, Time } from './values.ts'

/** How a binding stands: one whose time has passed is `expired`. */
export const LEASE_STATES = ['bound', 'expired', 'released', 'declined'] as const

/** A binding as it comes out. */
export const LeaseView = Type.Object(
  {
    network: Type.String(),
    address: Address,
    mac: Nullable(MacOut),
    client: Type.String({ description: 'The client: option 61, or hardware type and address' }),
    state: OneOf(LEASE_STATES),
    stored: Type.Boolean({
      description: 'False while the disk fails: the client has no ACK yet, and will ask again',
    }),
    grantedAt: Time,
    expiresAt: Nullable(Time),
    vendorClass: Type.String({ description: 'Option 60' }),
    hostName: Type.String({ description: 'Option 12' }),
    relayAgent: Type.String({ description: 'Option 82 in hexadecimal digits' }),
  },
  { title: 'Lease' },
)

/** A binding as JSON; one whose time has passed is shown as expired. */
export function viewLease(
  binding: Binding,
  nowMs: number,
  stored: boolean,
): Static<typeof LeaseView> {
  return {
    network: binding.scope,
    address: formatIpv4(binding.address),
    mac: binding.mac,
    client: binding.client,
    state: stateOf(binding, nowMs),
    stored,
    grantedAt: isoTime(binding.grantedAtMs),
    expiresAt: isInfinite(binding) ? null : isoTime(binding.expiresAtMs),
    vendorClass: binding.vendorClass,
    hostName: binding.hostName,
    relayAgent: binding.relayAgent,
  }
}

/** How a binding stands at a moment. */
export function stateOf(
  { state, expiresAtMs }: Binding,
  nowMs: number,
): (typeof LEASE_STATES)[number] {
  return state === 'bound' && expiresAtMs <= nowMs ? 'expired' : state
}

/** The latest moment that a Date can name, in milliseconds (ECMA-262 section 21.4.1.1). */
const LAST_MOMENT_MS = 8.64e15

function isInfinite(binding: Binding): boolean {
  return binding.expiresAtMs > LAST_MOMENT_MS
}
