/**
 * The signature header before a signed image: a list of elements.
 *
 *     byte  0        1                 3
 *            +--------+--------+--------+------------ - - -
 *            | type   | length, 16 bits | value
 *            +--------+--------+--------+------------ - - -
 *
 *     type 01  version, 2 bytes, 0x0101
 *          02  length of the whole header, 2 bytes, 0x0194 = 404 in every known image
 *          03  signer and what it signed with
 *          07  signature, an RSA value of 256 bytes in it
 *          0E  original file name, ended by a NUL
 *          0D  padding up to the end of the header
 *
 * The unsigned image follows it byte by byte. Seen so in the images of SIP 7.5 and 8.12 and
 * SCCP 8.1(2)SR2, of which no byte is kept here.
 */
export type Signature =
  | {
      readonly kind: 'signed'
      /** Where the unsigned image begins. */
      readonly headerBytes: number
      /** The name under which the image was signed, extension included. */
      readonly fileName: string
    }
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'damaged'; readonly fault: string }

/** Reads the signature header of a `.sbn`, `.sb2` or `.loads` file; no offset is trusted. */
export function readSignature(bytes: Uint8Array): Signature {
  if (!startsWith(bytes, HEADER_START)) return { kind: 'unsigned' }
  const headerBytes = readLength(bytes, LENGTH_AT)
  if (!startsWith(bytes.subarray(VERSION_END), LENGTH_START) || headerBytes !== HEADER_BYTES) {
    return damaged('its signature header does not say how long it is')
  }
  if (bytes.length < headerBytes) {
    return damaged(`it ends after ${bytes.length} bytes, within its signature header`)
  }
  const fileName = findFileName(bytes.subarray(0, headerBytes))
  if (fileName === undefined) return damaged('its signature header holds no file name')
  return { kind: 'signed', headerBytes, fileName }
}

/**
 * The name that an image carries at byte 0x20 of its unsigned part (0x1B4 of a signed one).
 *
 * @param image - The unsigned part.
 * @returns The name as it stands there, or null where nothing like a load's name does.
 */
export function readEmbeddedName(image: Uint8Array): string | null {
  const text = readName(image.subarray(EMBEDDED_AT, EMBEDDED_AT + LONGEST_NAME))
  return /^P0[0SM]3/.test(text) ? text : null
}

/** Bytes of the signature header, in every image seen. */
const HEADER_BYTES = 404

const HEADER_START = [0x01, 0x00, 0x02]
const LENGTH_START = [0x02, 0x00, 0x02]
const VERSION_END = 5
const LENGTH_AT = 8
const EMBEDDED_AT = 0x20
const LONGEST_NAME = 64
const FILE_NAME = 0x0e
const PADDING = 0x0d

function findFileName(header: Uint8Array): string | undefined {
  let at = 0
  // Each turn moves on by three bytes at least.
  while (at + 3 <= header.length && header[at] !== PADDING) {
    const end = at + 3 + readLength(header, at + 1)
    if (end > header.length) return undefined
    if (header[at] === FILE_NAME) return readName(header.subarray(at + 3, end)) || undefined
    at = end
  }
  return undefined
}

/** The characters of a file name up to the first byte that belongs to none. */
function readName(bytes: Uint8Array): string {
  let name = ''
  for (const octet of bytes) {
    const character = String.fromCharCode(octet)
    if (!/[0-9A-Za-z._-]/.test(character)) break
    name += character
  }
  return name
}

function readLength(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0)
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((octet, index) => bytes[index] === octet)
}

function damaged(fault: string): Signature {
  return { kind: 'damaged', fault }
}
