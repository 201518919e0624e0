/*
 * The header of a signed file for the 7940 and 7960: 404 bytes of elements, each
 *
 *   +------+-----------------+----------------+
 *   | type | length, 2 bytes | length bytes   |
 *   +------+-----------------+----------------+
 *
 *   01  version of the format       0101
 *   02  length of the whole header  0194
 *   03  signer: name, serial number, authority as elements 04, 05, 06
 *   07  signature: digest, algorithm, modulus, 256 bytes of signature as elements 08, 09, 0A, 0B
 *   0E  original file name, ended by NUL
 *   0D  padding up to 404
 *
 * The unsigned content follows unchanged.
 */
import { hashOf, PseudoRandom } from './pseudo-random.ts'

/** Bytes of the header before the content of a signed file. */
export const SIGNATURE_HEADER_BYTES = 404

const VERSION = 0x01
const HEADER_LENGTH = 0x02
const SIGNER = 0x03
const SIGNATURE = 0x07
const PADDING = 0x0d
const FILE_NAME = 0x0e

/** The signer of images made here; it cannot be taken for Cisco's. */
export const SYNTHETIC_SIGNER = 'CN=Synthetic Firmware'
const SIGNATURE_BYTES = 256

/** The longest file name that a header made here has room for, in bytes. */
const MAX_SIGNED_NAME = 48

/**
 * Puts a signature header before `content`. The signature is a checksum in the place of a real
 * one: a simulated phone can detect a damaged file, and the image cannot be taken for Cisco's.
 *
 * @param fileName - With extension, ASCII, at most 48 bytes.
 * @throws RangeError for a longer name.
 */
export function signImage(fileName: string, content: Uint8Array): Uint8Array {
  if (fileName.length > MAX_SIGNED_NAME) {
    throw new RangeError(`name of ${fileName.length} bytes, at most ${MAX_SIGNED_NAME} fit`)
  }
  const elements = [
    ...element(VERSION, [0x01, 0x01]),
    ...element(HEADER_LENGTH, [SIGNATURE_HEADER_BYTES >> 8, SIGNATURE_HEADER_BYTES & 255]),
    ...signerElement(),
    ...signatureElement(signatureOf(fileName, content)),
    ...element(FILE_NAME, ascii(`${fileName}\0`)),
  ]
  const room = SIGNATURE_HEADER_BYTES - elements.length - 3
  elements.push(...element(PADDING, new Array<number>(room).fill(0)))
  const bytes = new Uint8Array(SIGNATURE_HEADER_BYTES + content.length)
  bytes.set(elements)
  bytes.set(content, SIGNATURE_HEADER_BYTES)
  return bytes
}

/** A signed file as a phone sees it. */
export type SignedImage = {
  /** The name it was signed under, with extension. */
  readonly fileName: string
  /** A view on what follows the header. */
  readonly content: Uint8Array
  /**
   * False where a checksum of ours does not fit the content. Of other signers only the form is
   * looked at, so real firmware counts as intact.
   */
  readonly intact: boolean
}

/** Reads a signed file; undefined where the header is not one, so the file counts as unsigned. */
export function readSignedImage(bytes: Uint8Array): SignedImage | undefined {
  const elements = readElements(bytes.subarray(0, SIGNATURE_HEADER_BYTES))
  const name = elements?.get(FILE_NAME)
  const signature = elements?.get(SIGNATURE)
  if (elements === undefined || name === undefined || signature === undefined) return undefined
  if (numberOf(elements.get(HEADER_LENGTH)) !== SIGNATURE_HEADER_BYTES) return undefined
  const fileName = textUpToNul(name)
  const content = bytes.subarray(SIGNATURE_HEADER_BYTES)
  const ours = signerIn(elements) === SYNTHETIC_SIGNER
  const found = signature.subarray(-SIGNATURE_BYTES)
  const intact = !ours || sameBytes(found, signatureOf(fileName, content))
  return { fileName, content, intact }
}

/** The signer that a signature header names; empty where there is no header, or none is named. */
export function signerOf(bytes: Uint8Array): string {
  const elements = readElements(bytes.subarray(0, SIGNATURE_HEADER_BYTES))
  return elements === undefined ? '' : signerIn(elements)
}

/** Reads ASCII up to the first NUL, or to the end where there is none. */
export function textUpToNul(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return String.fromCharCode(...bytes.subarray(0, end < 0 ? bytes.length : end))
}

function readElements(header: Uint8Array): Map<number, Uint8Array> | undefined {
  if (header.length < SIGNATURE_HEADER_BYTES || header[0] !== VERSION) return undefined
  const elements = new Map<number, Uint8Array>()
  let at = 0
  while (at < header.length) {
    const type = header[at] as number
    const end = at + 3 + numberOf(header.subarray(at + 1, at + 3))
    if (end > header.length) return undefined
    if (type === PADDING) break
    elements.set(type, header.subarray(at + 3, end))
    at = end
  }
  return elements
}

/** The signer's name is the first element within its own. */
function signerIn(elements: ReadonlyMap<number, Uint8Array>): string {
  return textUpToNul(elements.get(SIGNER)?.subarray(3) ?? new Uint8Array(0))
}

function signatureOf(fileName: string, content: Uint8Array): Uint8Array {
  return new PseudoRandom(`${fileName} ${content.length} ${hashOf(content)}`).bytes(SIGNATURE_BYTES)
}

function signerElement(): number[] {
  return element(SIGNER, [
    ...element(0x04, ascii(`${SYNTHETIC_SIGNER}\0`)),
    ...element(0x05, [0, 0, 0, 1]),
    ...element(0x06, ascii('CN=Switchhook\0')),
  ])
}

function signatureElement(signature: Uint8Array): number[] {
  return element(SIGNATURE, [
    ...element(0x08, [1]),
    ...element(0x09, [1]),
    ...element(0x0a, [1]),
    ...element(0x0b, signature),
  ])
}

function element(type: number, value: ArrayLike<number>): number[] {
  return [type, value.length >> 8, value.length & 255, ...Array.from(value)]
}

function numberOf(bytes: Uint8Array | undefined): number {
  const [high = 0, low = 0] = bytes ?? []
  return high * 256 + low
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, index) => octet === b[index])
}
