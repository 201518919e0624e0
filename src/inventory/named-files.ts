/** Something in an archive or folder that is for the operator to put right. */
export type FileFault = {
  /** The file's name as it was given; empty for the whole. */
  readonly file: string
  readonly fault: string
}

/** Files by their path, with `/` between its parts, or everything that is wrong with them. */
export type NamedFiles =
  | { readonly kind: 'ok'; readonly files: ReadonlyMap<string, Uint8Array> }
  | { readonly kind: 'refused'; readonly problems: readonly FileFault[] }

/** How much is imported at once. */
export type ImportLimits = {
  readonly files: number
  /** Bytes of one file, unpacked. */
  readonly fileBytes: number
  /** Bytes of all files together, unpacked. */
  readonly totalBytes: number
}

/** Room for any release of Cisco's: the largest has some ten files, and images of 0.8 MB. */
export const IMPORT_LIMITS: ImportLimits = {
  files: 200,
  fileBytes: 4 * 1024 * 1024,
  totalBytes: 32 * 1024 * 1024,
}

/** A file as a listing tells of it, before its bytes are read. */
export type ListedFile = { readonly name: string; readonly bytes: number }

/** Everything that a listing alone says against its files: names, twins, sizes. */
export function findListingFaults(
  listed: readonly ListedFile[],
  limits: ImportLimits = IMPORT_LIMITS,
): FileFault[] {
  if (listed.length > limits.files) {
    return [{ file: '', fault: `has ${listed.length} files; the limit is ${limits.files}` }]
  }
  const total = listed.reduce((sum, { bytes }) => sum + bytes, 0)
  const faults = [...listed.flatMap((file) => faultsOfFile(file, limits)), ...findTwins(listed)]
  if (total <= limits.totalBytes) return faults
  const fault = `holds ${total} bytes in total; the limit is ${limits.totalBytes}`
  return [...faults, { file: '', fault }]
}

/** Why nothing may be stored under a name; undefined where it may. */
export function findNameFault(name: string): string | undefined {
  if (name === '') return 'has no name'
  if (name.length > 255) return 'has a name of more than 255 characters'
  if (/\p{Cc}/u.test(name)) return 'has a control character in its name'
  if (name.includes('\\')) return 'has a backslash in its name'
  if (name.startsWith('/')) return 'has an absolute name'
  if (/^[A-Za-z]:/.test(name)) return 'has a drive letter in its name'
  const parts = name.split('/')
  if (parts.includes('..')) return 'leaves its folder by ".."'
  return parts.some((part) => part === '' || part === '.')
    ? 'has an empty part in its name'
    : undefined
}

function faultsOfFile({ name, bytes }: ListedFile, limits: ImportLimits): FileFault[] {
  const fault = findNameFault(name)
  const faults = fault === undefined ? [] : [{ file: name, fault }]
  if (bytes <= limits.fileBytes) return faults
  const size = `holds ${bytes} bytes; the limit for one file is ${limits.fileBytes}`
  return [...faults, { file: name, fault: size }]
}

/** Names that a phone, or another file system, could not tell apart. */
function findTwins(listed: readonly ListedFile[]): FileFault[] {
  const seen = new Map<string, string>()
  return listed.flatMap(({ name }) => {
    const folded = name.toLowerCase()
    const twin = seen.get(folded)
    seen.set(folded, name)
    if (twin === undefined) return []
    const fault = twin === name ? 'occurs twice' : `differs from ${twin} only in letter case`
    return [{ file: name, fault }]
  })
}
