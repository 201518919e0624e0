import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'

const BINARIES = '/usr/lib/postgresql'

/** The user `nobody`, and its group: PostgreSQL and PgBouncer refuse to run as root. */
export const NOBODY = 65_534

/** The folder of PostgreSQL's programs (Debian keeps them out of the PATH); undefined if there is none. */
export function findPostgres(): string | undefined {
  if (!existsSync(BINARIES)) return undefined
  const [newest] = readdirSync(BINARIES).sort((a, b) => Number(b) - Number(a))
  return newest === undefined ? undefined : join(BINARIES, newest, 'bin')
}

/**
 * A PostgreSQL of the test's own: made by `initdb` in a temporary folder, reached by a Unix socket
 * there, ended and removed with the test. It needs no port. PostgreSQL refuses to run as root, so it
 * runs as `nobody` then.
 */
export class PostgresCluster {
  readonly dir: string
  readonly #bin: string
  readonly #port: number

  private constructor(dir: string, bin: string, port: number) {
    this.dir = dir
    this.#bin = bin
    this.#port = port
  }

  static start(t: Test, settings: readonly string[] = []): PostgresCluster {
    const cluster = PostgresCluster.#empty(t)
    cluster.#run('initdb', '-D', cluster.data, '-U', 'switchhook', '-A', 'trust', '--no-sync')
    cluster.#configure(settings)
    cluster.start()
    cluster.sql('CREATE DATABASE switchhook', 'postgres')
    return cluster
  }

  /** A standby of another one, which runs and streams to it under the name `standby`. */
  static startStandby(t: Test, primary: PostgresCluster): PostgresCluster {
    const cluster = PostgresCluster.#empty(t)
    const from = ['-h', primary.dir, '-p', String(primary.#port), '-U', 'switchhook']
    cluster.#run('pg_basebackup', ...from, '-D', cluster.data, '-X', 'stream', '-c', 'fast')
    const source = `user=switchhook host=${primary.dir} port=${primary.#port}`
    cluster.#configure([`primary_conninfo = '${source} application_name=standby'`])
    writeFileSync(join(cluster.data, 'standby.signal'), '')
    cluster.start()
    return cluster
  }

  static #empty(t: Test): PostgresCluster {
    const bin = findPostgres()
    if (bin === undefined) throw new Error('PostgreSQL is not installed')
    const dir = mkdtempSync(join(tmpdir(), 'switchhook-pg-'))
    const cluster = new PostgresCluster(dir, bin, 5432)
    t.teardown(() => {
      cluster.stop('immediate')
      rmSync(dir, { recursive: true, force: true })
    })
    if (process.getuid?.() === 0) chownSync(dir, NOBODY, NOBODY)
    return cluster
  }

  #configure(settings: readonly string[]): void {
    const own = ["listen_addresses = ''", `unix_socket_directories = '${this.dir}'`]
    const lines = [...own, ...settings].map((line) => `${line}\n`)
    writeFileSync(join(this.data, 'postgresql.auto.conf'), lines.join(''))
  }

  get data(): string {
    return join(this.dir, 'data')
  }

  get url(): string {
    return urlOf(this)
  }

  start(): void {
    const log = join(this.dir, 'log')
    this.#run('pg_ctl', '-D', this.data, '-l', log, '-w', '-s', '-o', `-p ${this.#port}`, 'start')
  }

  /** Makes a standby receive nothing more; what it has got before it applies. */
  stopReceiving(): void {
    this.sql("ALTER SYSTEM SET primary_conninfo = ''")
    this.sql('SELECT pg_reload_conf()')
    while (this.sql('SELECT count(*) FROM pg_stat_wal_receiver').trim() !== '0') {}
  }

  /** Makes a standby the primary; resolves when it takes writes. */
  promote(): void {
    this.#run('pg_ctl', '-D', this.data, '-w', '-s', 'promote')
  }

  stop(mode: 'fast' | 'immediate' = 'fast'): void {
    if (!existsSync(join(this.data, 'postmaster.pid'))) return
    this.#run('pg_ctl', '-D', this.data, '-m', mode, '-w', '-s', 'stop')
  }

  /** What psql prints, one line a row. */
  sql(text: string, database = 'switchhook'): string {
    const options = ['-h', this.dir, '-p', String(this.#port), '-U', 'switchhook', '-d', database]
    return this.#run(
      'psql',
      ...options,
      '-X',
      '-q',
      '-A',
      '-t',
      '-v',
      'ON_ERROR_STOP=1',
      '-c',
      text,
    )
  }

  #run(program: string, ...args: readonly string[]): string {
    const asNobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
    const options = { encoding: 'utf8', cwd: this.dir, ...asNobody } as const
    return execFileSync(join(this.#bin, program), args, {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }
}

/** A URL that names all of them; the appliance finds out which one is no standby. */
export function urlOf(...clusters: readonly PostgresCluster[]): string {
  const hosts = clusters.map(({ dir }) => encodeURIComponent(dir))
  return `postgresql://switchhook@${hosts.join(',')}/switchhook`
}
