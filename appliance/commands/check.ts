import type { Command } from 'commander'
import { ExitCode } from '../exit-codes.ts'
import { loadSettings } from '../load-settings.ts'

/** `switchhook check`: all that is wrong with a configuration; nothing is started. */
export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .description('check a configuration file and list every problem; nothing is started')
    .argument('[FILE]', 'the configuration; --config FILE does the same')
    .addHelpText('after', '\nExits with 0 where the file is good, with 78 where it has problems.')
    .action(async (file: string | undefined, _options: unknown, command: Command) => {
      const config = file ?? command.optsWithGlobals<{ config?: string }>().config
      if (config === undefined) {
        return command.error('check: name a configuration file', { exitCode: ExitCode.usage })
      }
      await runCheck(config)
    })
}

async function runCheck(file: string): Promise<void> {
  const loaded = await loadSettings(file)
  if (loaded.kind === 'refused') {
    console.error(loaded.report)
    process.exitCode = ExitCode.configuration
    return
  }
  for (const { path, message } of loaded.warnings) console.error(`warning: ${path}: ${message}`)
  const names = loaded.settings.networks.map(({ name }) => name).join(', ')
  console.log(`${file} is good: networks ${names}`)
}
