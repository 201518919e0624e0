import type { AddressRange } from '../leases/pool.ts'
import { formatIpv4, type Ipv4, parseIpv4 } from '../net/ipv4.ts'

/**
 * Reads `10.20.0.50-10.20.0.99`, blanks around the dash allowed, or one address.
 *
 * @returns The range, or undefined where the text is none or runs backwards.
 */
export function parseAddressRange(text: string): AddressRange | undefined {
  const [from = '', to = from, ...rest] = text.split('-')
  const first = parseIpv4(from.trim())
  const last = parseIpv4(to.trim())
  if (first === undefined || last === undefined || rest.length > 0) return undefined
  return first <= last ? { first, last } : undefined
}

/** Prints `10.20.0.50-10.20.0.99`. */
export function formatAddressRange({ first, last }: AddressRange): string {
  return `${formatIpv4(first)}-${formatIpv4(last)}`
}

/** Whether the address lies in the range. */
export function rangeContains({ first, last }: AddressRange, address: Ipv4): boolean {
  return address >= first && address <= last
}

/** Whether two ranges share an address. */
export function rangesOverlap(a: AddressRange, b: AddressRange): boolean {
  return a.first <= b.last && b.first <= a.last
}
