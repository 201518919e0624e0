import type { PostgresConnection, RunStatement } from './connection.ts'
import { PostgresError } from './postgres-error.ts'

/** One step forward of the tables. */
export type Migration = {
  /** 1 for the first, each one more than the one before. */
  readonly version: number
  /** The oldest schema version whose programs can still work with the tables after this step. */
  readonly oldestProgram: number
  readonly sql: string
}

/** Held while tables are changed: two appliances may start at once. An arbitrary number, ours. */
const LOCK = 0x53_57_48_4b

/**
 * Brings the tables to the newest version that this program knows, in one transaction.
 *
 * Appliances of two versions run side by side during an upgrade: tables newer than this program are
 * used as they are, unless the step that made them says that it is too old for them.
 *
 * @throws {@link PostgresError} `refused` with what is wrong; the tables are unchanged then.
 */
export function migrate(
  connection: PostgresConnection,
  migrations: readonly Migration[],
): Promise<void> {
  return connection.transaction((run) => stepForward(run, migrations))
}

/** This table is there while `switchhook database move` copies into the others. */
export const UNFINISHED_MOVE = 'unfinished_move'

const UNFINISHED =
  'a `switchhook database move` into it has not ended; where it was interrupted, empty it with ' +
  'DROP SCHEMA switchhook CASCADE and move again'

/**
 * The same on a connection that was just made. Where nothing is to be done it only looks: a user who
 * may create nothing is enough for that.
 *
 * @param isMove - This connection copies into the tables; for all others they are not ready meanwhile.
 * @throws {@link PostgresError} `refused` with what is wrong.
 */
export async function prepareTables(
  run: RunStatement,
  migrations: readonly Migration[],
  { isMove = false }: { readonly isMove?: boolean } = {},
): Promise<void> {
  if (!isMove && (await exists(run, UNFINISHED_MOVE)))
    throw new PostgresError('refused', UNFINISHED)
  if ((await foundVersion(run, migrations)) >= migrations.length) return
  await run('BEGIN')
  try {
    await stepForward(run, migrations)
    await run('COMMIT')
  } catch (error) {
    await run('ROLLBACK')
    throw error
  }
}

async function stepForward(run: RunStatement, migrations: readonly Migration[]): Promise<void> {
  await run('SELECT pg_advisory_xact_lock($1)', [LOCK])
  const found = await foundVersion(run, migrations)
  const [last] = migrations.slice(found).slice(-1)
  if (last === undefined) return
  if (found === 0) {
    await run('CREATE SCHEMA IF NOT EXISTS switchhook')
    await run(`CREATE TABLE IF NOT EXISTS switchhook.schema_version (
      version int NOT NULL, oldest_program int NOT NULL)`)
  }
  for (const { sql } of migrations.slice(found)) await run(sql)
  await run('DELETE FROM switchhook.schema_version')
  await run('INSERT INTO switchhook.schema_version VALUES ($1, $2)', [
    last.version,
    last.oldestProgram,
  ])
}

/** The version of the tables, 0 where there are none. @throws {@link PostgresError} `refused`. */
async function foundVersion(run: RunStatement, migrations: readonly Migration[]): Promise<number> {
  if (!(await exists(run, 'schema_version'))) return 0
  const [row] = await run('SELECT version, oldest_program FROM switchhook.schema_version')
  const oldest = Number(row?.['oldest_program'] ?? 0)
  if (oldest > migrations.length) {
    const reason = `the tables need a program of schema version ${oldest} or newer; this one knows ${migrations.length}`
    throw new PostgresError('refused', reason)
  }
  return Number(row?.['version'] ?? 0)
}

/** Not to_regclass: in a transaction that has waited for the lock it still answers from before. */
async function exists(run: RunStatement, table: string): Promise<boolean> {
  const sql = `SELECT EXISTS (SELECT FROM pg_catalog.pg_tables
    WHERE schemaname = 'switchhook' AND tablename = $1) AS is`
  const [row] = await run(sql, [table])
  return row?.['is'] === true
}
