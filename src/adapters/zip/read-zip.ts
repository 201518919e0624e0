import { crc32 } from 'node:zlib'
import type { ZipFile } from 'yauzl'
import {
  type FileFault,
  IMPORT_LIMITS,
  type ImportLimits,
  type NamedFiles,
} from '../../inventory/named-files.ts'
import { findHeaderFaults } from './local-headers.ts'
import { type ListedEntry, listZip } from './zip-listing.ts'

/**
 * Unpacks a ZIP archive into memory: all of it, or nothing and everything that is wrong with it.
 *
 * First the central directory is judged, then the local headers against it, and only then is
 * anything unpacked; what unpacks to more than it declared is dropped at that point.
 *
 * @param archive - Is not kept and not changed.
 */
export async function readZip(
  archive: Uint8Array,
  limits: ImportLimits = IMPORT_LIMITS,
): Promise<NamedFiles> {
  if (archive.length > limits.totalBytes) {
    const fault = `has ${archive.length} bytes; the limit is ${limits.totalBytes}`
    return { kind: 'refused', problems: [{ file: '', fault }] }
  }
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.length)
  const listing = await listZip(bytes, limits)
  if (listing.kind === 'refused') return listing
  const { zip, entries } = listing
  const problems: FileFault[] = await findHeaderFaults(zip, entries)
  if (problems.length > 0) return { kind: 'refused', problems }
  const files = new Map<string, Uint8Array>()
  for (const entry of entries) {
    const content = await unpack(zip, entry)
    if (typeof content === 'string') problems.push({ file: entry.name, fault: content })
    else files.set(entry.name, content)
  }
  return problems.length > 0 ? { kind: 'refused', problems } : { kind: 'ok', files }
}

/** The bytes of a file, or what is wrong with them. */
async function unpack(zip: ZipFile, { entry }: ListedEntry): Promise<Uint8Array | string> {
  const chunks: Buffer[] = []
  try {
    const stream = await zip.openReadStreamPromise(entry)
    // yauzl ends the stream with an error as soon as it passes the declared size, or falls short.
    for await (const chunk of stream) chunks.push(chunk)
  } catch (thrown) {
    return `cannot be unpacked: ${thrown instanceof Error ? thrown.message : String(thrown)}`
  }
  const content = new Uint8Array(Buffer.concat(chunks))
  return crc32(content) === entry.crc32 ? content : 'is damaged: the CRC-32 checksum does not match'
}
