import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

/** The bytes of a file that had this size a moment ago, or what has become of it. */
export async function readExactly(path: string, bytes: number): Promise<Uint8Array | string> {
  let handle: FileHandle | undefined
  try {
    // Whatever may have taken the file's place: no link is followed and no pipe waited for.
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    if (!(await handle.stat()).isFile()) return 'is no longer a regular file'
    const content = new Uint8Array(bytes + 1)
    let filled = 0
    while (filled < content.length) {
      const { bytesRead } = await handle.read(content, filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return filled === bytes ? content.slice(0, bytes) : 'changed while it was read'
  } catch (thrown) {
    return `cannot be read: ${reasonOf(thrown)}`
  } finally {
    await handle?.close()
  }
}

/** What a system call has said against it. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
