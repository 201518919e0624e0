import type { Command } from 'commander'
import type { PostgresConnection } from '../../src/adapters/postgres/connection.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { ExitCode } from '../exit-codes.ts'
import { loadSettings } from '../load-settings.ts'
import { FolderInUseError, lockDataFolder } from '../start/data-lock.ts'
import {
  type MovedKind,
  MoveRefused,
  type Moving,
  moveData,
  postgresSide,
  sqliteSide,
} from '../start/move-data.ts'
import { type OpenData, openData } from '../start/open-data.ts'
import { readHosts } from '../start/open-sharing.ts'

type MoveOptions = {
  readonly config?: string
  readonly toUrlFile?: string
  readonly toSqlite?: boolean
}

/** `switchhook database`: moves data between SQLite and PostgreSQL. */
export function defineDatabaseCommand(command: Command): void {
  command
    .command('move')
    .description('copy everything to an empty PostgreSQL or an empty data folder, and compare')
    .option('--config <file>', 'the configuration of the appliance, which must be stopped')
    .option('--to-url-file <file>', 'to PostgreSQL; the file holds its URL')
    .option('--to-sqlite', 'from database.postgres to an empty dataDir')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  switchhook database move --config /etc/switchhook.yaml --to-url-file /etc/switchhook/postgres-url\n' +
        '  switchhook database move --config /etc/switchhook.yaml --to-sqlite\n\n' +
        'The source stays as it is. Leases move for networks with leases: shared alone. Site and name of the\n' +
        'appliance are those of database.postgres in the configuration.\n' +
        'Exits with 1 if the target is not empty or differs afterwards, with 69 if the appliance is running or\n' +
        'PostgreSQL cannot be used.',
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<MoveOptions>()
      const { config, toUrlFile, toSqlite = false } = options
      if (config === undefined || (toUrlFile === undefined) === !toSqlite) {
        const message = 'database move: give --config and either --to-url-file or --to-sqlite'
        return command.error(message, { exitCode: ExitCode.usage })
      }
      const loaded = await loadSettings(config)
      if (loaded.kind === 'ok') return runMove(loaded.settings, toUrlFile)
      console.error(loaded.report)
      process.exitCode = ExitCode.configuration
    })
}

/** @param toUrlFile - Undefined: back to SQLite. */
async function runMove(settings: Settings, toUrlFile: string | undefined): Promise<void> {
  try {
    const postgres = settings.database?.postgres
    if (postgres === undefined) throw new MoveRefused(NO_NAME)
    const { site, name } = postgres
    const networks = settings.networks.flatMap((one) => (one.leases === 'shared' ? [one.name] : []))
    const moving = { site, appliance: `${site}/${name}`, networks }
    const lock = await lockDataFolder(settings.dataDir, 'switchhook database move')
    try {
      report(await move(settings.dataDir, toUrlFile ?? null, postgres.urlFile, moving))
    } finally {
      lock.release()
    }
  } catch (error) {
    process.exitCode = exitCodeOf(error)
    console.error((error as Error).message)
  }
}

const NO_NAME =
  'the configuration has no database.postgres: add it with the site and the name of this appliance, ' +
  'which conversions and events are moved under'

async function move(
  dataDir: string,
  toUrlFile: string | null,
  urlFile: string,
  moving: Moving,
): Promise<readonly MovedKind[]> {
  const connection = await connectTo(toUrlFile ?? urlFile)
  let data: OpenData | undefined
  try {
    data = await openData(dataDir, () => {})
    const sqlite = sqliteSide(data, moving)
    const postgres = await postgresSide(connection, moving)
    return toUrlFile === null ? await moveData(postgres, sqlite) : await moveData(sqlite, postgres)
  } finally {
    await data?.database.close()
    await connection.close()
  }
}

/** A file of 32 MiB over a slow line, in milliseconds. */
const TIMEOUT_MS = 120_000

async function connectTo(urlFile: string): Promise<PostgresConnection> {
  const { PostgresConnection } = await import('../../src/adapters/postgres/connection.ts')
  const { prepareTables } = await import('../../src/adapters/postgres/migrate.ts')
  const { MIGRATIONS } = await import('../../src/adapters/postgres/migrations/migrations.ts')
  const connection = new PostgresConnection(await readHosts(urlFile), {
    name: 'move',
    timeoutMs: TIMEOUT_MS,
    prepare: (run) => prepareTables(run, MIGRATIONS, { isMove: true }),
  })
  await connection.connect()
  return connection
}

function report(moved: readonly MovedKind[]): void {
  for (const { kind, count, isSame } of moved)
    console.log(`${kind}: ${count}${isSame ? '' : ', and the target DIFFERS'}`)
  if (moved.every(({ isSame }) => isSame)) {
    console.log('Both sides are the same.')
    return
  }
  process.exitCode = ExitCode.no
  console.error('The target differs: empty it before you try again. The source is unchanged.')
}

function exitCodeOf(error: unknown): number {
  if (error instanceof MoveRefused) return ExitCode.no
  if (error instanceof FolderInUseError) return ExitCode.unavailable
  const { name, message } = error as Error
  if (message.startsWith('database.postgres.urlFile')) return ExitCode.configuration
  if (name === 'PostgresError' || name === 'DatabaseError') return ExitCode.unavailable
  throw error
}
