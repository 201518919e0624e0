import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

/** Larger than any file that a person writes; in bytes. */
const MOST_BYTES = 16 * 1024 * 1024

/**
 * The text of a regular file. A pipe, a socket or a device is refused and never waited for.
 *
 * @throws The file system's error, or an Error that says what the file is.
 */
export async function readText(path: string, mostBytes = MOST_BYTES): Promise<string> {
  // Without O_NONBLOCK opening a pipe waits for a writer.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const status = await handle.stat()
    // Of a folder the system says so itself, at once.
    if (!status.isFile() && !status.isDirectory()) throw new Error('not a regular file')
    if (status.size > mostBytes) {
      throw new Error(`it has ${status.size} bytes; the limit is ${mostBytes}`)
    }
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}
