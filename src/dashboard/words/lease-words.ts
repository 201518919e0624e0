import type { Lease } from '../data/types.ts'
import { formatMac } from './format.ts'

/** How a lease stands, for people. */
const STATES = {
  bound: 'in use',
  expired: 'expired',
  released: 'returned',
  declined: 'in quarantine: in use by another device',
} as const satisfies Record<Lease['state'], string>

/** How a lease stands, and whether it would survive a failure of the machine. */
export function leaseStateWords({ state, stored }: Lease): string {
  return stored ? STATES[state] : `${STATES[state]}, not stored yet`
}

/**
 * The leases of which each word is part, in their order.
 *
 * @param labels - Labels of enrolled phones by MAC address.
 */
export function fittingLeases(
  leases: readonly Lease[],
  labels: ReadonlyMap<string, string>,
  filter: string,
): readonly Lease[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return leases
  return leases.filter((lease) => {
    const { address, mac, client, vendorClass, hostName, state } = lease
    const holder = mac === null ? [client] : [mac, formatMac(mac), labels.get(mac) ?? '']
    const text = [address, ...holder, vendorClass, hostName, state].join(' ').toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
