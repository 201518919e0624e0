import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { canonicalFileName } from '../../files/file-name.ts'
import { readExactly, reasonOf } from './read-exactly.ts'

/** How much of a shared folder is served. */
export type SharedLimits = {
  readonly files: number
  /** Bytes of one file. */
  readonly fileBytes: number
  /** Bytes of all files together. */
  readonly totalBytes: number
}

/** An entry that is not served. */
export type LeftOut = {
  /** With its folders; empty for what is not looked at any more. */
  readonly name: string
  readonly why: string
}

/** Folders within folders. */
const MAX_DEPTH = 8
/** Files and folders that are looked at, for each file that is allowed. */
const MAX_SEEN_PER_FILE = 4

type Found = { readonly name: string; readonly path: string; readonly bytes: number }

/**
 * Reads a folder of shared files, in the order of their names. An entry that cannot be served (no
 * regular file, a link out of the folder, too large, a name that cannot be requested, two names that a
 * phone cannot tell apart) is left out: one stray file must not keep the others from being served.
 *
 * Nothing in the folder can make it wait: pipes and devices are never opened.
 *
 * @param take - Gets each file; what it throws leaves that file out.
 * @returns What is left out.
 * @throws The file system's error where the folder itself cannot be listed.
 */
export async function readSharedFolder(
  folder: string,
  limits: SharedLimits,
  take: (name: string, bytes: Uint8Array) => void,
): Promise<readonly LeftOut[]> {
  const root = await realpath(folder)
  const walk = new Walk(root, limits)
  await walk.enter(await readdir(root, { withFileTypes: true }))
  const files = withoutTwins(walk.found, walk.leftOut)
  let count = 0
  let total = 0
  for (const file of files) {
    const fault = faultOf(file, limits, count, total) ?? (await read(file, take))
    if (fault !== undefined) {
      walk.leftOut.push({ name: file.name, why: fault })
      continue
    }
    count++
    total += file.bytes
  }
  return walk.leftOut
}

function faultOf(
  { name, bytes }: Found,
  limits: SharedLimits,
  count: number,
  total: number,
): string | undefined {
  if (canonicalFileName(name) !== name) return 'has a name that no TFTP request can contain'
  if (bytes > limits.fileBytes) {
    return `holds ${bytes} bytes; the limit for one file is ${limits.fileBytes}`
  }
  if (count >= limits.files) return `exceeds the limit of ${limits.files} files`
  if (total + bytes > limits.totalBytes) {
    return `holds ${bytes} bytes, which would exceed the limit of ${limits.totalBytes} for the folder`
  }
  return undefined
}

async function read(
  { name, path, bytes }: Found,
  take: (name: string, bytes: Uint8Array) => void,
): Promise<string | undefined> {
  const content = await readExactly(path, bytes)
  if (typeof content === 'string') return content
  try {
    take(name, content)
    return undefined
  } catch (thrown) {
    return reasonOf(thrown)
  }
}

/** Names that differ in letter case alone mean nothing to a phone: none of them is served. */
function withoutTwins(found: readonly Found[], leftOut: LeftOut[]): readonly Found[] {
  const byFolded = new Map<string, string[]>()
  for (const { name } of found) {
    const folded = name.toLowerCase()
    byFolded.set(folded, [...(byFolded.get(folded) ?? []), name])
  }
  return found.filter(({ name }) => {
    const twin = byFolded.get(name.toLowerCase())?.find((other) => other !== name)
    if (twin === undefined) return true
    leftOut.push({ name, why: `differs from ${twin} only in letter case` })
    return false
  })
}

/** What is found below a folder, up to a little more than the limits allow. */
class Walk {
  readonly found: Found[] = []
  readonly leftOut: LeftOut[] = []
  readonly #root: string
  readonly #most: number
  #seen = 0

  /** @param root - Without symbolic links in it. */
  constructor(root: string, limits: SharedLimits) {
    this.#root = root
    this.#most = MAX_SEEN_PER_FILE * limits.files
  }

  async enter(entries: readonly Dirent[]): Promise<void> {
    await this.#list(this.#root, '', entries)
    if (this.#seen <= this.#most) return
    const why = `there are more than ${this.#most} files and folders; the rest are ignored`
    this.leftOut.push({ name: '', why })
  }

  async #list(folder: string, prefix: string, entries: readonly Dirent[]): Promise<void> {
    for (const entry of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      // Folders count as well: a tree of empty ones must end, too.
      if (++this.#seen > this.#most) return
      const name = prefix + entry.name
      const path = join(folder, entry.name)
      const fault = entry.isDirectory()
        ? await this.#descend(path, name)
        : await this.#add(entry, path, name)
      if (fault !== undefined) this.leftOut.push({ name, why: fault })
    }
  }

  async #descend(path: string, name: string): Promise<string | undefined> {
    if (name.split('/').length > MAX_DEPTH) return `is more than ${MAX_DEPTH} folders deep`
    const entries = await readdir(path, { withFileTypes: true }).catch(reasonOf)
    if (typeof entries === 'string') return `cannot be read: ${entries}`
    await this.#list(path, `${name}/`, entries)
    return undefined
  }

  async #add(entry: Dirent, path: string, name: string): Promise<string | undefined> {
    if (!entry.isFile() && !entry.isSymbolicLink()) return 'is not a regular file'
    try {
      const real = await realpath(path)
      if (real !== this.#root && !real.startsWith(this.#root + sep)) {
        return 'is a link to a place outside the folder'
      }
      const status = await stat(real)
      if (!status.isFile()) return 'is a link to something that is not a file'
      this.found.push({ name, path: real, bytes: status.size })
      return undefined
    } catch (thrown) {
      return `cannot be read: ${reasonOf(thrown)}`
    }
  }
}
