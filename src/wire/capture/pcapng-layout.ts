/*
 * A pcapng block (draft-ietf-opsawg-pcapng section 3.1), a multiple of four bytes long:
 *
 *     type 4, total length 4, body, total length 4
 *
 * Options at the end of a body (section 3.5): code 2, length 2, value padded to four bytes; code 0
 * ends them.
 */

/** Block types (section 10.1) that are read and written. */
export const BlockType = {
  sectionHeader: 0x0a0d0d0a,
  interfaceDescription: 1,
  simplePacket: 3,
  enhancedPacket: 6,
} as const

/** Option codes: of any block, then of an interface description (section 4.2). */
export const OptionCode = {
  comment: 1,
  interfaceName: 2,
  timeResolution: 9,
  timeOffset: 14,
} as const

/** What a section header says in the byte order of its writer (section 4.1). */
export const BYTE_ORDER_MAGIC = 0x1a2b3c4d

/** Type, length, and length again. */
export const BLOCK_FRAME_BYTES = 12

/** Rounded up to a multiple of four. */
export function padded(length: number): number {
  return (length + 3) & ~3
}
