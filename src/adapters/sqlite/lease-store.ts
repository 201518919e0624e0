import type { Binding, LeaseChange } from '../../leases/binding.ts'
import type { LeaseStore } from '../../leases/lease-store.ts'
import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts'
import {
  findShapeFault,
  isAddress,
  isMac,
  matching,
  oneOf,
  orNull,
  text,
  whole,
} from '../rows/row-shape.ts'
import type { Database } from './database.ts'
import type { SqlValue, Statement } from './worker-message.ts'

const SELECT = `
  SELECT scope, address, client, mac, state, granted_at_ms AS grantedAtMs,
    expires_at_ms AS expiresAtMs, vendor_class AS vendorClass, host_name AS hostName,
    relay_agent AS relayAgent
  FROM leases ORDER BY address`

const PUT = `
  INSERT OR REPLACE INTO leases (address, scope, client, mac, state, granted_at_ms, expires_at_ms,
    vendor_class, host_name, relay_agent)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

const DELETE = 'DELETE FROM leases WHERE address = ?'

/** No tighter than what `commit` takes: a lease that was acknowledged must come back. */
const BINDING = {
  scope: text(),
  address: isAddress,
  client: matching(/^(?:id|hw):./),
  mac: orNull(isMac),
  state: oneOf('bound', 'released', 'declined'),
  grantedAtMs: whole(),
  expiresAtMs: whole(),
  vendorClass: text(),
  hostName: text(),
  relayAgent: matching(/^[0-9A-Fa-f]*$/),
}

/** Bindings in SQLite, one row an address. */
export class SqliteLeaseStore implements LeaseStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async load(): ReturnType<LeaseStore['load']> {
    const bindings: Binding[] = []
    const faults: string[] = []
    for (const row of await this.#database.read(SELECT)) {
      const { address } = row
      const fault = findShapeFault<Binding>(row, BINDING)
      if (fault === undefined) bindings.push(row as Binding)
      else
        faults.push(
          `lease of ${isAddress(address) ? formatIpv4(address as Ipv4) : address}: ${fault}`,
        )
    }
    return { bindings, faults }
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
