import type { Command } from 'commander'
import type { Logger } from 'pino'
import { SameName } from '../../src/services/ownership/membership.ts'
import { startAppliance } from '../compose.ts'
import { ExitCode } from '../exit-codes.ts'
import { runUntilSignal } from '../lifecycle.ts'
import { type LoadedSettings, loadSettings } from '../load-settings.ts'
import { openLog } from '../log.ts'
import { apiTls } from '../start/api-tls.ts'
import { apiToken } from '../start/api-token.ts'
import { examineFiles } from '../start/examine-files.ts'
import { pageFolder } from '../start/page-folder.ts'
import { explainStartFailure } from '../start/start-failure.ts'
import { type ServeOptions, withServeOptions } from './serve-options.ts'

/** `switchhook serve`: the appliance on real networks. */
export function defineServeCommand(command: Command): void {
  withServeOptions(
    command.addHelpText(
      'after',
      '\nconfig/appliance.example.yaml describes the file; `switchhook check` checks it and\n' +
        'starts nothing. Exits with 78 if the file has problems, with 69 if a port or an\n' +
        'interface is not available.',
    ),
  ).action((_options: unknown, command: Command) =>
    runServe(command.optsWithGlobals<ServeOptions>()),
  )
}

/** Serves until a signal comes. */
export async function runServe({
  config,
  logLevel,
  rehearsal = false,
}: ServeOptions): Promise<void> {
  if (config === undefined) {
    console.error('serve: no configuration given. Use: switchhook serve --config FILE')
    process.exit(ExitCode.usage)
  }
  const loaded = await loadSettings(config)
  if (loaded.kind === 'refused') {
    console.error(loaded.report)
    process.exit(ExitCode.configuration)
  }
  const { settings } = loaded
  const log = openLog(logLevel, process.stdout.isTTY)
  for (const { path, message } of loaded.warnings) {
    log.warn({ event: 'settings.warning', path, message })
  }
  if (rehearsal) log.warn({ event: 'appliance.rehearsal', why: REHEARSAL })
  try {
    if (!(await filesAreGood(loaded, log))) return
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
    if (isOwnFault(error)) {
      log.fatal({ event: 'appliance.fault', err: error })
      process.exitCode = ExitCode.software
      return
    }
    sayWhy(log, explainStartFailure(error))
    if (error instanceof SameName) process.exitCode = ExitCode.configuration
    // Where it was thrown helps only developers.
    log.debug({ event: 'appliance.start.failed', err: error })
  }
}

/** Looks at what the configuration names before anything is opened; false where that will not do. */
async function filesAreGood(
  { settings, token }: LoadedSettings & { readonly kind: 'ok' },
  log: Logger,
): Promise<boolean> {
  const found = await examineFiles({ settings, token, shared: false })
  const { problems, misconfigured, lapses, warnings } = found
  for (const warning of warnings) log.warn({ event: 'settings.warning', ...warning })
  for (const lapse of lapses) log.error({ event: 'settings.problem', ...lapse })
  const all = [...misconfigured, ...problems]
  if (all.length === 0) return true
  sayWhy(log, all.map(({ path, message }) => `${path}: ${message}`).join('; '))
  if (misconfigured.length > 0) process.exitCode = ExitCode.configuration
  return false
}

/** The one sentence of a start that failed. */
function sayWhy(log: Logger, why: string): void {
  log.fatal({ event: 'appliance.not.started', why })
  process.exitCode = ExitCode.unavailable
}

/** What no operator can put right ends with 70 and its stack. */
function isOwnFault(error: unknown): boolean {
  return [TypeError, ReferenceError, SyntaxError].some((kind) => error instanceof kind)
}

const REHEARSAL = 'synthetic firmware is served on every network: connect simulated phones only'
