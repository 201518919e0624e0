import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { PostgresError } from './postgres-error.ts'
import type { PostgresHost } from './postgres-url.ts'
import { reasonOf } from './refusal-advice.ts'

export type PostgresValue = string | number | boolean | null | Uint8Array | readonly string[]
export type PostgresRow = Readonly<Record<string, unknown>>

/** A statement that the server keeps; its name stands for this one text. */
export type PreparedStatement = { readonly name: string; readonly sql: string }

type Statement = { readonly sql: string; readonly name?: string }

/** Runs one statement and gives its rows. @throws {@link PostgresError} */
export type RunStatement = (
  sql: string,
  values?: readonly PostgresValue[],
) => Promise<readonly PostgresRow[]>

export type ConnectionOptions = {
  /** Shown in `pg_stat_activity`. */
  readonly name: string
  /** Longest wait for an answer, in milliseconds; the connection is given up after it. */
  readonly timeoutMs: number
  /** Longest wait for a connection to one host, in milliseconds; 3,000 where nothing is said. */
  readonly connectMs?: number
  /**
   * Sends statements before those in front of them are answered. The session carries them out in their
   * order, and each succeeds or fails by itself: a statement alone is a transaction.
   */
  readonly isPipelined?: boolean
  /** Makes a new connection ready for use; where it fails, the next host is tried. */
  readonly prepare?: (run: RunStatement) => Promise<void>
  /** A channel's name and its payload, from LISTEN. */
  readonly onNotification?: (channel: string, payload: string) => void
  /** The connection is gone; the next statement makes another. */
  readonly onLost?: (reason: string) => void
}

/** Versions below lack what the statements use. */
const MIN_VERSION = 130_000
const CONNECT_MS = 3000
/** How long a farewell may take. */
const END_MS = 500
/**
 * What the server gives up it has not carried out, and the session goes on; after what we give up the
 * session is of no use. So the server has a little less time.
 */
const SERVER_SHARE = 0.9

/** A session of the server: the number of a process may be given again, but not at the same moment. */
type Session = { readonly process: number; readonly startedAt: string }

/** A statement whose answer is awaited. */
type Sent = { warning: string | null }

/**
 * One connection to whichever of the hosts is not in recovery, made when it is needed and made again
 * after it broke. Statements run one after another, where it is pipelined without waiting for each
 * other's answers; those that wait while no host can be reached fail together.
 *
 * Before a session is used, the one before it is over: a statement of that one whose answer did not arrive
 * has been carried out by then, or never will be. What was sent before a line broke can arrive seconds
 * after the line is back, and would overwrite what the next session has written.
 *
 * A statement that is answered with a warning has failed: with synchronous replication the server
 * answers a cancelled wait with success and a warning, "already committed locally, but might not
 * have been replicated" (PostgreSQL 15, `SyncRepWaitForLSN`).
 */
export class PostgresConnection {
  readonly #hosts: readonly PostgresHost[]
  readonly #options: ConnectionOptions
  #client: Promise<pg.Client> | null = null
  #timeline = 0
  /** What the next statement waits for. */
  #last: Promise<unknown> = Promise.resolve()
  /** Of each session, in the order in which they were sent. */
  readonly #sent = new WeakMap<pg.Client, Sent[]>()
  #roundTripMs = 0
  /** The last one that was used. */
  #session: Session | null = null
  #isClosed = false
  /** Attempts that reached no host, and why the last of them did not. */
  #failedAttempts = 0
  #away = 'not tried yet'

  constructor(hosts: readonly PostgresHost[], options: ConnectionOptions) {
    this.#hosts = hosts
    this.#options = options
  }

  /**
   * The timeline of the server that the last statement ran on; 0 before the first one, and for a
   * service that tells none. A promotion begins another: what the former primary showed may be
   * missing there, if no standby had confirmed it.
   */
  get timeline(): number {
    return this.#timeline
  }

  get isPipelined(): boolean {
    return this.#options.isPipelined === true
  }

  /**
   * The shortest time, in milliseconds, in which a statement of this session was answered: about what
   * the way to the server and back takes. 0 before the first one.
   */
  get roundTripMs(): number {
    return this.#roundTripMs
  }

  /** @throws {@link PostgresError} */
  query(sql: string, values: readonly PostgresValue[] = []): Promise<readonly PostgresRow[]> {
    return this.#inTurn((isSent) => this.#run({ sql }, () => values, isSent))
  }

  /**
   * The same for values that depend on the timeline of the server that the statement runs on, which is
   * another one after a failover. @throws {@link PostgresError}
   */
  queryOnTimeline(
    sql: string,
    values: (timeline: number) => readonly PostgresValue[],
  ): Promise<readonly PostgresRow[]> {
    return this.#inTurn((isSent) => this.#run({ sql }, values, isSent))
  }

  /** The same, parsed and planned once for each session. @throws {@link PostgresError} */
  queryPrepared(
    statement: PreparedStatement,
    values: readonly PostgresValue[],
  ): Promise<readonly PostgresRow[]> {
    return this.#inTurn((isSent) => this.#run(statement, () => values, isSent))
  }

  /**
   * Runs statements in one transaction: all or none. One whose session ends in between fails; in
   * another session the statements that are left would each be stored by itself.
   *
   * @throws {@link PostgresError}
   */
  transaction<Result>(work: (run: RunStatement) => Promise<Result>): Promise<Result> {
    return this.#inTurn(async () => {
      const client = await this.#connected()
      const run: RunStatement = async (sql, values = []) =>
        (await this.#runOn(client, { sql }, values)).rows
      await run('BEGIN')
      try {
        const result = await work(run)
        await run('COMMIT')
        return result
      } catch (error) {
        await run('ROLLBACK').catch(() => {})
        throw error
      }
    })
  }

  /** Connects if there is no connection, so that notifications arrive. */
  async connect(): Promise<void> {
    await this.#inTurn(() => this.#connected())
  }

  /** Ends the connection; statements that wait fail as `away`. */
  async close(): Promise<void> {
    this.#isClosed = true
    const client = await this.#client?.catch(() => null)
    this.#client = null
    if (client) await ended(client)
  }

  /**
   * Who waited while no host could be reached fails with that attempt. Each would make another one
   * otherwise, and the last of them, a beat perhaps, would wait for all of those.
   */
  #inTurn<Result>(work: (isSent: () => void) => Promise<Result>): Promise<Result> {
    const attempts = this.#failedAttempts
    let isSent = () => {}
    const sent = new Promise<void>((resolve) => {
      isSent = resolve
    })
    const turn = this.#last.then(() => {
      if (this.#client !== null || attempts === this.#failedAttempts) return work(isSent)
      throw new PostgresError('away', this.#away)
    })
    this.#last = Promise.race([sent, turn.catch(() => {})])
    return turn
  }

  async #run(
    statement: Statement,
    values: (timeline: number) => readonly PostgresValue[],
    isSent: () => void,
  ): Promise<readonly PostgresRow[]> {
    const client = await this.#connected()
    const answer = this.#runOn(client, statement, values(this.#timeline))
    if (this.isPipelined) isSent()
    return (await answer).rows
  }

  #runOn(
    client: pg.Client,
    { sql, name }: Statement,
    values: readonly PostgresValue[],
  ): Promise<pg.QueryResult> {
    const sentAtMs = performance.now()
    const sent: Sent = { warning: null }
    const underWay = this.#sent.get(client) ?? []
    underWay.push(sent)
    const statement = {
      text: sql,
      values: values.map(toDriver),
      // Those in front of it may take their time as well.
      query_timeout: this.#options.timeoutMs * underWay.length,
      ...(name === undefined ? {} : { name }),
    }
    return new Promise((resolve, reject) => {
      // By a callback: before the next message of the server is looked at, which may be a warning.
      void client.query(statement, (error: Error | null, result: pg.QueryResult) => {
        underWay.splice(underWay.indexOf(sent), 1)
        const tookMs = performance.now() - sentAtMs
        if (error instanceof Error) reject(this.#faultOf(error, client))
        else if (sent.warning === null) {
          this.#roundTripMs = Math.min(this.#roundTripMs || tookMs, tookMs)
          resolve(result)
        } else reject(new PostgresError('unknown', `PostgreSQL warns: ${sent.warning}`))
      })
    })
  }

  #faultOf(error: unknown, client: pg.Client): PostgresError {
    if (error instanceof pg.DatabaseError && !isEnding(error.code)) {
      return new PostgresError('refused', reasonOf(error), error.code)
    }
    const reason = reasonOf(error)
    this.#lose(client, reason)
    return new PostgresError('unknown', reason, error instanceof pg.DatabaseError ? error.code : '')
  }

  #connected(): Promise<pg.Client> {
    if (this.#isClosed) return Promise.reject(new PostgresError('away', 'the connection is closed'))
    this.#leaveFormerPrimary()
    if (this.#client !== null) return this.#client
    const client = this.#connectToAny()
    this.#client = client
    client.catch(() => {
      if (this.#client === client) this.#client = null
    })
    return client
  }

  /** Another connection has found a newer primary: what is stored on this one would be lost. */
  #leaveFormerPrimary(): void {
    const newest = newestTimelines.get(this.#hosts) ?? 0
    if (this.#client === null || this.#timeline === 0 || newest <= this.#timeline) return
    const former = this.#client
    this.#client = null
    former.then((client) => client.end()).catch(() => {})
    this.#options.onLost?.(`it is a former primary (timeline ${this.#timeline}, not ${newest})`)
  }

  async #connectToAny(): Promise<pg.Client> {
    const reasons: string[] = []
    for (const host of this.#hosts) {
      const client = await this.#connectTo(host).catch((error: unknown) => {
        reasons.push(`${host.host}:${host.port}: ${reasonOf(error)}`)
      })
      if (client !== undefined) return client
    }
    this.#failedAttempts += 1
    this.#away = reasons.join('; ')
    throw new PostgresError('away', this.#away)
  }

  async #connectTo(host: PostgresHost): Promise<pg.Client> {
    const { connectMs = CONNECT_MS } = this.#options
    const client = new pg.Client({
      host: host.host,
      port: host.port,
      database: host.database,
      user: host.user,
      password: host.password ?? '',
      ssl: host.ssl,
      application_name: `switchhook ${this.#options.name}`,
      connectionTimeoutMillis: connectMs,
      query_timeout: this.#options.timeoutMs,
      statement_timeout: this.#options.timeoutMs * SERVER_SHARE,
      lock_timeout: this.#options.timeoutMs * SERVER_SHARE,
      keepAlive: true,
      pipeline: this.isPipelined,
    })
    const underWay: Sent[] = []
    this.#sent.set(client, underWay)
    client.on('error', (error) => this.#lose(client, error.message))
    client.on('end', () => this.#lose(client, 'the server ended the connection'))
    client.on('notice', (notice) => {
      const [answered] = underWay
      if (notice.severity !== 'WARNING' || answered === undefined) return
      answered.warning = notice.message ?? 'without a text'
    })
    client.on('notification', ({ channel, payload }) => {
      this.#options.onNotification?.(channel, payload ?? '')
    })
    try {
      await client.connect()
      this.#timeline = await examineServer(client, this.#hosts)
      this.#roundTripMs = 0
      this.#session = await sessionAfter(client, this.#session, connectMs)
      await this.#options.prepare?.(async (sql, values = []) => {
        return (await client.query(sql, values.map(toDriver))).rows
      })
      return client
    } catch (error) {
      client.removeAllListeners('end')
      client.end().catch(() => {})
      throw error
    }
  }

  #lose(client: pg.Client, reason: string): void {
    const current = this.#client
    if (current === null) return
    current.then(
      (connected) => {
        if (connected !== client || this.#client !== current) return
        this.#client = null
        client.end().catch(() => {})
        if (!this.#isClosed) this.#options.onLost?.(reason)
      },
      () => {},
    )
  }
}

/** Ends a session; a server that does not answer is not waited for. */
function ended(client: pg.Client): Promise<void> {
  const end = client.end().catch(() => {})
  return Promise.race([end, pause(END_MS, undefined, { ref: false })])
}

/**
 * The newest timeline that was seen on the hosts of a URL. A promotion begins a new one, so a primary
 * with an older one is from before a failover: it lacks what was acknowledged since.
 */
const newestTimelines = new WeakMap<readonly PostgresHost[], number>()

/** The timeline stands first in the name of the file that is being written. */
const TIMELINE = `
  SELECT ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int AS timeline`

const POOLER =
  'a connection pooler stands before it, and LISTEN and settings of a session do not survive that: connect to PostgreSQL itself'

/** @returns Its timeline. @throws If the server cannot be the one that holds our data. */
async function examineServer(client: pg.Client, hosts: readonly PostgresHost[]): Promise<number> {
  const { rows } = await client.query(`
    SELECT pg_is_in_recovery() AS standby, current_setting('fsync') AS fsync,
      current_setting('default_transaction_read_only') AS "isReadOnly", current_setting('server_version_num')::int AS version, pg_backend_pid() AS process`)
  const { standby, fsync, isReadOnly, version, process } = rows[0]
  if (version < MIN_VERSION) throw new Error(`PostgreSQL ${version} is older than version 13`)
  if (standby) throw new Error('it is a standby, which is read-only')
  if (isReadOnly === 'on') {
    throw new Error(
      'it is read-only: default_transaction_read_only is on for the server, the database or the user',
    )
  }
  // A pooler gives a number of its own (PostgreSQL 15 documentation, section 55.2.8 on cancelling).
  if (process !== (client as { readonly processID?: number }).processID) throw new Error(POOLER)
  if (fsync !== 'on') throw new Error('its fsync is off: it can lose what it has acknowledged')
  const newest = newestTimelines.get(hosts) ?? 0
  // A service that is no plain PostgreSQL may have none: then its own failover is relied on.
  const timeline = await client.query(TIMELINE).then(
    (answer) => Number(answer.rows[0]?.timeline ?? newest),
    () => newest,
  )
  if (timeline < newest) {
    throw new Error(
      `it is a former primary (timeline ${timeline}, and ${newest} was seen): make it a standby`,
    )
  }
  newestTimelines.set(hosts, timeline)
  await client.query(`SET synchronous_commit = on; SET client_min_messages = warning;
    SET TIME ZONE 'UTC'; SET search_path = switchhook`)
  return timeline
}

const SESSION = `
  SELECT pid AS process, backend_start::text AS "startedAt" FROM pg_stat_activity
  WHERE pid = pg_backend_pid()`

/** How long to wait before it is asked once more whether a session is over, in milliseconds. */
const ASK_AGAIN_MS = 20

/**
 * Ends the session before this one, if it is on this server still, and waits until it is over.
 *
 * @returns This one; null for a service that tells none.
 * @throws If that session is not over in time.
 */
async function sessionAfter(
  client: pg.Client,
  before: Session | null,
  withinMs: number,
): Promise<Session | null> {
  const untilMs = performance.now() + withinMs
  while (before !== null && (await isAlive(client, before))) {
    if (performance.now() > untilMs) throw new Error('the session before this one does not end')
    await pause(ASK_AGAIN_MS)
  }
  const [session] = (await client.query(SESSION)).rows
  return typeof session?.startedAt === 'string' ? session : null
}

/** Whether the session was there still; it ends now. */
async function isAlive(client: pg.Client, { process, startedAt }: Session): Promise<boolean> {
  const { rowCount } = await client.query(`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE pid = ${process} AND backend_start = ${client.escapeLiteral(startedAt)}::timestamptz`)
  return rowCount !== 0
}

/** Whether the server ends the session with this: class 57P of SQLSTATE (operator intervention). */
function isEnding(code: string | undefined): boolean {
  return code === undefined || code.startsWith('57P') || code.startsWith('08')
}

/** Bytes go as they are, without a copy. */
function toDriver(value: PostgresValue): unknown {
  if (!(value instanceof Uint8Array)) return value
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
}
