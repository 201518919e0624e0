import type { PostgresConnection } from './connection.ts'
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
export async function migrate(
  connection: PostgresConnection,
  migrations: readonly Migration[],
): Promise<void> {
  await connection.transaction(async (run) => {
    await run('SELECT pg_advisory_xact_lock($1)', [LOCK])
    await run(`CREATE SCHEMA IF NOT EXISTS switchhook`)
    await run(`CREATE TABLE IF NOT EXISTS switchhook.schema_version (
      version int NOT NULL, oldest_program int NOT NULL)`)
    const [row] = await run('SELECT version, oldest_program FROM switchhook.schema_version')
    const found = Number(row?.['version'] ?? 0)
    const oldest = Number(row?.['oldest_program'] ?? 0)
    if (oldest > migrations.length) {
      const reason = `the tables need a program of schema version ${oldest} or newer; this one knows ${migrations.length}`
      throw new PostgresError('refused', reason)
    }
    const [last] = migrations.slice(found).slice(-1)
    for (const { sql } of migrations.slice(found)) await run(sql)
    if (last === undefined) return
    await run('DELETE FROM switchhook.schema_version')
    await run('INSERT INTO switchhook.schema_version VALUES ($1, $2)', [
      last.version,
      last.oldestProgram,
    ])
  })
}
