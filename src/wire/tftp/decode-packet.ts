/*
 *   RRQ, WRQ   | opcode | name | 0 | mode | 0 | option | 0 | value | 0 | ...   at most 512 bytes,
 *                and NULs after them
 *   DATA       | opcode | block  | payload, 0 to 65464 bytes                  |
 *   ACK        | opcode | block  |
 *   ERROR      | opcode | code   | message | 0 |
 *   OACK       | opcode | option | 0 | value | 0 | ...
 *                2        2        variable
 */
import { WireError } from '../wire-error.ts'
import {
  DATA_HEADER_BYTES,
  MAX_BLOCK_BYTES,
  MAX_REQUEST_BYTES,
  OPCODE,
  type ReadOrWriteRequest,
  type TftpOptions,
  type TftpPacket,
} from './packet.ts'

/**
 * Decodes one UDP payload as a TFTP packet.
 *
 * The payload of a DATA packet is a view on `bytes`, not a copy. Bytes after an ACK are ignored,
 * the message of an ERROR may lack its NUL, a request may be filled up with NULs to any size, and
 * its last option may lack its value: clients in the field send all of that, and none of it leaves a
 * doubt about what is meant.
 *
 * @param bytes - One whole datagram.
 * @throws {@link WireError} `TRUNCATED` below 4 bytes, `UNKNOWN_OPCODE` outside the table,
 *   `TOO_LONG` for a request above 512 bytes without the NULs that fill it up, or a block above 65464, `NOT_TERMINATED` where a
 *   text has no NUL, `BAD_VALUE` for an empty file or option name.
 * @see RFC 1350 section 5, RFC 2347, RFC 2348
 */
export function decodePacket(bytes: Uint8Array): TftpPacket {
  if (bytes.length < 4) {
    throw new WireError('TRUNCATED', bytes.length, `${bytes.length} octets, a packet has 4 or more`)
  }
  const opcode = uint16(bytes, 0)
  switch (opcode) {
    case OPCODE.read:
      return decodeRequest('read', bytes)
    case OPCODE.write:
      return decodeRequest('write', bytes)
    case OPCODE.data:
      return decodeData(bytes)
    case OPCODE.ack:
      return { kind: 'ack', block: uint16(bytes, 2) }
    case OPCODE.error:
      return { kind: 'error', code: uint16(bytes, 2), message: lenientText(bytes, 4) }
    case OPCODE['options-ack']:
      return { kind: 'options-ack', options: decodeOptions(bytes, 2) }
    default:
      throw new WireError('UNKNOWN_OPCODE', 0, `opcode ${opcode}, known are 1 to 6`)
  }
}

function decodeRequest(kind: 'read' | 'write', datagram: Uint8Array): ReadOrWriteRequest {
  const bytes = withoutFilling(datagram)
  // RFC 2347: the limit bounds everything below, so a request cannot carry thousands of options.
  if (bytes.length > MAX_REQUEST_BYTES) {
    const found = `request of ${bytes.length} octets, at most ${MAX_REQUEST_BYTES} are allowed`
    throw new WireError('TOO_LONG', MAX_REQUEST_BYTES, found)
  }
  const nameEnd = endOfText(bytes, 2)
  if (nameEnd === 2) throw new WireError('BAD_VALUE', 2, 'file name is empty')
  const modeEnd = endOfText(bytes, nameEnd + 1)
  return {
    kind,
    name: textOf(bytes, 2, nameEnd),
    mode: modeOf(bytes, nameEnd + 1, modeEnd),
    options: decodeOptions(bytes, modeEnd + 1),
  }
}

/** In lower case. Nearly every client writes `octet`, which then costs no text. */
function modeOf(bytes: Uint8Array, start: number, end: number): string {
  const isOctet = end - start === OCTET.length && OCTET.every((it, at) => bytes[start + at] === it)
  return isOctet ? 'octet' : textOf(bytes, start, end).toLowerCase()
}

const OCTET = [...'octet'].map((letter) => letter.charCodeAt(0))

function decodeData(bytes: Uint8Array): TftpPacket {
  const payload = bytes.subarray(DATA_HEADER_BYTES)
  if (payload.length > MAX_BLOCK_BYTES) {
    const found = `block of ${payload.length} octets, at most ${MAX_BLOCK_BYTES} are allowed`
    throw new WireError('TOO_LONG', DATA_HEADER_BYTES + MAX_BLOCK_BYTES, found)
  }
  return { kind: 'data', block: uint16(bytes, 2), payload }
}

const NO_OPTIONS: TftpOptions = new Map()

function decodeOptions(bytes: Uint8Array, start: number): TftpOptions {
  if (start >= bytes.length) return NO_OPTIONS
  const options = new Map<string, string>()
  let at = start
  while (at < bytes.length) {
    const nameEnd = endOfText(bytes, at)
    if (nameEnd === at) {
      requirePadding(bytes, at)
      break
    }
    // A last name without its value, as `NAME 0 byte 0 1024 0`, asks for nothing that has a name.
    if (nameEnd + 1 === bytes.length) break
    const valueEnd = endOfText(bytes, nameEnd + 1)
    const name = textOf(bytes, at, nameEnd).toLowerCase()
    // RFC 2347 allows each option once and leaves open what a second one means: the first counts.
    if (!options.has(name)) options.set(name, textOf(bytes, nameEnd + 1, valueEnd))
    at = valueEnd + 1
  }
  return options
}

/** Boot code that sends a whole structure, of 516 bytes for example, leaves NULs at its end. */
function withoutFilling(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= MAX_REQUEST_BYTES) return bytes
  let end = bytes.length
  while (end > MAX_REQUEST_BYTES && bytes[end - 1] === 0) end--
  return bytes.subarray(0, end)
}

/** After an empty name nothing but NULs may follow. */
function requirePadding(bytes: Uint8Array, start: number): void {
  const stray = bytes.subarray(start).findIndex((octet) => octet !== 0)
  if (stray >= 0) throw new WireError('BAD_VALUE', start, 'option name is empty')
}

/** RFC 7440 section 3: every field of a request ends in NUL. */
function endOfText(bytes: Uint8Array, start: number): number {
  const end = bytes.indexOf(0, start)
  if (end < 0) throw new WireError('NOT_TERMINATED', start, 'text is not ended by NUL')
  return end
}

function lenientText(bytes: Uint8Array, start: number): string {
  const end = bytes.indexOf(0, start)
  return textOf(bytes, start, end < 0 ? bytes.length : end)
}

// RFC 1350 speaks of netascii; clients with names beyond ASCII send UTF-8.
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return utf8.decode(bytes.subarray(start, end))
}

/** The caller has checked that both bytes are there. */
function uint16(bytes: Uint8Array, offset: number): number {
  return (bytes[offset] as number) * 256 + (bytes[offset + 1] as number)
}
