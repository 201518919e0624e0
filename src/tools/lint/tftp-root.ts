/** A file of a TFTP root as a listing shows it. */
export type RootFile = {
  /** Below the root, `/` between its parts. */
  readonly path: string
  readonly sizeBytes: number
  /** The permission bits (`0o644`); null where the system has none. */
  readonly mode: number | null
  /** Whose it is, by the numbers of the system; left out where it has none. */
  readonly owner?: Owner
  /** Null where the bytes were not read; `unread` says why. */
  readonly bytes: Uint8Array | null
  readonly unread: Unread | null
}

/** User and group of a file. */
export type Owner = { readonly uid: number; readonly gid: number }

/** Why a file's bytes are not known. */
export type Unread =
  /** No phone asks for a file of this name, or it is larger than any that one can use. */
  | { readonly kind: 'not-wanted' }
  /** All files together are more than is read. */
  | { readonly kind: 'too-much' }
  | { readonly kind: 'outside' }
  /** A pipe, a socket or a device. */
  | { readonly kind: 'no-file' }
  | { readonly kind: 'failed'; readonly reason: string }

/** A folder of a TFTP root; the root itself has the empty path. */
export type RootFolder = {
  readonly path: string
  readonly mode: number | null
  readonly owner?: Owner
  /** Why what is in it is not known; null where it is listed. */
  readonly unread: string | null
}

/** A TFTP root: names, sizes, modes, and the bytes of what phones ask for. */
export type TftpRoot = {
  readonly files: readonly RootFile[]
  readonly folders: readonly RootFolder[]
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Whether a file lies in the root itself, where phones look for most names. */
export function isAtTop({ path }: RootFile): boolean {
  return !path.includes('/')
}
