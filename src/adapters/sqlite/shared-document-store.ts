import type {
  DocumentCopy,
  DocumentHead,
  DocumentKind,
  DocumentMark,
  PlainDocument,
  SharedDocument,
} from '../../services/shared-document.ts'
import { findShapeFault, oneOf, text, whole } from '../rows/row-shape.ts'
import type { Database } from './database.ts'
import type { Statement } from './worker-message.ts'

const SELECT_MARKS = `
  SELECT kind, key, version, driver, is_unsent AS isUnsent FROM shared_documents ORDER BY kind, key`
const PUT_MARK = `
  INSERT OR REPLACE INTO shared_documents (kind, key, version, driver, is_unsent)
  VALUES (?, ?, ?, ?, ?)`

/** The tables in which an appliance alone keeps the same documents. */
const TABLES: Readonly<Record<DocumentKind, { readonly table: string; readonly key: string }>> = {
  conversion: { table: 'conversions', key: 'mac' },
  rollout: { table: 'rollouts', key: 'id' },
  seen: { table: 'seen', key: 'mac' },
  registration: { table: 'registrations', key: 'mac' },
}

const MARK = {
  kind: oneOf('conversion', 'rollout', 'seen', 'registration'),
  key: text(),
  version: whole(),
  driver: text(),
  isUnsent: whole(0, 1),
}

/** Documents that are shared, as this machine has them on its disk. */
export class SqliteSharedDocuments implements DocumentCopy {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async marks(): Promise<readonly DocumentMark[]> {
    const rows = await this.#database.read(SELECT_MARKS)
    // A mark that makes no sense is as good as none: the document is read from the source.
    return rows
      .filter((row) => findShapeFault(row, MARK) === undefined)
      .map((row) => ({ ...row, isUnsent: row['isUnsent'] === 1 }) as unknown as DocumentMark)
  }

  async read(wanted: readonly DocumentHead[]): Promise<readonly (string | null)[]> {
    const documents: (string | null)[] = []
    for (const { kind, key } of wanted) {
      const { table, key: column } = TABLES[kind]
      const sql = `SELECT document FROM ${table} WHERE ${column} = ?`
      const [row] = await this.#database.read(sql, [key])
      documents.push(row === undefined ? null : String(row['document']))
    }
    return documents
  }

  /** Every document of every kind. */
  async all(): Promise<readonly PlainDocument[]> {
    const found: PlainDocument[] = []
    for (const [kind, { table, key }] of Object.entries(TABLES)) {
      const rows = await this.#database.read(`SELECT ${key} AS key, document FROM ${table}`)
      for (const row of rows) {
        const [entry, document] = [String(row['key']), String(row['document'])]
        found.push({ kind: kind as DocumentKind, key: entry, document })
      }
    }
    return found
  }

  /** Stores documents that are not shared. */
  put(documents: readonly PlainDocument[]): Promise<void> {
    return this.#database.write(documents.map(statementFor))
  }

  save(documents: readonly (SharedDocument & DocumentMark)[]): Promise<void> {
    return this.#database.write([...documents.map(statementFor), markStatement(documents)])
  }

  mark(marks: readonly DocumentMark[]): Promise<void> {
    return this.#database.write([markStatement(marks)])
  }
}

function statementFor({
  kind,
  key,
  document,
}: Pick<SharedDocument, 'kind' | 'key' | 'document'>): Statement {
  const { table, key: column } = TABLES[kind]
  if (document === null) {
    return { sql: `DELETE FROM ${table} WHERE ${column} = ?`, rows: [[key]] }
  }
  const sql = `INSERT OR REPLACE INTO ${table} (${column}, document) VALUES (?, ?)`
  return { sql, rows: [[key, document]] }
}

function markStatement(marks: readonly DocumentMark[]): Statement {
  const rows = marks.map((mark) => [
    mark.kind,
    mark.key,
    mark.version,
    mark.driver,
    mark.isUnsent ? 1 : 0,
  ])
  return { sql: PUT_MARK, rows }
}
