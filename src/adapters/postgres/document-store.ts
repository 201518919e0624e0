import type {
  DocumentHead,
  DocumentSource,
  SharedDocument,
} from '../../services/shared-document.ts'
import { counterOf, versionOn } from '../../services/shared-version.ts'
import type { PostgresConnection, PostgresRow } from './connection.ts'

/** The channel on which changed documents are announced; the payload is kind and key. */
export const DOCUMENT_CHANNEL = 'switchhook_document'

/** A row that another appliance has changed is left alone, and is missing from the answer. */
const WRITE = `
  WITH given AS (
    SELECT * FROM json_to_recordset($1::json) AS d(
      kind text, key text, version bigint, next bigint, driver text, document text)),
  stored AS (
    INSERT INTO document (kind, key, version, driver, document)
    SELECT kind, key, next, driver, document::json FROM given
    ON CONFLICT (kind, key) DO UPDATE SET version = excluded.version, driver = excluded.driver,
      document = excluded.document
    WHERE document.version = (
      SELECT version FROM given WHERE given.kind = document.kind AND given.key = document.key)
    RETURNING kind, key, version)
  SELECT kind, key, version, pg_notify('${DOCUMENT_CHANNEL}', kind || ' ' || key) FROM stored`

const READ = `
  SELECT kind, key, version, driver, document::text AS document FROM document
  WHERE (kind, key) IN (SELECT * FROM unnest($1::text[], $2::text[]))`

/**
 * Documents that several appliances share, in PostgreSQL. Each version has the timeline of the server
 * that stored it: after a failover a document that no standby had confirmed is told from the one that
 * got its place.
 */
export class PostgresDocumentStore implements DocumentSource {
  readonly #connection: PostgresConnection

  constructor(connection: PostgresConnection) {
    this.#connection = connection
  }

  async heads(): Promise<readonly DocumentHead[]> {
    return (await this.#connection.query('SELECT kind, key, version FROM document')).map(headOf)
  }

  async read(wanted: readonly DocumentHead[]): Promise<readonly SharedDocument[]> {
    const kinds = wanted.map(({ kind }) => kind)
    const keys = wanted.map(({ key }) => key)
    const rows = await this.#connection.query(READ, [kinds, keys])
    return rows.map((row) => ({
      ...headOf(row),
      driver: String(row['driver']),
      document: row['document'] === null ? null : String(row['document']),
    }))
  }

  async write(documents: readonly SharedDocument[]): Promise<readonly DocumentHead[]> {
    const rows = await this.#connection.queryOnTimeline(WRITE, (timeline) => [
      JSON.stringify(documents.map((one) => ({ ...one, next: nextVersion(one, timeline) }))),
    ])
    return rows.map(headOf)
  }
}

/** What a notification names; undefined where it is none of ours. */
export function announcedDocument(payload: string): Pick<DocumentHead, 'kind' | 'key'> | undefined {
  const match = /^(conversion|rollout|seen|registration) (.+)$/.exec(payload)
  if (match === null) return undefined
  const [, kind = '', key = ''] = match
  return { kind: kind as DocumentHead['kind'], key }
}

/** Always a higher one: a backup may have been restored where timelines have begun again. */
function nextVersion({ version }: DocumentHead, timeline: number): number {
  return Math.max(version + 1, versionOn(timeline, counterOf(version) + 1))
}

function headOf({ kind, key, version }: PostgresRow): DocumentHead {
  return {
    kind: String(kind) as DocumentHead['kind'],
    key: String(key),
    version: Number(version),
  }
}
