import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { printableJson } from '../../src/services/printable.ts'
import { ExitCode } from '../exit-codes.ts'
import { reasonOf } from '../start/file-reason.ts'
import { type ApiOptions, CommandFault, withApi, withApiOptions } from './api-options.ts'

type TraceOptions = ApiOptions & {
  readonly withAddresses?: boolean
  readonly save?: string
}

/** `switchhook trace`: the last conversion of a phone, to be looked at, replayed or given away. */
export function defineTraceCommand(command: Command): void {
  withApiOptions(command)
    .argument('<mac>', 'its hardware address, in any spelling')
    .option('--with-addresses', 'keep MAC and IP addresses as they are')
    .option('--save <file>', 'also save it to a file, which must not exist')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  switchhook trace 000E84C060A6 --save phone.jsonl\n' +
        '  switchhook explain phone.jsonl\n' +
        '  switchhook simulate --replay phone.jsonl --server 192.0.2.2\n\n' +
        'MAC addresses keep the first three bytes, the manufacturer. File contents are never included.\n' +
        'docs/traces.md describes how a trace becomes a test.',
    )
    .action((mac: string, options: TraceOptions) =>
      withApi(options, async (api) => {
        const anonymise = options.withAddresses === true ? '' : '?anonymise=true'
        const path = `/v1/phones/${encodeURIComponent(mac)}/trace${anonymise}`
        const trace = await api.getText(path)
        console.log(printableJson(trace.trimEnd()))
        if (options.save === undefined) return
        await save(options.save, trace)
        console.error(`Saved to ${options.save}.`)
      }),
    )
}

/** A trace saved before is never lost. */
async function save(file: string, trace: string): Promise<void> {
  try {
    await writeFile(file, trace, { flag: 'wx' })
  } catch (error) {
    throw new CommandFault(`--save ${file}: ${reasonOf(error)}`, ExitCode.noInput)
  }
}
