import { randomBytes } from 'node:crypto'
import { link, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isLoopback } from '../../src/settings/notation.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { readText } from './read-text.ts'

/** Bytes of randomness in a token. */
const TOKEN_BYTES = 32

/**
 * The token that the API asks for: that of the environment, else that of the token file, which is
 * made on the first start. Null on loopback without either: there, every client that can connect is
 * allowed.
 *
 * @throws The file system's error, or an Error where the file is there and empty.
 */
export async function apiToken(
  { api }: Settings,
  fromEnvironment: string | null,
): Promise<string | null> {
  if (fromEnvironment !== null) return fromEnvironment
  const { tokenFile } = api
  if (tokenFile === undefined) {
    if (isLoopback(api.listen)) return null
    throw new Error('the API needs a token when it listens beyond loopback: set api.tokenFile')
  }
  const token = (await readOrMake(tokenFile)).trim()
  if (token === '') throw new Error(`${tokenFile} is empty: delete it, and a new token is created`)
  return token
}

async function readOrMake(file: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  try {
    return await readText(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  await make(file)
  return readText(file)
}

/**
 * The file gets its name when its content is there: of two that start at once one makes it, both
 * read it, and neither finds it empty; nor does the next start after a power cut.
 */
async function make(file: string): Promise<void> {
  const draft = `${file}.${randomBytes(8).toString('hex')}`
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  await writeFile(draft, `${token}\n`, { mode: 0o600, flag: 'wx', flush: true })
  try {
    await link(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(draft, { force: true })
  }
}
