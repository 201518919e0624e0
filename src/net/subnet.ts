import { formatIpv4, type Ipv4, parseIpv4 } from './ipv4.ts'

/** An IPv4 prefix; `base` has no host bits set. */
export type Subnet = { readonly base: Ipv4; readonly prefixLength: number }

/**
 * Reads `10.20.0.0/24`. A base with host bits set is refused, because it is more often a typing
 * error than intended.
 */
export function parseSubnet(text: string): Subnet | undefined {
  const [address = '', length = '', ...rest] = text.split('/')
  const base = parseIpv4(address)
  if (base === undefined || rest.length > 0 || !/^\d{1,2}$/.test(length)) return undefined
  const prefixLength = Number(length)
  if (prefixLength > 32) return undefined
  const subnet = { base, prefixLength }
  return (base & ~maskOf(subnet)) === 0 ? subnet : undefined
}

/** Prints `10.20.0.0/24`. */
export function formatSubnet(subnet: Subnet): string {
  return `${formatIpv4(subnet.base)}/${subnet.prefixLength}`
}

/** The subnet mask (RFC 2132 section 3.3). */
export function maskOf(subnet: Subnet): Ipv4 {
  // A shift by 32 does nothing in JavaScript, hence the case for an empty prefix.
  const mask = subnet.prefixLength === 0 ? 0 : (-1 << (32 - subnet.prefixLength)) >>> 0
  return mask as Ipv4
}

/** The directed broadcast address of the subnet. */
export function broadcastOf(subnet: Subnet): Ipv4 {
  return ((subnet.base | ~maskOf(subnet)) >>> 0) as Ipv4
}

/** Whether the address lies in the subnet, network and broadcast address included. */
export function subnetContains(subnet: Subnet, address: Ipv4): boolean {
  return (address & maskOf(subnet)) >>> 0 === subnet.base
}

/** Whether the address lies in the subnet and may belong to a host. */
export function isHostAddress(subnet: Subnet, address: Ipv4): boolean {
  if (!subnetContains(subnet, address)) return false
  // RFC 3021: a /31 has two hosts and no broadcast; a /32 is one host.
  if (subnet.prefixLength >= 31) return true
  return address !== subnet.base && address !== broadcastOf(subnet)
}

/**
 * What an address of the subnet is that no host can have, in words; undefined where a host can have
 * it, or where it lies elsewhere.
 */
export function roleInSubnet(subnet: Subnet, address: Ipv4): string | undefined {
  if (!subnetContains(subnet, address) || isHostAddress(subnet, address)) return undefined
  return address === subnet.base ? 'the network address' : 'the broadcast address'
}

/** Whether two prefixes share an address. */
export function subnetsOverlap(a: Subnet, b: Subnet): boolean {
  return subnetContains(a, b.base) || subnetContains(b, a.base)
}
