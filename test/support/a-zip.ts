import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'

/** A file to be packed. */
export type ZipPart = {
  readonly name: string
  readonly content: Uint8Array
  /** Stored as it is, not deflated. */
  readonly stored?: boolean
  /** Unix mode, file type included; a plain file otherwise. */
  readonly mode?: number
  /** Written before its size is known: size and checksum stand behind the data. */
  readonly streamed?: boolean
}

/** An archive of these files, by yazl. */
export async function aZip(parts: readonly ZipPart[]): Promise<Buffer> {
  const zip = new ZipFile()
  for (const { name, content, stored = false, mode = 0o100644, streamed = false } of parts) {
    const bytes = Buffer.from(content)
    const options = { compress: !stored, mode, mtime: new Date(0) }
    if (name.endsWith('/')) zip.addEmptyDirectory(name, { mtime: new Date(0) })
    else if (streamed) zip.addReadStream(Readable.from([bytes]), name, options)
    else zip.addBuffer(bytes, name, options)
  }
  zip.end()
  return buffer(zip.outputStream)
}

/** Replaces bytes that occur `times` times; throws where they occur more or less often. */
export function patched(
  archive: Buffer,
  from: Uint8Array | string,
  to: Uint8Array | string,
  times: number,
): Buffer {
  const [wanted, put] = [Buffer.from(from), Buffer.from(to)]
  const copy = Buffer.from(archive)
  let found = 0
  for (let at = copy.indexOf(wanted); at >= 0; at = copy.indexOf(wanted, at + wanted.length)) {
    put.copy(copy, at)
    found++
  }
  if (found !== times) throw new Error(`found ${found} times, expected ${times}`)
  return copy
}

/** Where the nth local header (0x04034b50) begins. */
export const localHeader = (archive: Buffer, nth: number) =>
  nthIndex(archive, 'PK\u0003\u0004', nth)

/** Where the nth header of the central directory (0x02014b50) begins. */
export const centralHeader = (archive: Buffer, nth: number) =>
  nthIndex(archive, 'PK\u0001\u0002', nth)

/** The archive with a little-endian number of 2 or 4 octets written over it. */
export function overwritten(archive: Buffer, offset: number, value: number, octets: 2 | 4): Buffer {
  const copy = Buffer.from(archive)
  if (octets === 2) copy.writeUInt16LE(value, offset)
  else copy.writeUInt32LE(value, offset)
  return copy
}

function nthIndex(archive: Buffer, signature: string, nth: number): number {
  let at = -1
  for (let count = 0; count <= nth; count++) at = archive.indexOf(signature, at + 1, 'latin1')
  if (at < 0) throw new Error(`there is no header ${nth}`)
  return at
}
