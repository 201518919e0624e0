import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import {
  type FileFault,
  findListingFaults,
  IMPORT_LIMITS,
  type ImportLimits,
  type NamedFiles,
} from '../../inventory/named-files.ts'
import { readExactly, reasonOf } from './read-exactly.ts'

/** Folders within folders; Cisco's archives have one. */
const MAX_DEPTH = 8
/** Files and folders that are looked at, for each file that is allowed. */
const MAX_SEEN_PER_FILE = 4

type Found = { readonly name: string; readonly path: string; readonly bytes: number }

/**
 * Reads a folder and its sub-folders into memory: all of it, or nothing and everything that is wrong with it.
 *
 * A symbolic link is followed to a file inside the folder and nowhere else.
 */
export async function readFolder(
  folder: string,
  limits: ImportLimits = IMPORT_LIMITS,
): Promise<NamedFiles> {
  const walk = new Walk(limits)
  try {
    await walk.enter(await realpath(folder))
  } catch (thrown) {
    walk.problems.push({ file: '', fault: `cannot be read: ${reasonOf(thrown)}` })
  }
  const problems = [...walk.problems, ...findListingFaults(walk.found, limits)]
  if (problems.length > 0) return { kind: 'refused', problems }
  const files = new Map<string, Uint8Array>()
  for (const { name, path, bytes } of walk.found) {
    const content = await readExactly(path, bytes)
    if (typeof content === 'string') problems.push({ file: name, fault: content })
    else files.set(name, content)
  }
  return problems.length > 0 ? { kind: 'refused', problems } : { kind: 'ok', files }
}

/** What is found below a folder, up to a little more than the limits allow. */
class Walk {
  readonly found: Found[] = []
  readonly problems: FileFault[] = []
  readonly #limits: ImportLimits
  #root = ''
  #seen = 0

  constructor(limits: ImportLimits) {
    this.#limits = limits
  }

  /** @param root - Without symbolic links in it. */
  async enter(root: string): Promise<void> {
    this.#root = root
    await this.#list(root, '', 0)
    const most = MAX_SEEN_PER_FILE * this.#limits.files
    if (this.#seen <= most) return
    this.problems.push({ file: '', fault: `has more than ${most} files and folders` })
  }

  async #list(folder: string, prefix: string, depth: number): Promise<void> {
    if (depth > MAX_DEPTH) {
      this.problems.push({ file: prefix, fault: `is more than ${MAX_DEPTH} folders deep` })
      return
    }
    const most = MAX_SEEN_PER_FILE * this.#limits.files
    const entries = await readdir(folder, { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      // Folders count as well: a tree of empty ones must end, too.
      if (++this.#seen > most) return
      const name = prefix + entry.name
      if (entry.isDirectory()) await this.#list(join(folder, entry.name), `${name}/`, depth + 1)
      else await this.#add(entry, name, join(folder, entry.name))
    }
  }

  async #add(entry: Dirent, name: string, path: string): Promise<void> {
    const refuse = (fault: string) => this.problems.push({ file: name, fault })
    if (!entry.isFile() && !entry.isSymbolicLink()) return void refuse('is not a regular file')
    try {
      const real = await realpath(path)
      if (!real.startsWith(this.#root + sep))
        return void refuse('is a link to a place outside the folder')
      const status = await stat(real)
      if (!status.isFile()) return void refuse('is a link to something that is not a file')
      this.found.push({ name, path: real, bytes: status.size })
    } catch (thrown) {
      refuse(`cannot be read: ${reasonOf(thrown)}`)
    }
  }
}
