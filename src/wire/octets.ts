/**
 * Reads one byte; the caller has checked that it is there. Plain arithmetic on purpose: decoders
 * call these for every field of every datagram.
 */
export function uint8At(bytes: Uint8Array, offset: number): number {
  return bytes[offset] as number
}

/** Reads two bytes in network order; the caller has checked that they are there. */
export function uint16At(bytes: Uint8Array, offset: number): number {
  return (uint8At(bytes, offset) << 8) | uint8At(bytes, offset + 1)
}

/** Reads four bytes in network order as an unsigned number; the caller has checked them. */
export function uint32At(bytes: Uint8Array, offset: number): number {
  return ((uint16At(bytes, offset) << 16) | uint16At(bytes, offset + 2)) >>> 0
}

/** Writes two bytes in network order; higher bits of `value` are dropped. */
export function writeUint16(value: number, bytes: Uint8Array, offset: number): void {
  bytes[offset] = value >>> 8
  bytes[offset + 1] = value
}

/** Writes four bytes in network order; negative numbers in two's complement. */
export function writeUint32(value: number, bytes: Uint8Array, offset: number): void {
  writeUint16(value >>> 16, bytes, offset)
  writeUint16(value, bytes, offset + 2)
}
