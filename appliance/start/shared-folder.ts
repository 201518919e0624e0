import {
  type LeftOut,
  readSharedFolder as readFolder,
  type SharedLimits,
} from '../../src/adapters/disk/read-shared-folder.ts'
import type { CachedFile, FileCache } from '../../src/files/file-cache.ts'
import type { EntryProblem } from '../../src/inventory/inventory-outcome.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { reasonOf } from './file-reason.ts'

/** Files that are served of one folder: more ring tones and logos than any bench has. */
const MOST_FILES = 2_000

/** Entries that are named one by one; of more, the number. */
const MOST_NAMED = 20

/** What `tftp.sharedDir` holds that can be served, by name, and what is wrong with the rest. */
export type SharedFolder = {
  readonly files: ReadonlyMap<string, CachedFile>
  readonly warnings: readonly EntryProblem[]
}

/**
 * Reads `tftp.sharedDir` into the cache and holds it there: what is served is in memory. What cannot
 * be served is left out with a warning each.
 *
 * @throws Error that names the key where the folder itself cannot be read.
 */
export async function readSharedFolder(
  tftp: Settings['tftp'],
  cache: Pick<FileCache, 'put' | 'retain'>,
): Promise<SharedFolder> {
  const files = new Map<string, CachedFile>()
  const warnings = await lookAtSharedFolder(tftp, (name, bytes) => {
    const file = cache.put(bytes)
    cache.retain(file)
    files.set(name, file)
  })
  return { files, warnings }
}

/**
 * Looks what of `tftp.sharedDir` could be served; `take` gets each such file.
 *
 * @returns A warning for each entry that is left out, up to a number.
 * @throws Error that names the key where the folder itself cannot be read.
 */
export async function lookAtSharedFolder(
  { sharedDir, maxSharedFile, maxShared }: Settings['tftp'],
  take: (name: string, bytes: Uint8Array) => void = () => undefined,
): Promise<readonly EntryProblem[]> {
  if (sharedDir === undefined) return []
  const limits: SharedLimits = {
    files: MOST_FILES,
    fileBytes: maxSharedFile,
    totalBytes: maxShared,
  }
  try {
    return warningsOf(await readFolder(sharedDir, limits, take))
  } catch (error) {
    throw new Error(`tftp.sharedDir: ${sharedDir} cannot be read: ${reasonOf(error)}`, {
      cause: error,
    })
  }
}

function warningsOf(leftOut: readonly LeftOut[]): readonly EntryProblem[] {
  const named = leftOut.slice(0, MOST_NAMED).map(({ name, why }) => ({
    path: 'tftp.sharedDir',
    message: name === '' ? why : `${JSON.stringify(name)} is left out: it ${why}`,
  }))
  const more = leftOut.length - named.length
  if (more === 0) return named
  return [...named, { path: 'tftp.sharedDir', message: `and ${more} more are left out` }]
}
