import { type ChildProcess, spawn } from 'node:child_process'
import {
  appendFileSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { findPostgres, NOBODY } from '../support/postgres-cluster.ts'
import { run } from '../system/support/appliance-process.ts'
import { endProcess } from '../system/support/end-process.ts'
import { CLUSTER_ADDRESS, type ClusterPort } from './places.ts'

/** How long a cluster may take to answer after its start. */
const READY_WITHIN_MS = 60_000

type Row = Readonly<Record<string, unknown>>

/** A PostgreSQL in a namespace of its own and a temporary folder, as an own process that can be frozen. */
export class Cluster {
  readonly port: ClusterPort
  readonly #dir: string
  readonly #namespace: string
  readonly #bin: string
  #child: ChildProcess | null = null

  constructor(port: ClusterPort, namespace: string) {
    const bin = findPostgres()
    if (bin === undefined) throw new Error('PostgreSQL is not installed')
    this.port = port
    this.#bin = bin
    this.#namespace = namespace
    this.#dir = mkdtempSync(join(tmpdir(), 'switchhook-partitions-'))
    chownSync(this.#dir, NOBODY, NOBODY)
  }

  get address(): string {
    return CLUSTER_ADDRESS[this.port]
  }

  get #data(): string {
    return join(this.#dir, 'data')
  }

  /** Makes an empty cluster. */
  async create(): Promise<void> {
    const options = ['-U', 'switchhook', '-A', 'trust', '--no-sync']
    await this.#run('initdb', '-D', this.#data, ...options)
    const trust = 'host all all 10.99.0.0/24 trust\nhost replication all 10.99.0.0/24 trust\n'
    appendFileSync(join(this.#data, 'pg_hba.conf'), trust)
    this.#configure()
  }

  /** Makes a standby of another one, which runs. */
  async copy(primary: Cluster): Promise<void> {
    rmSync(this.#data, { recursive: true, force: true })
    const from = ['-h', primary.address, '-U', 'switchhook', '-D', this.#data]
    await this.#run('pg_basebackup', ...from, '-R', '-X', 'stream', '-c', 'fast')
    this.#configure()
  }

  #configure(): void {
    const own = [
      `listen_addresses = '${this.address}'`,
      `unix_socket_directories = '${this.#dir}'`,
      'track_commit_timestamp = on',
      'max_connections = 40',
      'shared_buffers = 32MB',
      'autovacuum_naptime = 20s',
      'wal_keep_size = 256MB',
    ]
    const file = join(this.#data, 'postgresql.conf')
    const marker = '# of the harness\n'
    const before = readFileSync(file, 'utf8').split(marker)[0]
    writeFileSync(file, `${before}${marker}${own.join('\n')}\n`)
  }

  /** Starts it and waits until it answers. */
  async start(): Promise<void> {
    const command = this.#inside('postgres', '-D', this.#data)
    const child = spawn('ip', command, { stdio: 'ignore', cwd: this.#dir })
    this.#child = child
    for (const until = Date.now() + READY_WITHIN_MS; Date.now() < until; await pause(30)) {
      if (child.exitCode !== null) break
      const client = await this.#connected('postgres').catch(() => null)
      if (client === null) continue
      await client.end().catch(() => {})
      return
    }
    throw new Error(`the cluster ${this.port} does not start`)
  }

  /** Ends it at once, without a checkpoint: as a machine that loses its power. */
  async stop(): Promise<void> {
    const child = this.#child
    if (child === null) return
    // A process that is frozen ends when it goes on.
    this.thaw()
    this.#child = null
    await endProcess(child, 'SIGQUIT')
  }

  get isRunning(): boolean {
    return this.#child !== null && this.#child.exitCode === null
  }

  /** Stops all of its processes where they stand. */
  freeze(): void {
    this.#signalAll('SIGSTOP')
  }

  thaw(): void {
    this.#signalAll('SIGCONT')
  }

  /** Every process of it: the first one is that which was started. */
  get #pids(): readonly number[] {
    const first = this.#child?.pid
    if (first === undefined || !this.isRunning) return []
    return [first, ...childrenOf(first)]
  }

  /** Makes it take writes, as a standby that has lost its primary; nobody confirms them yet. */
  async promote(): Promise<void> {
    await this.#run('pg_ctl', '-D', this.#data, '-w', '-s', 'promote')
    await this.#setSynchronous(false)
  }

  /** Whether a commit waits for a standby. */
  async #setSynchronous(isOn: boolean): Promise<void> {
    await this.sql(`ALTER SYSTEM SET synchronous_standby_names = '${isOn ? 'ANY 1 (*)' : ''}'`)
    await this.sql('SELECT pg_reload_conf()')
  }

  /** Waits until a standby follows, and lets commits wait for it from then on. */
  async followed(): Promise<void> {
    const asked = `SELECT FROM pg_stat_replication WHERE state = 'streaming'`
    for (const until = Date.now() + READY_WITHIN_MS; Date.now() < until; await pause(50)) {
      if ((await this.sql(asked)).length > 0) return this.#setSynchronous(true)
    }
    throw new Error(`no standby follows ${this.port}`)
  }

  /**
   * Makes every write to the disk take so long, in milliseconds, in sessions that there are and in
   * those to come; what ends it.
   */
  slowSync(delayMs: number): () => Promise<void> {
    const inject = `inject=fdatasync,fsync:delay_enter=${delayMs * 1000}`
    const trace = ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=fdatasync,fsync', '-e', inject]
    const pids = this.#pids.flatMap((pid) => ['-p', `${pid}`])
    const child = spawn('strace', [...trace, ...pids], { stdio: 'ignore' })
    return () => endProcess(child, 'SIGTERM')
  }

  /** Cancels sessions that wait for a standby: PostgreSQL answers them with a warning. */
  async cancelWaits(): Promise<void> {
    await this.sql(`SELECT pg_cancel_backend(pid) FROM pg_stat_activity
      WHERE wait_event = 'SyncRep'`)
  }

  /** Runs statements in a session of their own; the rows of the last one. */
  async sql(
    text: string,
    values: readonly unknown[] = [],
    database = 'switchhook',
  ): Promise<readonly Row[]> {
    const client = await this.#connected(database)
    try {
      const result = await client.query(text, [...values])
      return Array.isArray(result) ? (result.at(-1)?.rows ?? []) : result.rows
    } finally {
      await client.end().catch(() => {})
    }
  }

  async remove(): Promise<void> {
    await this.stop()
    rmSync(this.#dir, { recursive: true, force: true })
  }

  async #connected(database: string): Promise<pg.Client> {
    const options = { host: this.#dir, user: 'switchhook', database }
    const client = new pg.Client({ ...options, connectionTimeoutMillis: 5000 })
    client.on('error', () => {})
    await client.connect()
    return client
  }

  /** Makes the database of the appliances. */
  async createDatabase(): Promise<void> {
    await this.sql('CREATE DATABASE switchhook', [], 'postgres')
  }

  #signalAll(signal: NodeJS.Signals): void {
    for (const pid of this.#pids) {
      try {
        process.kill(pid, signal)
      } catch {
        // It has ended meanwhile.
      }
    }
  }

  /** Arguments of `ip` that run a program of PostgreSQL in the namespace, and not as root. */
  #inside(program: string, ...args: readonly string[]): readonly string[] {
    const as = ['--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups']
    return ['netns', 'exec', this.#namespace, 'setpriv', ...as, join(this.#bin, program), ...args]
  }

  async #run(program: string, ...args: readonly string[]): Promise<void> {
    const { code, output } = await run('ip', this.#inside(program, ...args))
    if (code !== 0) throw new Error(`${program} ended with ${code}: ${output.slice(-2000)}`)
  }
}

/** Processes that a process has started. */
function childrenOf(pid: number): readonly number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const [, parent] =
        readFileSync(`/proc/${name}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? []
      return Number(parent) === pid ? [Number(name)] : []
    } catch {
      return []
    }
  })
}
