import { BlockType, BYTE_ORDER_MAGIC, OptionCode, padded } from './pcapng-layout.ts'

/** An interface that packets of a capture came from. */
export type CaptureInterface = {
  readonly name: string
  /** As tcpdump.org numbers link-layer header types: 1 is Ethernet. */
  readonly linkType: number
  /** Whether times are kept in nanoseconds or in microseconds. */
  readonly resolution: 'ns' | 'us'
}

/**
 * The head of a capture: a section header, and each interface in the order in which it is numbered.
 *
 * @param comment - Says of the whole file what its reader should know; null for none.
 */
export function encodeCaptureHead(
  interfaces: readonly CaptureInterface[],
  comment: string | null = null,
): Uint8Array {
  const section = new Uint8Array(16)
  const view = new DataView(section.buffer)
  view.setUint32(0, BYTE_ORDER_MAGIC, true)
  view.setUint16(4, 1, true)
  // Section length: not said in advance, since it grows (draft-ietf-opsawg-pcapng section 4.1).
  view.setBigInt64(8, -1n, true)
  const blocks = interfaces.map(encodeInterface)
  return Buffer.concat([
    block(BlockType.sectionHeader, section, ...commentOptions(comment)),
    ...blocks,
  ])
}

/** A packet to be written. */
export type OutgoingPacket = {
  /** Index of its interface in the head. */
  readonly interfaceIndex: number
  readonly resolution: 'ns' | 'us'
  /** Nanoseconds since 1970. */
  readonly atNs: bigint
  readonly bytes: Uint8Array
  /** How long the packet was, in bytes, where `bytes` is only its beginning. */
  readonly originalBytes?: number
  /** Shown beside the packet; null for none. */
  readonly comment: string | null
}

/** One enhanced packet block (draft-ietf-opsawg-pcapng section 4.3). */
export function encodePacket({
  interfaceIndex,
  resolution,
  atNs,
  bytes,
  originalBytes = bytes.length,
  comment,
}: OutgoingPacket): Uint8Array {
  const head = new Uint8Array(20)
  const view = new DataView(head.buffer)
  const units = resolution === 'ns' ? atNs : atNs / 1_000n
  view.setUint32(0, interfaceIndex, true)
  view.setUint32(4, Number(units >> 32n), true)
  view.setUint32(8, Number(units & 0xffff_ffffn), true)
  view.setUint32(12, bytes.length, true)
  view.setUint32(16, originalBytes, true)
  return block(BlockType.enhancedPacket, head, withPadding(bytes), ...commentOptions(comment))
}

function encodeInterface({ name, linkType, resolution }: CaptureInterface): Uint8Array {
  const head = new Uint8Array(8)
  // Snapshot length 0: packets are whole.
  new DataView(head.buffer).setUint16(0, linkType, true)
  return block(
    BlockType.interfaceDescription,
    head,
    option(OptionCode.interfaceName, utf8(name)),
    option(OptionCode.timeResolution, Uint8Array.of(resolution === 'ns' ? 9 : 6)),
    END,
  )
}

const END = new Uint8Array(4)

/** What an option's length can say; no reader needs a comment of that size. */
const LONGEST_OPTION = 0xfffc

function commentOptions(comment: string | null): readonly Uint8Array[] {
  return comment === null ? [] : [option(OptionCode.comment, utf8(comment)), END]
}

function option(code: number, value: Uint8Array): Uint8Array {
  const head = new Uint8Array(4)
  const view = new DataView(head.buffer)
  const kept = value.subarray(0, LONGEST_OPTION)
  view.setUint16(0, code, true)
  view.setUint16(2, kept.length, true)
  return Buffer.concat([head, withPadding(kept)])
}

function withPadding(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(padded(bytes.length))
  whole.set(bytes)
  return whole
}

function block(type: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(parts)
  const whole = new Uint8Array(body.length + 12)
  const view = new DataView(whole.buffer)
  view.setUint32(0, type, true)
  view.setUint32(4, whole.length, true)
  whole.set(body, 8)
  view.setUint32(whole.length - 4, whole.length, true)
  return whole
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
