import type { Database } from './database.ts'

const SELECT = 'SELECT value FROM shared_marks WHERE name = ?'
const PUT = 'INSERT OR REPLACE INTO shared_marks (name, value) VALUES (?, ?)'

/** How far this machine has read what is shared, by name. */
export class SharedMarks {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Null where nothing was read yet. */
  async get(name: string): Promise<number | null> {
    const [row] = await this.#database.read(SELECT, [name])
    return row === undefined ? null : Number(row['value'])
  }

  set(name: string, value: number): Promise<void> {
    return this.#database.write([{ sql: PUT, rows: [[name, value]] }])
  }
}
