import type { OwnershipRecord } from '../../ownership/ownership-record.ts'
import type { OwnershipLook, OwnershipStore } from '../../ownership/ownership-store.ts'
import type { PostgresConnection, PostgresRow } from './connection.ts'

/**
 * Names, by LISTEN, the network whose row has changed. Sent where a network is given up or wanted,
 * and never with a lease: NOTIFY takes a lock of the whole database when it commits.
 */
export const OWNERSHIP_CHANNEL = 'switchhook_ownership'

const COLUMNS = 'owner, token::text AS token, beat, unclean, wanted'

/**
 * Members that could serve the network now: they say that they are fit, and their own row has moved
 * within ten seconds of the database's clock.
 */
const FIT = `
  SELECT coalesce(array_agg(m.name ORDER BY m.name), '{}') FROM network_member m
  JOIN appliance a USING (site, name)
  WHERE m.network = $1 AND m.unfit IS NULL AND a.seen_at > clock_timestamp() - interval '10 s'`

const LOOK = `
  SELECT ${COLUMNS}, shape, (${FIT}) AS fit FROM (SELECT) AS one
  LEFT JOIN network_owner ON network = $1`

/**
 * The lock waits for writes of the former owner that are under way: they hold FOR KEY SHARE on the
 * row, which an UPDATE alone would not wait for ("Explicit Locking", row-level lock modes).
 */
const TAKE = `
  WITH locked AS (
    SELECT network FROM network_owner
    WHERE network = $1 AND token = $3::uuid AND beat = $4 AND owner IS NOT DISTINCT FROM $5
    FOR UPDATE)
  UPDATE network_owner o
  SET owner = $2, token = gen_random_uuid(), beat = 0, wanted = NULL, shape = $6,
    unclean = o.owner IS NOT NULL OR o.unclean
  FROM locked WHERE o.network = locked.network
  RETURNING ${COLUMNS.replace('owner', 'o.owner')}`

const TAKE_FIRST = `
  INSERT INTO network_owner (network, owner, token, beat, unclean, shape)
  VALUES ($1, $2, gen_random_uuid(), 0, false, $3)
  ON CONFLICT DO NOTHING RETURNING ${COLUMNS}`

/** The owner's configuration is the one that counts: it may have been edited since it took over. */
const BEAT = `
  UPDATE network_owner SET beat = beat + 1, unclean = unclean AND NOT $3, shape = $4
  WHERE network = $1 AND token = $2::uuid AND owner IS NOT NULL
  RETURNING ${COLUMNS}, (${FIT}) AS fit`

/** Under the same lock as a takeover: the writes of this owner that are under way end first. */
const RELEASE = `
  WITH locked AS (
    SELECT network FROM network_owner WHERE network = $1 AND token = $2::uuid FOR UPDATE)
  UPDATE network_owner o SET owner = NULL, wanted = $3 FROM locked
  WHERE o.network = locked.network RETURNING pg_notify('${OWNERSHIP_CHANNEL}', o.network)`

const WANT = `
  UPDATE network_owner SET wanted = $2 WHERE network = $1
  RETURNING pg_notify('${OWNERSHIP_CHANNEL}', network)`

/** How this appliance is known. */
export type OwnershipSelf = {
  readonly site: string
  readonly name: string
  /** A digest of subnet, pools and reservations of a network, as it is configured now. */
  readonly shapeOf: (network: string) => string
}

/**
 * Ownership in PostgreSQL, one row a network. Networks of two sites are never the same one, whatever
 * they are called.
 */
export class PostgresOwnershipStore implements OwnershipStore {
  readonly #connection: PostgresConnection
  readonly #self: OwnershipSelf

  /** @param connection - That of the leases: a stuck one stops the beat as well. */
  constructor(connection: PostgresConnection, self: OwnershipSelf) {
    this.#connection = connection
    this.#self = self
  }

  async look(network: string): Promise<OwnershipLook> {
    const [row] = await this.#connection.query(LOOK, [this.#keyOf(network)])
    const record = row === undefined ? null : recordOf(row)
    const differs = record !== null && row?.['shape'] !== this.#self.shapeOf(network)
    return { record, fit: fitOf(row), differs }
  }

  async take(network: string, seen: OwnershipRecord | null): Promise<OwnershipRecord | null> {
    const { name, shapeOf } = this.#self
    const key = this.#keyOf(network)
    const shape = shapeOf(network)
    const rows =
      seen === null
        ? await this.#connection.query(TAKE_FIRST, [key, name, shape])
        : await this.#connection.query(TAKE, [key, name, seen.token, seen.beat, seen.owner, shape])
    return rows[0] === undefined ? null : recordOf(rows[0])
  }

  async beat(network: string, token: string, clear: boolean): Promise<OwnershipLook | null> {
    const values = [this.#keyOf(network), token, clear, this.#self.shapeOf(network)]
    const [row] = await this.#connection.query(BEAT, values)
    return row === undefined ? null : { record: recordOf(row), fit: fitOf(row) }
  }

  async release(network: string, token: string, to: string | null): Promise<boolean> {
    const rows = await this.#connection.query(RELEASE, [this.#keyOf(network), token, to])
    return rows.length > 0
  }

  async want(network: string, to: string): Promise<boolean> {
    return (await this.#connection.query(WANT, [this.#keyOf(network), to])).length > 0
  }

  #keyOf(network: string): string {
    return networkKey(this.#self.site, network)
  }
}

/** A network as the tables name it: neither part can have a slash. */
export function networkKey(site: string, network: string): string {
  return `${site}/${network}`
}

/** Null where the network has no row. */
function recordOf(row: PostgresRow): OwnershipRecord | null {
  const { owner, token, beat, unclean, wanted } = row
  if (typeof token !== 'string') return null
  return {
    owner: owner as string | null,
    token,
    beat: Number(beat),
    isUnclean: unclean === true,
    wanted: wanted as string | null,
  }
}

function fitOf(row: PostgresRow | undefined): readonly string[] {
  return Array.isArray(row?.['fit']) ? row['fit'] : []
}
