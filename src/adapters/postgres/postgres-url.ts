import { parse } from 'pg-connection-string'

/** One server that a URL names, with what is needed to log in there. The password is a secret. */
export type PostgresHost = {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string | undefined
  /** As `sslmode` of the URL asks; false for `disable` and for Unix sockets. */
  readonly ssl: boolean | { readonly rejectUnauthorized?: boolean }
}

/** Servers named in one URL; more are refused. */
const MAX_HOSTS = 8

/**
 * Reads a connection URL in libpq's form, which may list several hosts:
 * `postgresql://user:password@db1:5432,db2/name?sslmode=verify-full`
 * (PostgreSQL 15 documentation, section 34.1.1.2). `pg` reads URLs of one host, so each host is
 * given to its parser in a URL of its own.
 *
 * @returns A sentence that says what is wrong and never repeats the URL, which holds a password.
 */
export function readPostgresUrl(text: string): readonly PostgresHost[] | string {
  const match = /^postgres(?:ql)?:\/\/(?:([^@/?]*)@)?([^/?]*)(\/[^?]*)?(\?.*)?$/.exec(text.trim())
  if (match === null)
    return 'it must begin with postgresql:// and name a user, a host and a database'
  const [, login = '', hosts = '', path = '', query = ''] = match
  const names = hosts.split(',')
  if (names.length > MAX_HOSTS)
    return `it names ${names.length} hosts; at most ${MAX_HOSTS} are allowed`
  const found: PostgresHost[] = []
  for (const name of names) {
    const host = readHost(`postgresql://${login === '' ? '' : `${login}@`}${name}${path}${query}`)
    if (typeof host === 'string') return host
    found.push(host)
  }
  return found
}

function readHost(url: string): PostgresHost | string {
  const options = parsed(url)
  if (typeof options === 'string') return options
  const { host, port, database, user, password, ssl } = options
  if (!host) return 'it names no host'
  if (!user) return 'it names no user'
  if (!database) return 'it names no database'
  const number = port ? Number(port) : 5432
  if (!Number.isInteger(number) || number < 1 || number > 65_535)
    return 'its port is not from 1 to 65535'
  return { host, port: number, database, user, password, ssl: sslOf(ssl) }
}

function parsed(url: string): ReturnType<typeof parse> | string {
  try {
    return parse(url)
  } catch (error) {
    // The error's message repeats the URL with its password, but for files: certificates and keys.
    const { code, path } = error as { readonly code?: unknown; readonly path?: unknown }
    if (typeof path !== 'string' || typeof code !== 'string') return 'it is not a valid URL'
    return `the file ${path} that it names cannot be read (${code})`
  }
}

function sslOf(ssl: unknown): PostgresHost['ssl'] {
  if (typeof ssl === 'object' && ssl !== null) return ssl as { rejectUnauthorized?: boolean }
  return ssl === true || ssl === 'true'
}
