import type { Command } from 'commander'
import type { ApiClient } from '../client/api-client.ts'
import { ExitCode } from '../exit-codes.ts'
import { type ApiOptions, CommandFault, printJson, withApi, withApiOptions } from './api-options.ts'

type ReportOptions = ApiOptions & {
  readonly rollout?: string
  readonly csv?: boolean
  readonly json?: boolean
}

/** `switchhook report`: what was done with a phone or in a roll-out, for print. */
export function defineReportCommand(command: Command): void {
  withApiOptions(command)
    .argument('[mac...]', 'phones, by their hardware addresses')
    .option('--rollout <id>', 'a roll-out instead, phone by phone')
    .option('--csv', 'with --rollout: its phones as CSV')
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  switchhook report 000E84C060A6 > 000E84C060A6.txt\n' +
        '  switchhook report 000E84C060A6 000E84C060A7 --json\n' +
        '  switchhook report --rollout floor-3 | lpr\n' +
        '  switchhook report --rollout floor-3 --csv > floor-3.csv\n\n' +
        'MAC address, serial number where the phone told it, from, to, hashes of the firmware, evidence, when\n' +
        'and by whom. A report holds no password.',
    )
    .action((macs: string[], options: ReportOptions) =>
      withApi(options, (api) => report(api, macs, options)),
    )
}

async function report(
  api: ApiClient,
  macs: readonly string[],
  options: ReportOptions,
): Promise<void> {
  const paths = pathsOf(macs, options)
  if (options.json === true) {
    const reports = []
    for (const path of paths) reports.push(await api.get(path))
    return printJson(reports.length > 1 ? reports : reports[0])
  }
  for (const [index, path] of paths.entries()) {
    const text = await api.getText(path, options.csv === true ? 'text/csv' : 'text/plain')
    // A form feed begins a new page on a printer.
    process.stdout.write(index === 0 ? text : `\f${text}`)
  }
}

function pathsOf(
  macs: readonly string[],
  { rollout, csv = false }: ReportOptions,
): readonly string[] {
  const isOfPhones = rollout === undefined && macs.length > 0 && !csv
  if (isOfPhones) return macs.map((mac) => `/v1/phones/${encodeURIComponent(mac)}/report`)
  if (rollout !== undefined && macs.length === 0) {
    return [`/v1/rollouts/${encodeURIComponent(rollout)}/report`]
  }
  const message = 'report: name phones, or a roll-out with --rollout; --csv is for roll-outs'
  throw new CommandFault(message, ExitCode.usage)
}
