import type { Binding, LeaseChange } from '../../leases/binding.ts'
import type { LeaseStore } from '../../leases/lease-store.ts'
import { readBindings } from '../rows/lease-rows.ts'
import type { Database } from './database.ts'
import type { SqlRow, SqlValue, Statement } from './worker-message.ts'

const SELECT = `
  SELECT scope, address, client, mac, state, granted_at_ms AS grantedAtMs,
    expires_at_ms AS expiresAtMs, vendor_class AS vendorClass, host_name AS hostName,
    relay_agent AS relayAgent
  FROM leases WHERE address > ? ORDER BY address LIMIT ?`

/** Rows that are read at once: all of 50,000 leases stood in memory four times, in two threads. */
const PAGE_ROWS = 2_000

const PUT = `
  INSERT OR REPLACE INTO leases (address, scope, client, mac, state, granted_at_ms, expires_at_ms,
    vendor_class, host_name, relay_agent)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

const DELETE = 'DELETE FROM leases WHERE address = ?'

/** Bindings in SQLite, one row an address. */
export class SqliteLeaseStore implements LeaseStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async load(): ReturnType<LeaseStore['load']> {
    const bindings: Binding[] = []
    const faults: string[] = []
    let after: SqlValue = Number.MIN_SAFE_INTEGER
    for (;;) {
      const rows: readonly SqlRow[] = await this.#database.read(SELECT, [after, PAGE_ROWS])
      const page = readBindings(rows)
      bindings.push(...page.bindings)
      faults.push(...page.faults)
      const last = rows.at(-1)
      if (last === undefined || rows.length < PAGE_ROWS) return { bindings, faults }
      after = last['address'] as SqlValue
    }
  }

  commit(changes: readonly LeaseChange[]): Promise<void> {
    return this.#database.write(statementsFor(changes))
  }
}

/** One statement for each run of equal changes: their order is kept. */
function statementsFor(changes: readonly LeaseChange[]): Statement[] {
  const statements: { sql: string; rows: SqlValue[][] }[] = []
  for (const change of changes) {
    const sql = change.kind === 'put' ? PUT : DELETE
    const row = change.kind === 'put' ? rowOf(change.binding) : [change.address]
    const last = statements.at(-1)
    if (last?.sql === sql) last.rows.push(row)
    else statements.push({ sql, rows: [row] })
  }
  return statements
}

function rowOf(binding: Binding): SqlValue[] {
  return [
    binding.address,
    binding.scope,
    binding.client,
    binding.mac,
    binding.state,
    binding.grantedAtMs,
    binding.expiresAtMs,
    binding.vendorClass,
    binding.hostName,
    binding.relayAgent,
  ]
}
