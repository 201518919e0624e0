import { endOfPrefix } from '../../services/events/event-filter.ts'
import type {
  EventOfAppliance,
  EventSource,
  PlaceInEvents,
  SharedEventQuery,
} from '../../services/events/shared-events.ts'
import type { StoredEvent } from '../../services/events/stored-event.ts'
import type { PostgresConnection, PostgresRow, PostgresValue } from './connection.ts'

/** In one statement: a failover between a look and the write would leave a gap for good. */
const PUT = `
  WITH before AS (
    SELECT coalesce(max(id), 0) AS newest FROM event WHERE appliance = $1),
  kept AS (
    INSERT INTO event (appliance, id, at_ms, event, mac, network, fields)
    SELECT $1, id, "atMs", event, mac, network, fields::json
    FROM before, json_to_recordset($2::json) AS e(id bigint, "atMs" bigint, event text, mac text,
      network text, fields text)
    WHERE before.newest >= $3
    ON CONFLICT DO NOTHING)
  SELECT newest::float8 AS newest FROM before`

/** From one appliance to the next by the key: the table is not read. */
const RANGES = `
  WITH RECURSIVE one AS (
    (SELECT appliance FROM event ORDER BY appliance LIMIT 1)
    UNION ALL
    SELECT (SELECT appliance FROM event WHERE appliance > one.appliance ORDER BY appliance LIMIT 1)
    FROM one WHERE one.appliance IS NOT NULL)
  SELECT appliance,
    (SELECT min(id) FROM event WHERE event.appliance = one.appliance)::float8 AS oldest,
    (SELECT max(id) FROM event WHERE event.appliance = one.appliance)::float8 AS newest
  FROM one WHERE appliance IS NOT NULL`

const PLACES = `
  SELECT appliance, coalesce((
      SELECT max(id) FROM event WHERE event.appliance = w.appliance AND at_ms < $2), 0)::float8 AS id
  FROM unnest($1::text[]) AS w(appliance)`

const COLUMNS = 'id::float8 AS id, at_ms::float8 AS "atMs", event, mac, network, fields'

/** Events of one appliance that are kept, as in its own database. */
const KEPT = 200_000

/** The events of all appliances in PostgreSQL, each under the number that its appliance gave it. */
export class PostgresEventStore implements EventSource {
  readonly #connection: PostgresConnection
  readonly #kept: number

  /** @param kept - Events of one appliance that are kept: the newest. */
  constructor(connection: PostgresConnection, kept = KEPT) {
    this.#connection = connection
    this.#kept = kept
  }

  async put(appliance: string, events: readonly StoredEvent[], after: number): Promise<number> {
    // As JSON within JSON: PostgreSQL takes no NUL where it reads the text of a value.
    const rows = events.map((event) => ({ ...event, fields: JSON.stringify(event.fields) }))
    const [row] = await this.#connection.query(PUT, [appliance, JSON.stringify(rows), after])
    const newest = Number(row?.['newest'])
    const oldest = (events.at(-1)?.id ?? 0) - this.#kept
    if (newest >= after && oldest > 0) {
      const trim = 'DELETE FROM event WHERE appliance = $1 AND id <= $2'
      await this.#connection.query(trim, [appliance, oldest])
    }
    return newest
  }

  async ranges() {
    const rows = await this.#connection.query(RANGES)
    return rows.map(({ appliance, oldest, newest }) => ({
      appliance: String(appliance),
      oldest: Number(oldest),
      newest: Number(newest),
    }))
  }

  async placesBefore(appliances: readonly string[], ms: number): Promise<readonly PlaceInEvents[]> {
    return (await this.#connection.query(PLACES, [appliances, ms])).map(placeOf)
  }

  async list(query: SharedEventQuery): Promise<readonly EventOfAppliance[]> {
    const { of, isNewest, limit } = query
    const values: PostgresValue[] = [
      of.map(({ appliance }) => appliance),
      of.map(({ id }) => String(id)),
      limit,
    ]
    const conditions = conditionsOf(query, (value) => `$${values.push(value)}`)
    const sql = `
      SELECT w.appliance, found.* FROM unnest($1::text[], $2::bigint[]) AS w(appliance, after)
      CROSS JOIN LATERAL (
        SELECT ${COLUMNS} FROM event
        WHERE ${['event.appliance = w.appliance', 'event.id > w.after', ...conditions].join(' AND ')}
        ORDER BY event.id ${isNewest ? 'DESC' : 'ASC'} LIMIT $3) AS found
      ORDER BY w.appliance, found.id`
    const rows = await this.#connection.query(sql, values)
    return rows as readonly unknown[] as readonly EventOfAppliance[]
  }
}

/** @param put - Adds a value, and gives its place in the statement. */
function conditionsOf(
  { mac, network, prefix, names, sinceMs, untilMs }: SharedEventQuery,
  put: (value: PostgresValue) => string,
): readonly string[] {
  // In the order of code points, as the index has them, whatever language the database speaks.
  const name = 'event.event COLLATE "C"'
  return [
    ...(mac === undefined ? [] : [`event.mac = ${put(mac)}`]),
    ...(network === undefined ? [] : [`event.network = ${put(network)}`]),
    ...(prefix === undefined
      ? []
      : [`${name} >= ${put(prefix)}`, `${name} < ${put(endOfPrefix(prefix))}`]),
    ...(names === undefined ? [] : [`${name} = ANY (${put(names)}::text[])`]),
    ...(sinceMs === undefined ? [] : [`event.at_ms >= ${put(sinceMs)}`]),
    ...(untilMs === undefined ? [] : [`event.at_ms < ${put(untilMs)}`]),
  ]
}

function placeOf({ appliance, id }: PostgresRow): PlaceInEvents {
  return { appliance: String(appliance), id: Number(id) }
}
