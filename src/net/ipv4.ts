declare const brand: unique symbol

/**
 * An IPv4 address as an unsigned 32-bit number in host order, so that pools can count and
 * tables can key by number. `parseIpv4` and `ipv4FromBytes` are the only ways to make one.
 */
export type Ipv4 = number & { readonly [brand]: 'Ipv4' }

/** 0.0.0.0: "no address yet" in every DHCP header field (RFC 2131 section 2). */
export const UNSPECIFIED = 0 as Ipv4

/** 255.255.255.255, the limited broadcast address (RFC 919 section 7). */
export const LIMITED_BROADCAST = 0xffffffff as Ipv4

const DOTTED_QUAD = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/

/**
 * Reads a dotted quad. Leading zeros are refused: some readers take `010` for octal 8.
 *
 * @returns The address, or undefined where the text is not one.
 */
export function parseIpv4(text: string): Ipv4 | undefined {
  const match = DOTTED_QUAD.exec(text)
  if (match === null) return undefined
  let value = 0
  for (const part of match.slice(1)) {
    if (part.length > 1 && part.startsWith('0')) return undefined
    const octet = Number(part)
    if (octet > 255) return undefined
    value = value * 256 + octet
  }
  return value as Ipv4
}

/** Prints an address as a dotted quad. */
export function formatIpv4(address: Ipv4): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`
}

/** Reads four bytes in network order at `offset`; the caller has checked that they are there. */
export function ipv4FromBytes(bytes: Uint8Array, offset: number): Ipv4 {
  const octet = (index: number) => bytes[offset + index] as number
  return (((octet(0) << 24) | (octet(1) << 16) | (octet(2) << 8) | octet(3)) >>> 0) as Ipv4
}

/** The four bytes in network order, freshly allocated. */
export function ipv4ToBytes(address: Ipv4): Uint8Array {
  const bytes = new Uint8Array(4)
  writeIpv4(address, bytes, 0)
  return bytes
}

/** Writes four bytes in network order at `offset`. */
export function writeIpv4(address: Ipv4, bytes: Uint8Array, offset: number): void {
  bytes[offset] = address >>> 24
  bytes[offset + 1] = (address >>> 16) & 255
  bytes[offset + 2] = (address >>> 8) & 255
  bytes[offset + 3] = address & 255
}

/** The address `steps` further on; the caller keeps it within a subnet. */
export function ipv4Plus(address: Ipv4, steps: number): Ipv4 {
  return ((address + steps) >>> 0) as Ipv4
}
