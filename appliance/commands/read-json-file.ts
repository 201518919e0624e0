import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { ExitCode } from '../exit-codes.ts'
import { CommandFault } from './api-options.ts'

/**
 * Reads the JSON object of a `--file` option.
 *
 * @param file - `-` for standard input; undefined: nothing was given, and the object is empty.
 * @throws `CommandFault` with 64.
 */
export async function readJsonFile(file: string | undefined): Promise<object> {
  if (file === undefined) return {}
  try {
    const read = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8')
    const value: unknown = JSON.parse(read)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
    throw new Error('wanted an object')
  } catch (error) {
    throw new CommandFault(`--file ${file}: ${(error as Error).message}`, ExitCode.usage)
  }
}
