import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

/** A secret, or why it cannot be used, in words that do not show it. */
export type SecretRead =
  | { readonly kind: 'ok'; readonly secret: string }
  | { readonly kind: 'refused'; readonly reason: string }

/** What a secret must be. */
export type SecretWanted = {
  /** Characters at least. */
  readonly minLength: number
}

/** Longer than any password or community; in bytes. */
const MOST_BYTES = 1024

/** Read or written by users who are neither the owner nor in the group of the file. */
const BY_OTHERS = 0o006

/**
 * Reads a secret from a file: its first line, without the line ending.
 *
 * It is read at each use, so that a secret that is replaced needs no restart. A file that every user of
 * the machine can read is refused, since what it protects is the operator's network.
 */
export async function readSecret(path: string, wanted: SecretWanted): Promise<SecretRead> {
  let handle: FileHandle | undefined
  try {
    // Without O_NONBLOCK opening a pipe waits for a writer.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    return await readFrom(handle, path, wanted)
  } catch (error) {
    return { kind: 'refused', reason: `${path} cannot be read: ${reasonOf(error)}` }
  } finally {
    await handle?.close()
  }
}

async function readFrom(
  handle: FileHandle,
  path: string,
  { minLength }: SecretWanted,
): Promise<SecretRead> {
  const status = await handle.stat()
  const refused = (fault: string) => ({ kind: 'refused', reason: `${path} ${fault}` }) as const
  if (!status.isFile()) return refused('is not a regular file')
  if ((status.mode & BY_OTHERS) !== 0) {
    const shown = (status.mode & 0o777).toString(8).padStart(4, '0')
    return refused(`can be read or written by every user (mode ${shown}); wanted 0600 or 0640`)
  }
  if (status.size > MOST_BYTES) return refused(`has ${status.size} bytes; wanted one line`)
  const text = (await handle.readFile('utf8')).replace(/\r?\n$/, '')
  if (text === '') return refused('is empty')
  if (/[\r\n\0]/.test(text)) return refused('has more than one line')
  if (text.length >= minLength) return { kind: 'ok', secret: text }
  return refused(`holds ${text.length} characters; wanted at least ${minLength}`)
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'no such file'
  return code === 'EACCES' ? 'permission denied' : message
}
