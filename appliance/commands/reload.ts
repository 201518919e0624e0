import type { Command } from 'commander'
import { ExitCode } from '../exit-codes.ts'
import { type ApiOptions, printJson, withApi, withApiOptions } from './api-options.ts'

type Reloaded = {
  readonly applied: boolean
  readonly restartNeeded: readonly string[]
  readonly warnings: readonly { readonly path: string; readonly message: string }[]
}

const NO_BODY = new TextEncoder().encode('{}')

/** `switchhook reload`: a running appliance reads its configuration file again. */
export function defineReloadCommand(command: Command): void {
  withApiOptions(command)
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  switchhook check bench.yaml && switchhook reload\n\n' +
        'Exits with 0 if the networks of the file are in force, with 1 if the file was refused\n' +
        'or its networks need a restart; the previous configuration then stays in force.',
    )
    .action((options: ApiOptions & { readonly json?: boolean }) =>
      withApi(options, async (api) => {
        const outcome = await api.post<Reloaded>('/v1/reload', NO_BODY, 'application/json')
        if (!outcome.applied) process.exitCode = ExitCode.no
        if (options.json === true) return printJson(outcome)
        for (const line of describe(outcome)) console.log(line)
      }),
    )
}

function describe({ applied, restartNeeded, warnings }: Reloaded): readonly string[] {
  return [
    applied
      ? 'The networks of the file are in force.'
      : 'The previous networks stay in force: some networks of the file need a restart.',
    ...restartNeeded.map((path) => `  ${path}: in force after a restart`),
    ...warnings.map(({ path, message }) => `  warning: ${path}: ${message}`),
  ]
}
