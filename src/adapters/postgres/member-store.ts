import type {
  Announced,
  Announcement,
  Member,
  MemberStore,
  Namesake,
} from '../../ownership/member-store.ts'
import type { PostgresConnection, PostgresRow } from './connection.ts'
import { networkKey } from './ownership-store.ts'

/**
 * One statement: the row of the appliance, and those of its networks. Where another run has the name
 * nothing is stored, and that run is in the answer.
 */
const ANNOUNCE = `
  WITH self AS (
    INSERT INTO appliance AS a (site, name, run, version, beat, seen_at)
    VALUES ($1, $2, $3::uuid, $4, 0, clock_timestamp())
    ON CONFLICT (site, name) DO UPDATE SET run = excluded.run, version = excluded.version,
      beat = a.beat + 1, seen_at = excluded.seen_at
    WHERE a.run = excluded.run OR (a.run = $5::uuid AND a.beat = $6)
    RETURNING site, name),
  told AS (
    SELECT * FROM json_to_recordset($7::json) AS n(network text, address text, unfit text)),
  gone AS (
    DELETE FROM network_member m USING self
    WHERE m.site = self.site AND m.name = self.name
      AND m.network NOT IN (SELECT network FROM told)),
  kept AS (
    INSERT INTO network_member (network, site, name, address, unfit)
    SELECT told.network, self.site, self.name, told.address, told.unfit FROM told, self
    ON CONFLICT (network, site, name)
      DO UPDATE SET address = excluded.address, unfit = excluded.unfit)
  SELECT (SELECT count(*) FROM self)::int AS stored,
    (SELECT run::text FROM appliance WHERE site = $1 AND name = $2) AS run,
    (SELECT beat FROM appliance WHERE site = $1 AND name = $2) AS beat,
    (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now,
    current_setting('synchronous_standby_names') AS standbys`

const LIST = `
  SELECT a.site, a.name, a.version,
    (extract(epoch FROM a.seen_at) * 1000)::float8 AS "lastSeenMs",
    a.seen_at > clock_timestamp() - interval '10 s' AS live,
    (SELECT coalesce(json_agg(json_build_array(m.network, m.unfit) ORDER BY m.network), '[]')
      FROM network_member m WHERE m.site = a.site AND m.name = a.name) AS networks,
    (SELECT coalesce(array_agg(o.network ORDER BY o.network), '{}') FROM network_owner o
      WHERE o.owner = a.name AND starts_with(o.network, a.site || '/')) AS owns
  FROM appliance a ORDER BY a.site, a.name`

const BEATS = `
  SELECT site || '/' || name AS appliance, run::text || ' ' || beat AS beat FROM appliance
  WHERE site || '/' || name = ANY ($1::text[])`

/** The beat is kept, so that who comes next with this name sees that it stands. */
const WITHDRAW = `DELETE FROM appliance WHERE site = $1 AND name = $2 AND run = $3::uuid`

/** The appliances of all sites in PostgreSQL. */
export class PostgresMemberStore implements MemberStore {
  readonly #connection: PostgresConnection
  readonly #site: string
  readonly #name: string

  constructor(connection: PostgresConnection, site: string, name: string) {
    this.#connection = connection
    this.#site = site
    this.#name = name
  }

  async announce(announcement: Announcement, gone: Namesake | null): Promise<Announced> {
    const { run, version, networks } = announcement
    const told = networks.map(({ name, address, unfit }) => ({
      network: networkKey(this.#site, name),
      address,
      unfit,
    }))
    const [row] = await this.#connection.query(ANNOUNCE, [
      this.#site,
      this.#name,
      run,
      version,
      gone?.run ?? null,
      gone?.beat ?? null,
      JSON.stringify(told),
    ])
    const isStored = row?.['stored'] === 1
    return {
      namesake: isStored ? null : { run: String(row?.['run']), beat: Number(row?.['beat']) },
      databaseMs: Number(row?.['now']),
      isSynchronous: row?.['standbys'] !== '',
    }
  }

  async list(): Promise<readonly Member[]> {
    return (await this.#connection.query(LIST)).map(memberOf)
  }

  /**
   * A text for each of these appliances, named as `site/name`, that changes with each announcement;
   * none for one that has withdrawn.
   */
  async beats(appliances: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#connection.query(BEATS, [appliances])
    return new Map(rows.map(({ appliance, beat }) => [String(appliance), String(beat)]))
  }

  async withdraw(run: string): Promise<void> {
    await this.#connection.query(WITHDRAW, [this.#site, this.#name, run])
  }
}

function memberOf(row: PostgresRow): Member {
  const networks = row['networks'] as readonly (readonly [string, string | null])[]
  const owns = row['owns'] as readonly string[]
  return {
    site: String(row['site']),
    name: String(row['name']),
    version: String(row['version']),
    lastSeenMs: Math.round(Number(row['lastSeenMs'])),
    isLive: row['live'] === true,
    owns: owns.map(withoutSite),
    networks: new Map(networks.map(([network, unfit]) => [withoutSite(network), unfit])),
  }
}

/** Neither a site's name nor a network's has a slash. */
function withoutSite(key: string): string {
  return key.slice(key.indexOf('/') + 1)
}
