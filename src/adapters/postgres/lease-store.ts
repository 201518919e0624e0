import { type Binding, type LeaseChange, placeOf } from '../../leases/binding.ts'
import { NotOwner } from '../../ownership/not-owner.ts'
import { readBindings } from '../rows/lease-rows.ts'
import type { StoredRow } from '../rows/row-shape.ts'
import type { PostgresConnection, PostgresRow } from './connection.ts'
import { networkKey } from './ownership-store.ts'

/** So many rows of a network are one read: beats go between them, and none takes as long as they may. */
const PAGE_ROWS = 10_000

/**
 * Times go as milliseconds from now: the clocks of two machines are never compared. In the order of
 * the key, so that the database sorts nothing: that would need its disk. date_part, because extract
 * counts in numeric from PostgreSQL 14 on: 50,000 rows took 150 ms with it, and 30 to 85 ms without.
 */
const LOAD = `
  SELECT network AS scope, address, client, mac, state, vendor_class AS "vendorClass",
    host_name AS "hostName", relay_agent AS "relayAgent",
    round(date_part('epoch', granted_at - clock_timestamp()) * 1000) AS "grantedInMs",
    CASE WHEN expires_at = 'infinity' THEN NULL
      ELSE round(date_part('epoch', expires_at - clock_timestamp()) * 1000)
    END AS "expiresInMs"
  FROM lease WHERE network = $1 AND address > $2 ORDER BY address LIMIT ${PAGE_ROWS}`

/**
 * One statement for a whole group, in one round trip: a transaction across several would keep the
 * lock of a writer that dies in between. FOR KEY SHARE lets beats through and makes a takeover wait;
 * a network whose token has changed is missing from the answer, and nothing of it is written.
 */
const GROUP = `
  WITH mine AS (
    SELECT network FROM network_owner
    WHERE (network, token) IN (SELECT * FROM unnest($1::text[], $2::uuid[])) FOR KEY SHARE),
  changed AS (
    SELECT * FROM json_to_recordset($3::json) AS c(
      network text, address bigint, client text, mac text, state text, granted_in float8,
      expires_in float8, vendor_class text, host_name text, relay_agent text)),
  kept AS (
    INSERT INTO lease (network, address, client, mac, state, granted_at, expires_at, vendor_class,
      host_name, relay_agent)
    SELECT network, address, client, mac, state,
      clock_timestamp() + granted_in * interval '1 ms',
      CASE WHEN expires_in IS NULL THEN 'infinity'::timestamptz
        ELSE clock_timestamp() + expires_in * interval '1 ms' END,
      vendor_class, host_name, relay_agent
    FROM changed JOIN mine USING (network) WHERE state IS NOT NULL
    ON CONFLICT (network, address) DO UPDATE SET client = excluded.client, mac = excluded.mac,
      state = excluded.state, granted_at = excluded.granted_at, expires_at = excluded.expires_at,
      vendor_class = excluded.vendor_class, host_name = excluded.host_name,
      relay_agent = excluded.relay_agent)`

/**
 * A group that only puts, prepared: to plan it each time took twice as long as to carry it out. The plan
 * cannot become a bad one, because it reads no table that grows.
 */
const PUT = { name: 'lease-put', sql: `${GROUP} SELECT network FROM mine` }

/** A group that deletes as well. Planned each time: the best plan depends on how large the table is. */
const PUT_AND_DELETE = `${GROUP},
  gone AS (
    DELETE FROM lease l USING changed c JOIN mine USING (network)
    WHERE l.network = c.network AND l.address = c.address AND c.state IS NULL)
  SELECT network FROM mine`

/** A round trip that takes longer, in milliseconds, takes longer than to write a group beside us. */
const FAR_MS = 5

export type PostgresLeaseOptions = {
  /** Milliseconds since the epoch, of the clock in which bindings are kept. */
  readonly nowMs: () => number
  /** The token of a network that this appliance owns; null where it does not. */
  readonly tokenOf: (network: string) => string | null
  /** Networks of other sites are others, whatever they are called. */
  readonly site: string
}

/**
 * Bindings of shared networks in PostgreSQL. Every write carries the tokens of its networks and is
 * carried out only while they are still the owner's.
 */
export class PostgresLeaseStore {
  readonly #connection: PostgresConnection
  readonly #options: PostgresLeaseOptions

  constructor(connection: PostgresConnection, options: PostgresLeaseOptions) {
    this.#connection = connection
    this.#options = options
  }

  /**
   * All bindings of the networks. A row that cannot be read is left out and reported. It is several
   * reads, and complete as of one moment only where no appliance writes: an owner that has not loaded yet
   * is sure of that.
   */
  async load(networks: readonly string[]): Promise<{
    readonly bindings: readonly Binding[]
    readonly faults: readonly string[]
  }> {
    const rows: StoredRow[] = []
    for (const network of networks) await this.#readInto(rows, this.#keyOf(network))
    return readBindings(rows)
  }

  /**
   * Whether commits should overlap. On a connection that is pipelined one session carries them out, each
   * by itself and in their order, so two that change one address leave what the later one says; and
   * where one fails, the later one says of its own addresses alone whether they are stored.
   */
  get isFar(): boolean {
    const { isPipelined, roundTripMs } = this.#connection
    return isPipelined && roundTripMs >= FAR_MS
  }

  /**
   * Resolves when every change is on disk, on the standby too where replication is synchronous.
   *
   * @throws {@link NotOwner} if the token of a network is no longer valid: nothing was stored for
   *   that network, the others are. `PostgresError` otherwise; `unknown` means that the caller must
   *   read those addresses again before it uses them.
   */
  async commit(changes: readonly LeaseChange[]): Promise<void> {
    const nowMs = this.#options.nowMs()
    const networks = [...new Set(changes.map((change) => placeOf(change).scope))]
    const owned = networks.flatMap((network) => {
      const token = this.#options.tokenOf(network)
      return token === null ? [] : [{ network, token }]
    })
    const last = lastOfEach(changes)
    const values = [
      owned.map(({ network }) => this.#keyOf(network)),
      owned.map(({ token }) => token),
      JSON.stringify(last.map((change) => this.#rowOf(change, nowMs))),
    ]
    const rows = last.some(({ kind }) => kind === 'delete')
      ? await this.#connection.query(PUT_AND_DELETE, values)
      : await this.#connection.queryPrepared(PUT, values)
    const stored = new Set(rows.map(({ network }) => network))
    const lost = networks.filter((network) => !stored.has(this.#keyOf(network)))
    if (lost.length > 0) throw new NotOwner(lost)
  }

  async #readInto(rows: StoredRow[], network: string): Promise<void> {
    let after = 0
    for (let count = PAGE_ROWS; count === PAGE_ROWS; ) {
      const page = await this.#connection.query(LOAD, [network, after])
      const nowMs = this.#options.nowMs()
      for (const row of page) rows.push(inOurClock(row, nowMs))
      after = Number(page.at(-1)?.['address'] ?? 0)
      count = page.length
    }
  }

  #rowOf(change: LeaseChange, nowMs: number): Readonly<Record<string, unknown>> {
    return rowOf(change, this.#keyOf(placeOf(change).scope), nowMs)
  }

  #keyOf(network: string): string {
    return networkKey(this.#options.site, network)
  }
}

/** ON CONFLICT refuses a row twice in one statement: the last change of an address stands. */
function lastOfEach(changes: readonly LeaseChange[]): readonly LeaseChange[] {
  const last = new Map<string, LeaseChange>()
  for (const change of changes) {
    const { scope, address } = placeOf(change)
    last.set(`${scope} ${address}`, change)
  }
  return [...last.values()]
}

function rowOf(
  change: LeaseChange,
  network: string,
  nowMs: number,
): Readonly<Record<string, unknown>> {
  if (change.kind === 'delete') return { network, address: change.address }
  const { binding } = change
  const { address, client, mac, state } = binding
  const isEndless = binding.expiresAtMs === Number.MAX_SAFE_INTEGER
  return {
    network,
    address,
    client,
    mac,
    state,
    granted_in: binding.grantedAtMs - nowMs,
    expires_in: isEndless ? null : binding.expiresAtMs - nowMs,
    vendor_class: binding.vendorClass,
    host_name: binding.hostName,
    relay_agent: binding.relayAgent,
  }
}

/**
 * The row with the times and the name of the network that a `Binding` has. Field by field: bindings
 * copied with a spread take several times as long, and more memory for as long as they live.
 */
function inOurClock(row: PostgresRow, nowMs: number): StoredRow {
  const key = String(row['scope'])
  const expiresInMs = row['expiresInMs']
  return {
    scope: key.slice(key.indexOf('/') + 1),
    address: Number(row['address']),
    client: row['client'],
    mac: row['mac'],
    state: row['state'],
    grantedAtMs: nowMs + Number(row['grantedInMs']),
    expiresAtMs: expiresInMs === null ? Number.MAX_SAFE_INTEGER : nowMs + Number(expiresInMs),
    vendorClass: row['vendorClass'],
    hostName: row['hostName'],
    relayAgent: row['relayAgent'],
  }
}
