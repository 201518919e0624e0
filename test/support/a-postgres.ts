import type { Test } from 'tap'
import { PostgresConnection, type RunStatement } from '../../src/adapters/postgres/connection.ts'
import { prepareTables } from '../../src/adapters/postgres/migrate.ts'
import { MIGRATIONS } from '../../src/adapters/postgres/migrations/migrations.ts'
import { readPostgresUrl } from '../../src/adapters/postgres/postgres-url.ts'
import { findPostgres } from './postgres-cluster.ts'

/** Why a test that needs PostgreSQL is left out; false where it is there. */
export const LACKING_POSTGRES = findPostgres() === undefined ? 'PostgreSQL is not installed' : false

/** A connection whose tables are ready, and gone with the test. */
export function aPostgres(t: Pick<Test, 'teardown'>, url: string): PostgresConnection {
  const hosts = readPostgresUrl(url)
  if (typeof hosts === 'string') throw new Error(hosts)
  const prepare = (run: RunStatement) => prepareTables(run, MIGRATIONS)
  const connection = new PostgresConnection(hosts, { name: 'test', timeoutMs: 5_000, prepare })
  t.teardown(() => connection.close())
  return connection
}
