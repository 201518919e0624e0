import { type Command, Option } from 'commander'
import { apiTls } from '../api-tls.ts'
import { apiToken } from '../api-token.ts'
import { startAppliance } from '../compose.ts'
import { ExitCode } from '../exit-codes.ts'
import { runUntilSignal } from '../lifecycle.ts'
import { loadSettings } from '../load-settings.ts'
import { LOG_LEVELS, type LogLevel, openLog } from '../log.ts'
import { pageFolder } from '../page-folder.ts'
import { explainStartFailure } from '../start-failure.ts'

/** The options of `serve`, also taken without the command's name. */
export type ServeOptions = {
  readonly config?: string
  readonly logLevel: string
  readonly rehearsal?: boolean
}

/** `switchhook serve`: the appliance on real networks. */
export function addServeCommand(program: Command): void {
  withServeOptions(
    program
      .command('serve')
      .description('run the appliance on the networks of a configuration file')
      .addHelpText(
        'after',
        '\nThe file is described in config/appliance.example.yaml; `switchhook check` reads it and\n' +
          'starts nothing. Exits with 78 where the file has problems, with 69 where a port or an\n' +
          'interface cannot be had.',
      ),
  ).action((_options: unknown, command: Command) =>
    runServe(command.optsWithGlobals<ServeOptions>()),
  )
}

/** Adds what `serve` takes. */
export function withServeOptions(command: Command): Command {
  return command
    .option('--config <file>', 'the configuration, YAML')
    .option('--rehearsal', 'all phones are simulated: serve synthetic firmware on every network')
    .addOption(
      new Option('--log-level <level>', 'how much is logged').choices(LOG_LEVELS).default('info'),
    )
}

/** Serves until a signal comes. */
export async function runServe({
  config,
  logLevel,
  rehearsal = false,
}: ServeOptions): Promise<void> {
  if (config === undefined) {
    console.error('serve: no configuration. Name one: switchhook serve --config FILE')
    process.exit(ExitCode.usage)
  }
  const loaded = await loadSettings(config)
  if (loaded.kind === 'refused') {
    console.error(loaded.report)
    process.exit(ExitCode.configuration)
  }
  const { settings } = loaded
  const log = openLog(logLevel as LogLevel, process.stdout.isTTY)
  for (const { path, message } of loaded.warnings) {
    log.warn({ event: 'settings.warning', path, message })
  }
  if (rehearsal) log.warn({ event: 'appliance.rehearsal', why: REHEARSAL })
  try {
    const token = await apiToken(settings, loaded.token)
    const tls = await apiTls(settings)
    const appliance = await startAppliance({
      settings,
      log,
      token,
      tls,
      rehearsal,
      pageDir: pageFolder(),
      loadSettings: () => loadSettings(config),
      ...(tls === null ? {} : { loadTls: () => apiTls(settings) }),
    })
    runUntilSignal(log, appliance.close, appliance.reload)
  } catch (error) {
    log.fatal({ event: 'appliance.not.started', why: explainStartFailure(error), err: error })
    process.exitCode = ExitCode.unavailable
  }
}

const REHEARSAL =
  'synthetic firmware is served on every network: nothing but simulated phones may be on them'
