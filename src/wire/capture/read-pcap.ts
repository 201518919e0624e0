import { WireError } from '../wire-error.ts'
import type { Capture, CapturedPacket } from './captured-packet.ts'

/*
 * A pcap file, every number in the byte order of its writer:
 *
 *     0 magic a1b2c3d4 (microseconds) or a1b23c4d (nanoseconds)    4
 *     4 version 2.4   8 time zone, accuracy   16 snapshot length  20 link type    20
 *    24 records: seconds 4, fraction 4, captured length 4, original length 4, bytes
 *
 * Draft draft-ietf-opsawg-pcap section 4.
 */

const FILE_HEADER_BYTES = 24
const RECORD_HEADER_BYTES = 16

/** Whether the bytes begin as a pcap file does. */
export function isPcap(bytes: Uint8Array): boolean {
  return formOf(bytes) !== undefined
}

/**
 * Reads a pcap file in either byte order.
 *
 * @throws WireError `BAD_MAGIC` where it is none, `TRUNCATED` within its header, `BAD_LENGTH` for a
 *   packet longer than any.
 */
export function readPcap(bytes: Uint8Array): Capture {
  const form = formOf(bytes)
  if (form === undefined) throw new WireError('BAD_MAGIC', 0, 'no pcap file')
  if (bytes.length < FILE_HEADER_BYTES) {
    throw new WireError('TRUNCATED', bytes.length, 'the file ends within its header')
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { isLittle, nsPerFraction } = form
  // The upper bits say how frame check sequences are kept.
  const linkType = view.getUint32(20, isLittle) & 0xffff
  const packets: CapturedPacket[] = []
  let at = FILE_HEADER_BYTES
  while (at + RECORD_HEADER_BYTES <= bytes.length) {
    const length = view.getUint32(at + 8, isLittle)
    if (length > LONGEST_PACKET) throw new WireError('BAD_LENGTH', at + 8, `a packet of ${length}`)
    const begin = at + RECORD_HEADER_BYTES
    if (begin + length > bytes.length) return { packets, isCut: true }
    const seconds = BigInt(view.getUint32(at, isLittle))
    const fraction = BigInt(view.getUint32(at + 4, isLittle))
    const atNs = seconds * 1_000_000_000n + fraction * nsPerFraction
    packets.push({ atNs, linkType, bytes: bytes.subarray(begin, begin + length) })
    at = begin + length
  }
  return { packets, isCut: at < bytes.length }
}

/** Twice what any capture takes of a packet: a damaged length must not read as one. */
const LONGEST_PACKET = 512 * 1024

type Form = { readonly isLittle: boolean; readonly nsPerFraction: bigint }

function formOf(bytes: Uint8Array): Form | undefined {
  const magic = Buffer.from(bytes.subarray(0, 4)).toString('hex')
  return FORMS[magic]
}

const FORMS: Readonly<Record<string, Form>> = {
  a1b2c3d4: { isLittle: false, nsPerFraction: 1_000n },
  d4c3b2a1: { isLittle: true, nsPerFraction: 1_000n },
  a1b23c4d: { isLittle: false, nsPerFraction: 1n },
  '4d3cb2a1': { isLittle: true, nsPerFraction: 1n },
}
