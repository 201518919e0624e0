import { type Command, Option } from 'commander'
import type { ApiClient } from '../client/api-client.ts'
import { type ConversionSeen, followConversion } from '../demo/follow-conversion.ts'
import { ExitCode } from '../exit-codes.ts'
import { type ApiOptions, printJson, withApi, withApiOptions } from './api-options.ts'

type ConvertOptions = ApiOptions & {
  readonly to?: string
  readonly from?: string
  readonly path?: string
  readonly acceptOneWay?: boolean
  readonly acceptFrom?: boolean
  readonly restart?: 'auto' | 'manual'
  readonly cancel?: boolean
  readonly wait?: boolean
  readonly json?: boolean
}

/** `switchhook convert`: converts one phone to another load. */
export function defineConvertCommand(command: Command): void {
  withApiOptions(command)
    .argument('<mac>', 'its hardware address, in any spelling')
    .option('--to <load>', 'the target load; without it, the current conversion')
    .option('--from <load>', 'the load that it runs now; without it, the phone shows it')
    .option('--path <path>', 'cautious (default, the stricter upgrade path) or direct')
    .option('--accept-one-way', 'accept steps that cannot be undone')
    .option('--accept-from', 'use --from even if the phone was seen to run another load')
    .addOption(
      new Option(
        '--restart <mode>',
        'who restarts the phone: auto (default where it can be) or manual',
      ).choices(['auto', 'manual']),
    )
    .option('--wait', 'wait until it is confirmed, stalled or cancelled')
    .option('--cancel', 'cancel it; the phone sees the files of its present load again')
    .option('--json', 'print the conversion as JSON at the end')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  switchhook convert 00:0e:84:c0:60:a6 --to P0S3-8-12-00 --from P00308000500 --wait\n' +
        '  switchhook convert 000E84C060A6 --wait      go on watching\n' +
        '  switchhook convert 000E84C060A6 --cancel\n\n' +
        'Exits with 0 if the conversion started or, with --wait, is confirmed; with 1 if it was refused or,\n' +
        'with --wait, stalled or cancelled. A stalled phone continues when it can: wait again.',
    )
    .action(run)
}

function run(mac: string, options: ConvertOptions): Promise<void> {
  return withApi(options, async (api) => {
    const begun = await begin(api, mac, options)
    for (const warning of begun.warnings ?? []) console.error(warning)
    if (options.wait === true && options.cancel !== true) return await wait(api, begun.mac, options)
    if (options.json === true) printJson(begun)
    else console.log(inWords(begun))
  })
}

async function wait(api: ApiClient, mac: string, { json }: ConvertOptions): Promise<void> {
  const end = await follow(api, mac, json === true)
  if (json === true) printJson(end)
  if (end.state !== 'confirmed') process.exitCode = ExitCode.no
}

function begin(api: ApiClient, mac: string, options: ConvertOptions): Promise<ConversionSeen> {
  const at = `/v1/phones/${encodeURIComponent(mac)}/conversion`
  const { to, from, path, acceptOneWay, acceptFrom, restart } = options
  if (options.cancel === true) return api.delete(at)
  if (to === undefined) return api.get(at)
  // What is undefined is not part of JSON.
  return api.put(at, { to, from, path, acceptOneWay, acceptFrom, restart })
}

function follow(api: ApiClient, mac: string, isSilent: boolean): Promise<ConversionSeen> {
  return followConversion(api, mac, {
    print: isSilent ? () => undefined : (line) => console.log(line),
    progressTo: process.stdout.isTTY && !isSilent ? process.stdout : null,
    endsWhenStalled: true,
  })
}

function inWords({ mac, to, state, step, steps, restart }: ConversionSeen): string {
  const next = state === 'waiting' && restart !== 'auto' ? '; power-cycle the phone' : ''
  return `${mac} to ${to}: ${state}, step ${Math.min(step + 1, steps.length)} of ${steps.length}${next}`
}
