import type { StoredToken, TokenStore } from '../../services/access/tokens.ts'
import { TOKEN_ROLES } from '../../services/services.ts'
import { readDocuments } from '../rows/read-documents.ts'
import { findShapeFault, matching, oneOf, text, whole } from '../rows/row-shape.ts'
import type { Database } from './database.ts'

const SELECT = 'SELECT name AS key, document FROM tokens ORDER BY name'
const PUT = 'INSERT OR REPLACE INTO tokens (name, document) VALUES (?, ?)'
const DELETE = 'DELETE FROM tokens WHERE name = ?'

const TOKEN = {
  name: text(64),
  role: oneOf(...TOKEN_ROLES),
  createdAtMs: whole(),
  digest: matching(/^[0-9a-f]{64}$/),
}

/** Named tokens of the API in SQLite, by their digests. */
export class SqliteTokenStore implements TokenStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async load(): ReturnType<TokenStore['load']> {
    const faults: string[] = []
    const rows = await this.#database.read(SELECT)
    return { tokens: readDocuments<StoredToken>(rows, 'token', findFault, faults), faults }
  }

  save(changes: ReadonlyMap<string, StoredToken | null>): Promise<void> {
    const puts: string[][] = []
    const deletes: string[][] = []
    for (const [name, token] of changes) {
      if (token === null) deletes.push([name])
      else puts.push([name, JSON.stringify(token)])
    }
    return this.#database.write([
      { sql: PUT, rows: puts },
      { sql: DELETE, rows: deletes },
    ])
  }
}

function findFault(value: unknown, key: unknown): string | undefined {
  const fault = findShapeFault<StoredToken>(value, TOKEN)
  if (fault !== undefined) return fault
  const { name } = value as StoredToken
  return name === key ? undefined : `the document is that of ${name}`
}
