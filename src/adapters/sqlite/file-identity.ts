import { stat } from 'node:fs/promises'

/** The database file and its write-ahead log, without which what is stored is lost. */
const SUFFIXES = ['', '-wal']

/** Which files a database was opened on: what a name leads to later may be another file, or none. */
export class FileIdentity {
  readonly #file: string
  readonly #known = new Map<string, string>()

  /** @param file - Absolute path of the database file. */
  constructor(file: string) {
    this.#file = file
  }

  /**
   * Looks at the files.
   *
   * @returns In words what became of one that was there before; null where all is as it was.
   */
  async look(): Promise<string | null> {
    for (const suffix of SUFFIXES) {
      const path = `${this.#file}${suffix}`
      const found = await identityOf(path)
      const known = this.#known.get(path)
      if (known === undefined && found !== null) this.#known.set(path, found)
      if (known === undefined || known === found) continue
      const became = found === null ? 'no longer exists' : 'has been replaced by another file'
      return (
        `${path} ${became}: changes stored from now on are lost when this process ends. ` +
        'Put the file back, or restart with a backup'
      )
    }
    return null
  }
}

/** Null where there is no such file, or it cannot be looked at. */
async function identityOf(path: string): Promise<string | null> {
  try {
    const { dev, ino } = await stat(path)
    return `${dev}:${ino}`
  } catch {
    return null
  }
}
