import { readFolder } from '../src/adapters/disk/read-folder.ts'
import type { CachedFile, FileCache } from '../src/files/file-cache.ts'

/** More ring tones and logos than any bench has. Sizes in octets. */
const LIMITS = { files: 2_000, fileBytes: 8_388_608, totalBytes: 67_108_864 }

/**
 * Reads `tftp.sharedDir` into the cache, once, at the start: what is served is in memory.
 *
 * @throws Error that names every file that cannot be had.
 */
export async function readSharedFolder(
  folder: string | undefined,
  cache: FileCache,
): Promise<ReadonlyMap<string, CachedFile>> {
  if (folder === undefined) return new Map()
  const read = await readFolder(folder, LIMITS)
  if (read.kind === 'refused') {
    const faults = read.problems.map(({ file, fault }) => `${file || folder} ${fault}`)
    throw new Error(`tftp.sharedDir ${folder} is refused: ${faults.join('; ')}`)
  }
  const files = new Map<string, CachedFile>()
  for (const [name, bytes] of read.files) {
    const file = cache.put(bytes)
    cache.retain(file)
    files.set(name, file)
  }
  return files
}
