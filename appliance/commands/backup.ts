import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Command, Option } from 'commander'
import {
  backUpDatabase,
  checkRestore,
  giveToOwnerOf,
  replaceDatabase,
  restoreDatabase,
} from '../../src/adapters/sqlite/copy-database.ts'
import { DatabaseError } from '../../src/adapters/sqlite/database-error.ts'
import { ExitCode } from '../exit-codes.ts'
import { loadSettings } from '../load-settings.ts'
import { FolderInUseError, LOCK_FILE, lockDataFolder } from '../start/data-lock.ts'
import { DATABASE_FILE } from '../start/open-data.ts'

type DataOptions = { readonly config?: string; readonly dataDir?: string }

/** `switchhook backup`: everything that the appliance knows, in one file. */
export function defineBackupCommand(command: Command): void {
  withDataOptions(command)
    .argument('<file>', 'the backup file; an existing file is replaced')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  switchhook backup /var/backups/switchhook.db --config /etc/switchhook.yaml\n' +
        '  switchhook backup ./switchhook.db --data-dir ./data\n\n' +
        'The backup contains phones, profiles, firmware, leases, conversions, roll-outs and events, and the\n' +
        'passwords of lines: the file has mode 0600, keep it secret. The configuration\n' +
        'file and the API token are not included.',
    )
    .action((file: string, _options: unknown, command: Command) =>
      withDatabase(command, (database) => {
        const { bytes } = backUpDatabase(database, file)
        console.log(`${file}: ${bytes} bytes of ${database}`)
        console.log('It contains the passwords of lines; its mode is 0600. Keep it secret.')
      }),
    )
}

/** `switchhook restore`: the way back. */
export function defineRestoreCommand(command: Command): void {
  withDataOptions(command)
    .argument('<file>', 'the backup')
    .option('--replace', 'over a database that is there; it is kept under another name')
    .addHelpText(
      'after',
      '\nExample:\n' +
        '  systemctl stop switchhook\n' +
        '  switchhook restore /var/backups/switchhook.db --data-dir /var/lib/switchhook --replace\n' +
        '  systemctl start switchhook\n\n' +
        'Refuses a folder that is in use or, without --replace, not empty, a damaged file, and a file of a\n' +
        'newer program. Run by root, what it writes belongs to the owner of the folder. An older schema is\n' +
        'upgraded at the next start, which keeps a copy of the old database.',
    )
    .action((file: string, _options: unknown, command: Command) =>
      withDatabase(command, async (database) => {
        const folder = dirname(database)
        const isOver = command.opts<{ readonly replace?: boolean }>().replace === true
        // A lock leaves a file: where none is yet, what is refused leaves nothing behind.
        const isNew = !existsSync(join(folder, LOCK_FILE))
        if (isNew && !isOver) checkRestore(file, database)
        const lock = await lockDataFolder(folder, 'switchhook restore')
        try {
          if (isNew) giveToOwnerOf(folder, join(folder, LOCK_FILE))
          const { bytes, keptAs } = restored(file, database, isOver)
          console.log(`${database}: ${bytes} bytes of ${file}`)
          if (keptAs !== null) console.log(`The database before is kept as ${keptAs}`)
        } finally {
          lock.release()
        }
      }),
    )
}

function restored(file: string, database: string, isOver: boolean) {
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  if (isOver) return replaceDatabase(file, database, stamp)
  return { ...restoreDatabase(file, database, [LOCK_FILE]), keptAs: null }
}

function withDataOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--data-dir <folder>', 'the data folder; default: the one in the configuration'),
    )
    .option('--config <file>', 'the configuration that names the data folder')
}

async function withDatabase(
  command: Command,
  work: (database: string) => void | Promise<void>,
): Promise<void> {
  const folder = await dataFolderOf(command)
  if (folder === null) return
  try {
    await work(join(folder, DATABASE_FILE))
  } catch (error) {
    process.exitCode = exitCodeOf(error)
    console.error((error as Error).message)
  }
}

/** The data folder that the options name; null where the configuration was refused, which is printed. */
async function dataFolderOf(command: Command): Promise<string | null> {
  const { config, dataDir } = command.optsWithGlobals<DataOptions>()
  if (dataDir !== undefined) return dataDir
  if (config === undefined) {
    const message = `${command.name()}: name the data folder, with --data-dir or --config`
    return command.error(message, { exitCode: ExitCode.usage })
  }
  const loaded = await loadSettings(config)
  if (loaded.kind === 'ok') return loaded.settings.dataDir
  console.error(loaded.report)
  process.exitCode = ExitCode.configuration
  return null
}

/** @throws The error itself where it is no expected one. */
function exitCodeOf(error: unknown): number {
  if (error instanceof FolderInUseError) return ExitCode.unavailable
  if (!(error instanceof DatabaseError)) throw error
  return REFUSALS.includes(error.code) ? ExitCode.no : ExitCode.unavailable
}

const REFUSALS = ['NOT_EMPTY', 'NOT_OURS', 'NEWER_VERSION', 'DAMAGED', 'SAME_FILE']
