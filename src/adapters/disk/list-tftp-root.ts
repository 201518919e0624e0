import type { Dirent, Stats } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { Owner, RootFile, RootFolder, TftpRoot, Unread } from '../../tools/lint/tftp-root.ts'
import { readExactly, reasonOf } from './read-exactly.ts'

/** How much of a TFTP root is looked at. */
export type RootLimits = {
  /** Files and folders together. */
  readonly entries: number
  /** Folders within folders. */
  readonly depth: number
  /** Bytes of all files that are read. */
  readonly totalBytes: number
}

/** Room for every release there is, ten times over. */
export const ROOT_LIMITS: RootLimits = {
  entries: 20_000,
  depth: 8,
  totalBytes: 256 * 1024 * 1024,
}

/**
 * Lists a TFTP root with its sub-folders and reads the files that `wants` asks for. What cannot be
 * read is listed with its reason: an unreadable file may be the fault that the operator looks for.
 *
 * A symbolic link is followed to a file inside the folder and nowhere else.
 *
 * @throws Error where the folder itself cannot be listed, or is none.
 */
export async function listTftpRoot(
  folder: string,
  wants: (path: string, sizeBytes: number) => boolean,
  limits: RootLimits = ROOT_LIMITS,
): Promise<TftpRoot> {
  const listing = new Listing(await realpath(folder), wants, limits)
  await listing.enterRoot()
  return { files: listing.files, folders: listing.folders }
}

class Listing {
  readonly files: RootFile[] = []
  readonly folders: RootFolder[] = []
  readonly #root: string
  readonly #wants: (path: string, sizeBytes: number) => boolean
  readonly #limits: RootLimits
  #entries = 0
  #readBytes = 0

  /** @param root - Without symbolic links in it. */
  constructor(
    root: string,
    wants: (path: string, sizeBytes: number) => boolean,
    limits: RootLimits,
  ) {
    this.#root = root
    this.#wants = wants
    this.#limits = limits
  }

  async enterRoot(): Promise<void> {
    const entries = await readdir(this.#root, { withFileTypes: true })
    const status = await stat(this.#root)
    this.folders.push({ path: '', mode: modeOf(status), ...ownerOf(status), unread: null })
    await this.#list(this.#root, '', entries)
  }

  async #list(folder: string, prefix: string, entries: readonly Dirent[]): Promise<void> {
    for (const entry of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (++this.#entries > this.#limits.entries) {
        throw new Error(`it has more than ${this.#limits.entries} files and folders`)
      }
      const path = prefix + entry.name
      const full = join(folder, entry.name)
      if (entry.isDirectory()) await this.#enter(full, path)
      else if (entry.isFile() || entry.isSymbolicLink()) await this.#add(full, path)
      else this.files.push(unreadFile(path, NO_FILE))
    }
  }

  async #enter(folder: string, path: string): Promise<void> {
    const status = await stat(folder)
    const entry = { path, mode: modeOf(status), ...ownerOf(status) }
    const unread = (reason: string) => void this.folders.push({ ...entry, unread: reason })
    if (path.split('/').length > this.#limits.depth) {
      return unread(`more than ${this.#limits.depth} folders deep`)
    }
    try {
      const entries = await readdir(folder, { withFileTypes: true })
      this.folders.push({ ...entry, unread: null })
      await this.#list(folder, `${path}/`, entries)
    } catch (thrown) {
      // Only what the system says of this folder; a limit that is passed ends the whole listing.
      if (!(thrown instanceof Error && 'code' in thrown)) throw thrown
      unread(reasonOf(thrown))
    }
  }

  async #add(full: string, path: string): Promise<void> {
    try {
      const real = await realpath(full)
      if (!real.startsWith(this.#root + sep)) {
        return void this.files.push(unreadFile(path, { kind: 'outside' }))
      }
      const status = await stat(real)
      // A link to a folder shows what is listed where it is.
      if (status.isFile()) this.files.push(await this.#read(path, real, status))
      else if (!status.isDirectory()) this.files.push(unreadFile(path, NO_FILE))
    } catch (thrown) {
      this.files.push(unreadFile(path, { kind: 'failed', reason: reasonOf(thrown) }))
    }
  }

  async #read(path: string, real: string, status: Stats): Promise<RootFile> {
    const file = { path, sizeBytes: status.size, mode: modeOf(status), ...ownerOf(status) }
    if (!this.#wants(path, status.size)) {
      return { ...file, bytes: null, unread: { kind: 'not-wanted' } }
    }
    if (this.#readBytes + status.size > this.#limits.totalBytes) {
      return { ...file, bytes: null, unread: { kind: 'too-much' } }
    }
    this.#readBytes += status.size
    const content = await readExactly(real, status.size)
    return typeof content === 'string'
      ? { ...file, bytes: null, unread: { kind: 'failed', reason: content } }
      : { ...file, bytes: content, unread: null }
  }
}

/** A pipe, a socket or a device: opening one may wait for ever. */
const NO_FILE: Unread = { kind: 'no-file' }

function unreadFile(path: string, unread: Unread): RootFile {
  return { path, sizeBytes: 0, mode: null, bytes: null, unread }
}

/** Windows makes modes up: there they say nothing. */
function modeOf({ mode }: Stats): number | null {
  return process.platform === 'win32' ? null : mode & 0o777
}

function ownerOf({ uid, gid }: Stats): { readonly owner?: Owner } {
  return process.platform === 'win32' ? {} : { owner: { uid, gid } }
}
