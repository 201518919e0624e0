import { createRequire } from 'node:module'

/** The version of the package, also where the source runs as it is. */
export function packageVersion(): string {
  const require = createRequire(import.meta.url)
  // Built, this file is one folder deeper than in the source.
  for (const path of ['../package.json', '../../package.json']) {
    try {
      return (require(path) as { version: string }).version
    } catch {
      // Not there: the other place is tried.
    }
  }
  return 'unknown'
}
