import type { Finding } from '../../src/tools/lint/finding.ts'
import { lintRoot } from '../../src/tools/lint/lint-root.ts'
import { viewRoot, wantsBytes } from '../../src/tools/lint/root-view.ts'
import type { RootFile, RootFolder, TftpRoot } from '../../src/tools/lint/tftp-root.ts'

/** What a file of a test's root is: its text or octets, or what else a listing may say of it. */
export type FileGiven = string | Uint8Array | Partial<RootFile>

/** A TFTP root as an adapter would list it: modes 644 and 755, octets of what phones ask for. */
export function aTftpRoot(
  files: Readonly<Record<string, FileGiven>>,
  folders: readonly Partial<RootFolder>[] = [],
): TftpRoot {
  return {
    files: Object.entries(files).map(([path, given]) => aRootFile(path, given)),
    folders: [{}, ...folders].map((folder) => ({ path: '', mode: 0o755, unread: null, ...folder })),
  }
}

function aRootFile(path: string, given: FileGiven): RootFile {
  const octets = typeof given === 'string' ? Buffer.from(given, 'latin1') : given
  if (!(octets instanceof Uint8Array)) {
    return { path, sizeBytes: 0, mode: 0o644, bytes: null, unread: null, ...octets }
  }
  const file = { path, sizeBytes: octets.length, mode: 0o644 }
  return wantsBytes(path, octets.length)
    ? { ...file, bytes: octets, unread: null }
    : { ...file, bytes: null, unread: { kind: 'not-wanted' } }
}

/** All findings of a root. */
export function findingsOf(root: TftpRoot): readonly Finding[] {
  return lintRoot(viewRoot(root))
}

/** Findings in short: `fails os79xx-lines OS79XX.TXT:2`, a line or octet where there is one. */
export function findingsIn(root: TftpRoot, rule?: string): readonly string[] {
  return findingsOf(root)
    .filter((found) => rule === undefined || found.rule === rule)
    .map(inShort)
}

/** One finding in short. */
export function inShort({ severity, rule, file, line, offset }: Finding): string {
  const place = line ?? offset
  return `${severity} ${rule} ${file}${place === null ? '' : `:${place}`}`
}
