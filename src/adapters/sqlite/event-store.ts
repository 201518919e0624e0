import { endOfPrefix } from '../../services/events/event-filter.ts'
import type { StoredEvent } from '../../services/events/stored-event.ts'
import { findShapeFault, orNull, parseJson, text, whole } from '../rows/row-shape.ts'
import type { Database } from './database.ts'
import type { SqlValue, Statement } from './worker-message.ts'

/** Which events to list; what is left out does not restrict. */
export type EventQuery = {
  /** Events after this id, oldest first; left out: the newest ones, oldest of them first. */
  readonly afterId?: number
  /** At most 10,000 are given. */
  readonly limit: number
  readonly mac?: string
  readonly network?: string
  /** The beginning of their names. */
  readonly prefix?: string
  /** Only events of these names. */
  readonly names?: readonly string[]
  /** From this moment on, and before that one. */
  readonly sinceMs?: number
  readonly untilMs?: number
}

/** How many events to keep. */
export type EventStoreOptions = {
  /** Rows that are kept; 200,000. */
  readonly keepRows?: number
  /** New rows between two trimmings, and a half of what one of them takes away; 1,000. */
  readonly trimRows?: number
}

const INSERT = `
  INSERT INTO events (id, at_ms, event, mac, network, fields) VALUES (?, ?, ?, ?, ?, ?)`
// In portions: deleting a hundred thousand rows at once would keep leases waiting.
const TRIM = `
  DELETE FROM events WHERE id IN (SELECT id FROM events WHERE id <= ? ORDER BY id LIMIT ?)`
const MAX_LIMIT = 10_000
/** Up to so many events of a name are read by the index of names and sorted; more are met soon enough. */
const RARE = 5_000

const ROW = {
  id: whole(1),
  atMs: whole(),
  event: text(),
  mac: orNull(text()),
  network: orNull(text()),
  fields: text(Number.MAX_SAFE_INTEGER),
}

/** The event history in SQLite: the newest so many rows, older ones go. */
export class SqliteEventStore {
  readonly #database: Database
  readonly #keepRows: number
  readonly #trimRows: number
  #newestId: number
  #oldestId: number
  #sinceTrim = 0

  private constructor(database: Database, ends: Ends, options: EventStoreOptions) {
    this.#database = database
    this.#newestId = ends.newestId
    this.#oldestId = ends.oldestId
    this.#keepRows = options.keepRows ?? 200_000
    this.#trimRows = options.trimRows ?? 1_000
  }

  /** Opens the history after its last event. */
  static async open(
    database: Database,
    options: EventStoreOptions = {},
  ): Promise<SqliteEventStore> {
    return new SqliteEventStore(database, await readEnds(database), options)
  }

  /** The newest id; 0 before the first event. It may still be on its way to the disk. */
  get newestId(): number {
    return this.#newestId
  }

  /** The oldest id still kept, on disk; 0 before the first event. */
  get oldestId(): number {
    return this.#oldestId
  }

  /**
   * Keeps events, all or none. Resolves when they are on disk.
   *
   * @param events - Their ids rise, from above `newestId`; the caller numbers them, so that an event
   *   has its number before it is on disk.
   */
  async append(events: readonly StoredEvent[]): Promise<void> {
    this.#newestId = events.at(-1)?.id ?? this.#newestId
    const rows = events.map(rowOf)
    const trim = this.#trim(events.length)
    await this.#database.write([{ sql: INSERT, rows }, ...trim])
    if (this.#oldestId === 0) this.#oldestId = events[0]?.id ?? 0
    if (trim.length > 0) await this.#lookForOldest()
  }

  /** Events by id, rising. A row that cannot be read is left out and named in `faults`. */
  async list(query: EventQuery): Promise<{
    readonly events: readonly StoredEvent[]
    readonly faults: readonly string[]
  }> {
    const events: StoredEvent[] = []
    const faults: string[] = []
    if (query.names?.length === 0) return { events, faults }
    const { sql, values } = selectFor(query, await this.#wayTo(query))
    const rows = await this.#database.read(sql, values)
    for (const row of query.afterId === undefined ? rows.toReversed() : rows) {
      const { id, fields: json } = row
      const fields = parseJson(json)
      const fault = findShapeFault(row, ROW) ?? findShapeFault(fields, {})
      if (fault !== undefined) faults.push(`event ${id} is left out: ${fault}`)
      else events.push({ ...row, fields } as StoredEvent)
    }
    return { events, faults }
  }

  /**
   * SQLite knows nothing of how frequent a name is: left to itself it reads all rows for a rare one,
   * which keeps leases waiting, or sorts all rows of a frequent one.
   */
  async #wayTo(query: EventQuery): Promise<string> {
    if (query.mac !== undefined) return 'INDEXED BY events_by_mac'
    const named = nameConditions(query)
    if (named.length === 0) return ''
    const [row] = await this.#database.read(
      `SELECT count(*) AS count FROM (
        SELECT 1 FROM events INDEXED BY events_by_name
        WHERE ${named.map(({ sql }) => sql).join(' AND ')} LIMIT ${RARE + 1})`,
      named.flatMap(({ values }) => values),
    )
    return Number(row?.['count']) > RARE ? 'NOT INDEXED' : 'INDEXED BY events_by_name'
  }

  /** The events are on disk already: a failure here does not concern them, and the next check repairs it. */
  async #lookForOldest(): Promise<void> {
    const { oldestId } = await readEnds(this.#database).catch(() => ({ oldestId: this.#oldestId }))
    this.#oldestId = oldestId
  }

  #trim(added: number): Statement[] {
    this.#sinceTrim += added
    if (this.#sinceTrim < this.#trimRows) return []
    // Twice what came in: so a history that has grown too long becomes shorter.
    const atMost = 2 * Math.max(this.#sinceTrim, this.#trimRows)
    this.#sinceTrim = 0
    return [{ sql: TRIM, rows: [[this.#newestId - this.#keepRows, atMost]] }]
  }
}

type Ends = { readonly oldestId: number; readonly newestId: number }

async function readEnds(database: Database): Promise<Ends> {
  // Each on its own: only so does SQLite take them from the two ends of the table.
  const [row] = await database.read(`
    SELECT (SELECT min(id) FROM events) AS oldestId, (SELECT max(id) FROM events) AS newestId`)
  return { oldestId: Number(row?.['oldestId'] ?? 0), newestId: Number(row?.['newestId'] ?? 0) }
}

function rowOf({ id, atMs, event, mac, network, fields }: StoredEvent): SqlValue[] {
  return [id, atMs, event, mac, network, JSON.stringify(fields)]
}

/** @param way - Goes after the name of the table: how its rows are found. */
function selectFor(query: EventQuery, way: string): { sql: string; values: SqlValue[] } {
  const { afterId, limit, mac, network, sinceMs, untilMs } = query
  const conditions: readonly (Condition | null)[] = [
    { sql: 'id > ?', values: [afterId ?? 0] },
    mac === undefined ? null : { sql: 'mac = ?', values: [mac] },
    network === undefined ? null : { sql: 'network = ?', values: [network] },
    ...nameConditions(query),
    sinceMs === undefined ? null : { sql: 'at_ms >= ?', values: [sinceMs] },
    untilMs === undefined ? null : { sql: 'at_ms < ?', values: [untilMs] },
  ]
  const given = conditions.filter((one) => one !== null)
  const order = afterId === undefined ? 'DESC' : 'ASC'
  const sql = `
    SELECT id, at_ms AS atMs, event, mac, network, fields FROM events ${way}
    WHERE ${given.map((one) => one.sql).join(' AND ')} ORDER BY id ${order} LIMIT ?`
  const atMost = Math.max(0, Math.min(limit, MAX_LIMIT))
  return { sql, values: [...given.flatMap(({ values }) => values), atMost] }
}

function nameConditions({ prefix, names }: EventQuery): readonly Condition[] {
  return [
    ...(prefix === undefined
      ? []
      : [{ sql: 'event >= ? AND event < ?', values: [prefix, endOfPrefix(prefix)] }]),
    ...(names === undefined ? [] : [{ sql: `event IN (${names.map(() => '?')})`, values: names }]),
  ]
}

type Condition = { readonly sql: string; readonly values: readonly SqlValue[] }
