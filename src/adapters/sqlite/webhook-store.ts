import type { StoredWebhook, WebhookStore } from '../../services/webhooks/webhook.ts'
import { readDocuments } from '../rows/read-documents.ts'
import { findShapeFault, listOf, matching, text, whole } from '../rows/row-shape.ts'
import type { Database } from './database.ts'

const SELECT = 'SELECT id AS key, document FROM webhooks ORDER BY id'
const PUT = 'INSERT OR REPLACE INTO webhooks (id, document) VALUES (?, ?)'
const DELETE = 'DELETE FROM webhooks WHERE id = ?'

const WEBHOOK = {
  id: text(64),
  url: matching(/^https?:\/\/[^/]/),
  events: listOf(text(128)),
  createdAtMs: whole(),
  secret: text(256),
  cursor: whole(),
}

/** Webhooks in SQLite, with the secrets that they sign by. */
export class SqliteWebhookStore implements WebhookStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async load(): ReturnType<WebhookStore['load']> {
    const faults: string[] = []
    const rows = await this.#database.read(SELECT)
    return { webhooks: readDocuments<StoredWebhook>(rows, 'webhook', findFault, faults), faults }
  }

  save(changes: ReadonlyMap<string, StoredWebhook | null>): Promise<void> {
    const puts: string[][] = []
    const deletes: string[][] = []
    for (const [id, webhook] of changes) {
      if (webhook === null) deletes.push([id])
      else puts.push([id, JSON.stringify(webhook)])
    }
    return this.#database.write([
      { sql: PUT, rows: puts },
      { sql: DELETE, rows: deletes },
    ])
  }
}

/** Never with the secret: what is wrong goes to the log. */
function findFault(value: unknown, key: unknown): string | undefined {
  const fault = findShapeFault<StoredWebhook>(value, WEBHOOK)
  if (fault !== undefined) return fault.startsWith('secret') ? 'secret is not valid' : fault
  const { id } = value as StoredWebhook
  return id === key ? undefined : `the document is that of ${id}`
}
