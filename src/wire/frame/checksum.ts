import { uint8At, uint16At } from '../octets.ts'

/**
 * The Internet checksum over `from` up to `to` (RFC 1071 section 1): the one's complement of the
 * one's complement sum of 16-bit words, an odd last byte counted as if a zero followed.
 *
 * @param sum - What else counts, such as a pseudo header, as a plain sum of its words.
 */
export function internetChecksum(bytes: Uint8Array, from: number, to: number, sum = 0): number {
  let total = sum
  let at = from
  for (; at + 1 < to; at += 2) total += uint16At(bytes, at)
  if (at < to) total += uint8At(bytes, at) << 8
  // Two carries are enough: 64 KiB of words stay below 32 bits.
  total = (total & 0xffff) + (total >>> 16)
  total = (total & 0xffff) + (total >>> 16)
  return ~total & 0xffff
}
