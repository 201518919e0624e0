import type { Entry, LocalFileHeader, ZipFile } from 'yauzl'
import type { FileFault } from '../../inventory/named-files.ts'
import type { ListedEntry } from './zip-listing.ts'

/** Sizes and checksum follow the data, and are zero in the local header. */
const SIZES_FOLLOW = 0x08
const ENCRYPTED = 0x01

/** Bytes of the archive that a file takes up, header included. */
type Extent = { readonly name: string; readonly from: number; readonly to: number }

/**
 * What the local headers say otherwise than the central directory, and files that lie in one
 * another: such an archive is a different one to each program that reads it.
 */
export async function findHeaderFaults(
  zip: ZipFile,
  entries: readonly ListedEntry[],
): Promise<FileFault[]> {
  const faults: FileFault[] = []
  const extents: Extent[] = []
  for (const { name, entry } of entries) {
    const header = await readHeader(zip, entry)
    if (typeof header === 'string') {
      faults.push({ file: name, fault: header })
      continue
    }
    const fault = findDifference(entry, header)
    if (fault !== undefined) faults.push({ file: name, fault })
    const from = entry.relativeOffsetOfLocalHeader
    extents.push({ name, from, to: header.fileDataStart + entry.compressedSize })
  }
  return [...faults, ...findOverlaps(extents)]
}

async function readHeader(zip: ZipFile, entry: Entry): Promise<LocalFileHeader | string> {
  try {
    return await zip.readLocalFileHeaderPromise(entry)
  } catch (thrown) {
    return `cannot be found: ${thrown instanceof Error ? thrown.message : String(thrown)}`
  }
}

function findDifference(entry: Entry, header: LocalFileHeader): string | undefined {
  const differs = (what: string) =>
    `has a different ${what} in its local header than in the central directory`
  if (!header.fileName.equals(entry.fileNameRaw)) return differs('name')
  if (header.compressionMethod !== entry.compressionMethod) return differs('compression method')
  if ((header.generalPurposeBitFlag & ENCRYPTED) !== 0)
    return 'is encrypted, according to its local header'
  // 0xffffffff: the size is in a ZIP64 field, which a small archive may have too.
  const isSame = (local: number, listed: number) => local === listed || local === 0xffffffff
  if ((header.generalPurposeBitFlag & SIZES_FOLLOW) !== 0) return undefined
  if (!isSame(header.uncompressedSize, entry.uncompressedSize)) return differs('size')
  if (!isSame(header.compressedSize, entry.compressedSize)) return differs('compressed size')
  return header.crc32 === entry.crc32 ? undefined : differs('checksum')
}

function findOverlaps(extents: readonly Extent[]): FileFault[] {
  const faults: FileFault[] = []
  const inOrder = [...extents].sort((a, b) => a.from - b.from)
  let last: Extent | undefined
  for (const extent of inOrder) {
    if (last !== undefined && extent.from < last.to) {
      faults.push({ file: extent.name, fault: `overlaps ${last.name}` })
    }
    if (last === undefined || extent.to > last.to) last = extent
  }
  return faults
}
