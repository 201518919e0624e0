import { WireError } from '../wire-error.ts'
import type { Capture, CapturedPacket } from './captured-packet.ts'
import {
  BLOCK_FRAME_BYTES,
  BlockType,
  BYTE_ORDER_MAGIC,
  OptionCode,
  padded,
} from './pcapng-layout.ts'

/** Whether the bytes begin as a pcapng file does. */
export function isPcapng(bytes: Uint8Array): boolean {
  return bytes[0] === 0x0a && bytes[1] === 0x0d && bytes[2] === 0x0d && bytes[3] === 0x0a
}

/**
 * Reads a pcapng file: sections of either byte order, packets of any number of interfaces. Blocks
 * of other kinds are passed over.
 *
 * @throws WireError `BAD_MAGIC` where it is none, `BAD_LENGTH` or `BAD_VALUE` for a block that
 *   cannot be one, `TRUNCATED` for one that is shorter than its kind.
 * @see draft-ietf-opsawg-pcapng section 4
 */
export function readPcapng(bytes: Uint8Array): Capture {
  if (!isPcapng(bytes)) throw new WireError('BAD_MAGIC', 0, 'no pcapng file')
  const packets: CapturedPacket[] = []
  let section: Section = { isLittle: true, interfaces: [] }
  let at = 0
  while (at + BLOCK_FRAME_BYTES <= bytes.length) {
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at)
    if (view.getUint32(0) === BlockType.sectionHeader) section = beginSection(view, at)
    const length = view.getUint32(4, section.isLittle)
    if (length < BLOCK_FRAME_BYTES || length % 4 !== 0) {
      throw new WireError('BAD_LENGTH', at + 4, `a block of ${length} octets`)
    }
    if (length > view.byteLength) return { packets, isCut: true }
    const block = bytes.subarray(at, at + length - 4)
    const packet = readBlock(view.getUint32(0, section.isLittle), block, section, at)
    if (packet !== undefined) packets.push(packet)
    at += length
  }
  return { packets, isCut: at < bytes.length }
}

type Interface = {
  readonly linkType: number
  readonly unitsPerSecond: bigint
  readonly offsetSeconds: bigint
}

type Section = { readonly isLittle: boolean; readonly interfaces: Interface[] }

/** More than any machine has; a file of nothing but descriptions must not fill the memory. */
const MOST_INTERFACES = 4096

function beginSection(view: DataView, at: number): Section {
  const isBig = view.getUint32(8) === BYTE_ORDER_MAGIC
  if (!isBig && view.getUint32(8, true) !== BYTE_ORDER_MAGIC) {
    throw new WireError('BAD_MAGIC', at + 8, 'no byte order in the section header')
  }
  return { isLittle: !isBig, interfaces: [] }
}

/** The packet in a block, without the length at its end; undefined for a block without one. */
function readBlock(
  type: number,
  block: Uint8Array,
  section: Section,
  at: number,
): CapturedPacket | undefined {
  const view = new DataView(block.buffer, block.byteOffset, block.length)
  switch (type) {
    case BlockType.interfaceDescription:
      if (block.length < 16) throw new WireError('TRUNCATED', at, 'a short interface description')
      if (section.interfaces.length < MOST_INTERFACES) {
        section.interfaces.push(readInterface(view, section.isLittle))
      }
      return undefined
    case BlockType.enhancedPacket:
      return readEnhancedPacket(block, view, section, at)
    case BlockType.simplePacket:
      return readSimplePacket(block, view, section, at)
    default:
      return undefined
  }
}

function readInterface(view: DataView, isLittle: boolean): Interface {
  let unitsPerSecond = 1_000_000n
  let offsetSeconds = 0n
  for (let at = 16; at + 4 <= view.byteLength; ) {
    const code = view.getUint16(at, isLittle)
    const length = view.getUint16(at + 2, isLittle)
    if (code === 0 || at + 4 + length > view.byteLength) break
    if (code === OptionCode.timeResolution && length === 1) {
      unitsPerSecond = resolutionOf(view.getUint8(at + 4))
    }
    if (code === OptionCode.timeOffset && length === 8) {
      offsetSeconds = view.getBigInt64(at + 4, isLittle)
    }
    at += 4 + padded(length)
  }
  return { linkType: view.getUint16(8, isLittle), unitsPerSecond, offsetSeconds }
}

/** A power of ten, or with the highest bit of two (section 4.2, if_tsresol). */
function resolutionOf(octet: number): bigint {
  return octet < 0x80 ? 10n ** BigInt(octet) : 2n ** BigInt(octet & 0x7f)
}

function readEnhancedPacket(
  block: Uint8Array,
  view: DataView,
  { isLittle, interfaces }: Section,
  at: number,
): CapturedPacket {
  if (block.length < 28) throw new WireError('TRUNCATED', at, 'a short packet block')
  const number = view.getUint32(8, isLittle)
  const from = interfaces[number]
  if (from === undefined)
    throw new WireError('BAD_VALUE', at + 8, `interface ${number} is not described`)
  const length = view.getUint32(20, isLittle)
  if (28 + length > block.length)
    throw new WireError('BAD_LENGTH', at + 20, `a packet of ${length}`)
  const high = BigInt(view.getUint32(12, isLittle))
  const units = (high << 32n) | BigInt(view.getUint32(16, isLittle))
  const atNs = from.offsetSeconds * 1_000_000_000n + (units * 1_000_000_000n) / from.unitsPerSecond
  return { atNs, linkType: from.linkType, bytes: block.subarray(28, 28 + length) }
}

/** Without a time, and always of the first interface (section 4.4). */
function readSimplePacket(
  block: Uint8Array,
  view: DataView,
  { isLittle, interfaces: [from] }: Section,
  at: number,
): CapturedPacket {
  if (block.length < 12) throw new WireError('TRUNCATED', at, 'a short packet block')
  if (from === undefined) throw new WireError('BAD_VALUE', at, 'no interface is described')
  const length = Math.min(view.getUint32(8, isLittle), block.length - 12)
  return { atNs: 0n, linkType: from.linkType, bytes: block.subarray(12, 12 + length) }
}
