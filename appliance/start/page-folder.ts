import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Where the build has put the page, beside the folder of the program; null where there is none, as in a
 * run from source.
 */
export function pageFolder(): string | null {
  const folder = fileURLToPath(new URL('../dashboard', import.meta.url))
  return existsSync(`${folder}/index.html`) ? folder : null
}
