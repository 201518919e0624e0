import type { Command } from 'commander'
import type { Problem } from '../../src/settings/problem.ts'
import { ExitCode } from '../exit-codes.ts'
import { inOneLine, type LoadedSettings, loadSettings, reportOf } from '../load-settings.ts'
import { examineFiles } from '../start/examine-files.ts'
import { printJson } from './api-options.ts'

type CheckOptions = { readonly config?: string; readonly json?: boolean }

/** `switchhook check`: all that is wrong with a configuration; nothing is started. */
export function defineCheckCommand(command: Command): void {
  command
    .argument('[FILE]', 'the configuration; --config FILE does the same')
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      '\nChecks the files, folders and certificates that the configuration names, as the start does,\n' +
        'but not ports, interfaces, the database, or whether another appliance is running.\n' +
        'Exits with 0 if there are no problems, otherwise with 78.',
    )
    .action(async (file: string | undefined, _options: unknown, command: Command) => {
      const { config, json = false } = command.optsWithGlobals<CheckOptions>()
      const named = file ?? config
      if (named === undefined) {
        return command.error('check: name a configuration file', { exitCode: ExitCode.usage })
      }
      await runCheck(named, json)
    })
}

async function runCheck(file: string, json: boolean): Promise<void> {
  const loaded = await loadSettings(file)
  const found = loaded.kind === 'refused' ? loaded : await examined(loaded)
  const { problems, warnings } = found
  if (problems.length > 0) process.exitCode = ExitCode.configuration
  const networks = loaded.kind === 'ok' ? loaded.settings.networks.map(({ name }) => name) : []
  if (json) return printJson({ file, good: problems.length === 0, problems, warnings, networks })
  if (problems.length > 0) return console.error(reportOf(file, found))
  for (const warning of warnings) console.error(`warning: ${inOneLine(warning)}`)
  console.log(`${file} is valid: networks ${networks.join(', ')}`)
}

/** What a configuration without a fault of its own names and cannot be used. */
async function examined(loaded: LoadedSettings & { readonly kind: 'ok' }) {
  const { settings, token, placeOf } = loaded
  const found = await examineFiles({ settings, token, shared: true })
  const { problems, misconfigured, lapses, warnings } = found
  const placed = (found: readonly Problem[]) =>
    found.map((one) => ({ ...one, ...placeOf(one.path) }))
  return {
    problems: placed([...problems, ...misconfigured, ...lapses]),
    warnings: [...loaded.warnings, ...placed(warnings)],
  }
}
