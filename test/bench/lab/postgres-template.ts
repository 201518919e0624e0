import { execFileSync } from 'node:child_process'
import { appendFileSync, chownSync, cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { findPostgres, NOBODY } from '../../support/postgres-cluster.ts'
import type { Launch, Place } from '../servers/bench-server.ts'
import { pathOf, SYSTEM_PATH } from './machine.ts'

const USER = 'bench'

/** What both servers keep their leases in; every commit is on disk when it is answered. */
const SETTINGS = `
listen_addresses = ''
fsync = on
synchronous_commit = on
full_page_writes = on
shared_buffers = 128MB
max_connections = 100
`

/** A cluster as it is copied for each measurement: the same one, and as empty, for every server. */
export type PostgresTemplate = {
  readonly version: string
  /** Copies the cluster into the place and makes a command that runs PostgreSQL beside `server`. */
  readonly beside: (place: Place, server: Launch) => Launch
}

/** Where the socket of a place's PostgreSQL lies, as libpq takes a host. */
export function socketFolderOf({ dir }: Pick<Place, 'dir'>): string {
  return join(dir, 'pg')
}

/** What libpq calls the socket in a folder, at the standard port. */
export const SOCKET_NAME = '.s.PGSQL.5432'

/** The URL of our database, by the folder of the socket. */
export function postgresUrlOf(socketFolder: string): string {
  return `postgresql://${USER}@${encodeURIComponent(socketFolder)}/switchhook`
}

/** Kea connects with this name. */
export const POSTGRES_USER = USER

/** Makes the cluster with a database for us and one for Kea; null where PostgreSQL is not installed. */
export function makePostgresTemplate(dir: string): PostgresTemplate | null {
  const bin = findPostgres()
  if (bin === undefined || pathOf('setpriv') === null) return null
  const data = join(dir, 'data')
  mkdirSync(dir)
  chownSync(dir, NOBODY, NOBODY)
  const asNobody = (program: string, ...args: readonly string[]) =>
    execFileSync(join(bin, program), args, {
      cwd: dir,
      uid: NOBODY,
      gid: NOBODY,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  asNobody('initdb', '-D', data, '-U', USER, '-A', 'trust', '-E', 'UTF8')
  appendFileSync(join(data, 'postgresql.conf'), SETTINGS)
  const control = ['-D', data, '-w', '-s']
  asNobody('pg_ctl', ...control, '-o', `-k ${dir}`, '-l', join(dir, 'log'), 'start')
  try {
    for (const name of ['switchhook', 'kea']) asNobody('createdb', '-h', dir, '-U', USER, name)
    makeKeaTables(dir)
  } finally {
    asNobody('pg_ctl', ...control, '-m', 'fast', 'stop')
  }
  const version = asNobody('postgres', '--version').trim()
  return { version, beside: (place, server) => besideOf(bin, data, place, server) }
}

function makeKeaTables(dir: string): void {
  const admin = pathOf('kea-admin')
  if (admin === null) return
  const args = ['db-init', 'pgsql', '-h', dir, '-u', USER, '-p', 'none', '-n', 'kea']
  execFileSync(admin, args, {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: SYSTEM_PATH },
  })
}

/** PostgreSQL and the server are children of one shell, and so of one control group. */
function besideOf(bin: string, template: string, place: Place, server: Launch): Launch {
  const folder = socketFolderOf(place)
  mkdirSync(folder)
  cpSync(template, join(folder, 'data'), { recursive: true })
  execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, folder])
  const script = `
    setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups \
      '${join(bin, 'postgres')}' -D '${join(folder, 'data')}' -k '${folder}' >'${folder}/log' 2>&1 &
    until '${join(bin, 'pg_isready')}' -q -h '${folder}'; do sleep 0.05; done
    exec "$@"`
  return { ...server, command: ['sh', '-c', script, 'sh', ...server.command] }
}
