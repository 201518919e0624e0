import { type Entry, fromBufferPromise, getFileNameLowLevel, type ZipFile } from 'yauzl'
import {
  type FileFault,
  findListingFaults,
  type ImportLimits,
} from '../../inventory/named-files.ts'
import { otherArchive } from './other-archive.ts'

/** A file of an archive, as the central directory tells of it. */
export type ListedEntry = { readonly name: string; readonly entry: Entry }

/** An archive that is open and whose directory has nothing against it, or all that it has. */
export type ZipListing =
  | { readonly kind: 'ok'; readonly zip: ZipFile; readonly entries: readonly ListedEntry[] }
  | { readonly kind: 'refused'; readonly problems: readonly FileFault[] }

/** A file that is smaller is harmless whatever it was packed to. */
const SMALLEST_BOMB_BYTES = 1024 * 1024
/** Images pack to a third at best; what packs better than this was made to burst. */
const MAX_RATIO = 100

/** File types in the upper half of the external attributes, as Unix writers put them there. */
const TYPE_MASK = 0o170000
const TYPES = new Map([
  [0o120000, 'is a symbolic link'],
  [0o010000, 'is a pipe'],
  [0o020000, 'is a device'],
  [0o060000, 'is a device'],
  [0o140000, 'is a socket'],
])

/**
 * Reads the central directory of an archive and judges it. Nothing is unpacked.
 *
 * @param archive - Stays the caller's; it must not change while the listing is in use.
 */
export async function listZip(archive: Buffer, limits: ImportLimits): Promise<ZipListing> {
  const other = otherArchive(archive)
  if (other !== undefined) return refuse('', other)
  const entries: ListedEntry[] = []
  try {
    // Names are decoded here and not by yauzl, which would stop at the first bad one.
    const zip = await fromBufferPromise(archive, { decodeStrings: false })
    // Not only a limit: this many headers would be read before the first is judged.
    if (zip.entryCount > 4 * limits.files) return refuse('', tooMany(zip.entryCount, limits))
    for await (const entry of zip.eachEntry()) {
      const name = nameOf(entry)
      // Names of folders end in a slash.
      if (!name.endsWith('/') || entry.uncompressedSize > 0) entries.push({ name, entry })
    }
    const listed = entries.map(({ name, entry }) => ({ name, bytes: entry.uncompressedSize }))
    const problems = [...findListingFaults(listed, limits), ...entries.flatMap(faultsOfEntry)]
    return problems.length > 0 ? { kind: 'refused', problems } : { kind: 'ok', zip, entries }
  } catch (thrown) {
    // Whatever yauzl throws is about the archive, which is the operator's to put right.
    return refuse('', faultOf(thrown, archive, entries.at(-1)))
  }
}

/** How yauzl says that an archive has no end record. */
const NO_END = /^End of central directory record signature not found/

function faultOf(thrown: unknown, archive: Buffer, behind: ListedEntry | undefined): string {
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  if (NO_END.test(reason)) return withoutEnd(archive)
  const place = behind === undefined ? '' : `after ${behind.name}: `
  return `is not a valid ZIP file: ${place}${reason}`
}

function withoutEnd(archive: Buffer): string {
  return archive.toString('latin1', 0, 2) === 'PK'
    ? 'is not a valid ZIP file: its end is missing, as after a download that broke off; download it again'
    : 'is not a valid ZIP file'
}

function nameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true)
}

function faultsOfEntry({ name, entry }: ListedEntry): FileFault[] {
  const faults: string[] = []
  const type = TYPES.get((entry.externalFileAttributes >>> 16) & TYPE_MASK)
  if (type !== undefined) faults.push(type)
  if (entry.isEncrypted()) faults.push('is encrypted')
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) {
    faults.push(
      `uses compression method ${entry.compressionMethod}; only stored and deflate are supported`,
    )
  }
  const ratio = entry.uncompressedSize / Math.max(1, entry.compressedSize)
  if (entry.uncompressedSize > SMALLEST_BOMB_BYTES && ratio > MAX_RATIO) {
    faults.push(`unpacks to ${Math.round(ratio)} times its size; the limit is ${MAX_RATIO} times`)
  }
  return faults.map((fault) => ({ file: name, fault }))
}

function tooMany(count: number, limits: ImportLimits): string {
  return `has ${count} entries; the limit is ${limits.files} files`
}

function refuse(file: string, fault: string): ZipListing {
  return { kind: 'refused', problems: [{ file, fault }] }
}
