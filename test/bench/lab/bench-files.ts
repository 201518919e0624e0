import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What is served over TFTP. */
export type BenchFiles = {
  readonly dir: string
  /** 1 MiB: an image, give or take; its last block is empty. */
  readonly large: string
  /** 300 bytes: a configuration. */
  readonly small: string
  /** Not there. */
  readonly absent: string
}

/** Makes the files, of random bytes, in a new folder. */
export function makeBenchFiles(dir: string): BenchFiles {
  const files = { dir, large: 'large.bin', small: 'small.cnf', absent: 'absent.cnf' }
  mkdirSync(dir)
  writeFileSync(join(dir, files.large), randomBytes(1 << 20))
  writeFileSync(join(dir, files.small), randomBytes(300))
  return files
}
