import type { Binding } from '../../leases/binding.ts'
import type { DocumentHead, PlainDocument } from '../../services/shared-document.ts'
import type { PostgresConnection } from './connection.ts'
import { UNFINISHED_MOVE } from './migrate.ts'

/** `expires_at` of a lease without an end, as `Binding` has it. */
const NEVER_MS = Number.MAX_SAFE_INTEGER

const TABLES = ['phone', 'profile', 'firmware', 'shared_file', 'document', 'event', 'lease']

const PUT_LEASES = `
  INSERT INTO lease (network, address, client, mac, state, granted_at, expires_at, vendor_class,
    host_name, relay_agent)
  SELECT $1 || '/' || scope, address, client, mac, state, to_timestamp("grantedAtMs" / 1000.0),
    CASE WHEN "expiresAtMs" = ${NEVER_MS} THEN 'infinity'::timestamptz
      ELSE to_timestamp("expiresAtMs" / 1000.0) END,
    "vendorClass", "hostName", "relayAgent"
  FROM json_to_recordset($2::json) AS b(scope text, address bigint, client text, mac text, state text,
    "grantedAtMs" numeric, "expiresAtMs" numeric, "vendorClass" text, "hostName" text,
    "relayAgent" text)`

const LEASES = `
  SELECT substr(network, length($1) + 2) AS scope, address::float8 AS address, client, mac, state,
    round(extract(epoch FROM granted_at) * 1000)::float8 AS "grantedAtMs",
    CASE WHEN expires_at = 'infinity' THEN ${NEVER_MS}::float8
      ELSE round(extract(epoch FROM expires_at) * 1000)::float8 END AS "expiresAtMs",
    vendor_class AS "vendorClass", host_name AS "hostName", relay_agent AS "relayAgent"
  FROM lease WHERE network IN (SELECT $1 || '/' || unnest($2::text[])) ORDER BY network, address`

/** What a move between SQLite and PostgreSQL reads and writes besides the inventory. */
export class PostgresMoveStore {
  readonly #connection: PostgresConnection

  constructor(connection: PostgresConnection) {
    this.#connection = connection
  }

  /** Tables that hold something, by name; those of owners and appliances do not count. */
  async filled(): Promise<readonly string[]> {
    const found: string[] = []
    for (const table of TABLES) {
      const [row] = await this.#connection.query(`SELECT EXISTS (SELECT FROM ${table}) AS is`)
      if (row?.['is'] === true) found.push(table)
    }
    return found
  }

  /** While this is set no appliance uses what is there. */
  async setUnfinished(is: boolean): Promise<void> {
    const sql = is
      ? `CREATE TABLE IF NOT EXISTS ${UNFINISHED_MOVE} ()`
      : `DROP TABLE IF EXISTS ${UNFINISHED_MOVE}`
    await this.#connection.query(sql)
  }

  async isUnfinished(): Promise<boolean> {
    const sql = `SELECT to_regclass('switchhook.${UNFINISHED_MOVE}') IS NOT NULL AS is`
    const [row] = await this.#connection.query(sql)
    return row?.['is'] === true
  }

  async putDocuments(documents: readonly PlainDocument[], driver: string): Promise<void> {
    await this.#connection.query(
      `INSERT INTO document (kind, key, version, driver, document)
       SELECT kind, key, 1, $1, document::json
       FROM json_to_recordset($2::json) AS d(kind text, key text, document text)`,
      [driver, JSON.stringify(documents)],
    )
  }

  /** All that are not deleted. */
  async documents(): Promise<readonly PlainDocument[]> {
    const rows = await this.#connection.query(
      `SELECT kind, key, document::text AS document FROM document
       WHERE document IS NOT NULL ORDER BY kind, key`,
    )
    return rows.map(({ kind, key, document }) => ({
      kind: kind as DocumentHead['kind'],
      key: String(key),
      document: String(document),
    }))
  }

  async putLeases(site: string, bindings: readonly Binding[]): Promise<void> {
    await this.#connection.query(PUT_LEASES, [site, JSON.stringify(bindings)])
  }

  async leases(site: string, networks: readonly string[]): Promise<readonly Binding[]> {
    const rows = await this.#connection.query(LEASES, [site, networks])
    return rows as readonly unknown[] as readonly Binding[]
  }
}
