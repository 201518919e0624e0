import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import type { ApiClient } from '../api-client.ts'
import { ExitCode } from '../exit-codes.ts'
import { type ApiOptions, CommandFault, printJson, withApi, withApiOptions } from './api-options.ts'
import { table } from './table.ts'

type ListOptions = ApiOptions & { readonly json?: boolean }
type AddOptions = ApiOptions & {
  readonly model?: string
  readonly network?: string
  readonly profile?: string
  readonly label?: string
  readonly address?: string
  readonly line?: readonly string[]
  readonly file?: string
}

/** A phone as the API shows it, as far as it is printed here. */
type PhoneSeen = {
  readonly mac: string
  readonly model: string | null
  readonly label: string | null
  readonly network: string | null
  readonly profile: string | null
  readonly address: string | null
}

/** `switchhook phones`: which phones are enrolled. */
export function addPhonesCommand(program: Command): void {
  const phones = program
    .command('phones')
    .description('enrol phones, and list, show and remove those that are')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  switchhook phones add 00:0e:84:c0:60:a6 --model 7960 --network bench --profile to-sip --line 1201\n' +
        '  switchhook phones list\n' +
        '  switchhook phones remove 000E84C060A6',
    )
  withApiOptions(phones.command('list').description('list all phones'))
    .option('--json', 'print them as JSON')
    .action((options: ListOptions) => withApi(options, (api) => list(api, options)))
  addAddCommand(phones)
  withApiOptions(phones.command('show').description('show one phone, as JSON'))
    .argument('<mac>', 'its hardware address, in any spelling')
    .action((mac: string, options: ApiOptions) =>
      withApi(options, async (api) => printJson(await api.get(pathOf(mac)))),
    )
  withApiOptions(phones.command('remove').description('forget phones; what they run stays'))
    .argument('<mac...>', 'their hardware addresses')
    .action((macs: string[], options: ApiOptions) =>
      withApi(options, async (api) => {
        for (const mac of macs) {
          await api.delete(pathOf(mac))
          console.log(`${mac} is removed`)
        }
      }),
    )
}

function addAddCommand(phones: Command): void {
  withApiOptions(phones.command('add').description('enrol a phone, or say all of it anew'))
    .argument('<mac>', 'its hardware address, in any spelling')
    .option('--model <model>', '7940 or 7960')
    .option('--network <name>', 'the network that it is on')
    .option('--profile <name>', 'the profile that it has')
    .option('--label <text>', 'what you call it')
    .option('--address <address>', 'its fixed address')
    .option('--line <name>', 'a line; again for the next', collect)
    .option('--file <file>', 'JSON with all of this, passwords too; - for standard input')
    .action((mac: string, options: AddOptions) =>
      withApi(options, async (api) => {
        const stored = await api.put<PhoneSeen>(pathOf(mac), await bodyOf(options))
        console.log(`${stored.mac} is enrolled`)
      }),
    )
}

async function list(api: ApiClient, { json }: ListOptions): Promise<void> {
  const phones = await api.get<readonly PhoneSeen[]>('/v1/phones')
  if (json === true) return printJson(phones)
  const rows = phones.map((phone) => [
    phone.mac,
    phone.model,
    phone.network,
    phone.profile,
    phone.address,
    phone.label,
  ])
  console.log(table(['PHONE', 'MODEL', 'NETWORK', 'PROFILE', 'ADDRESS', 'LABEL'], rows))
}

async function bodyOf(options: AddOptions): Promise<object> {
  const { model, network, profile, label, address, line, file } = options
  const lines = line?.map((name) => ({ name }))
  const given = Object.entries({ model, network, profile, label, address, lines })
  const ofOptions = Object.fromEntries(given.filter(([, value]) => value !== undefined))
  return { ...(file === undefined ? {} : await readJson(file)), ...ofOptions }
}

async function readJson(file: string): Promise<object> {
  try {
    const read = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8')
    const value: unknown = JSON.parse(read)
    if (typeof value === 'object' && value !== null) return value
    throw new Error('wanted an object')
  } catch (error) {
    throw new CommandFault(`--file ${file}: ${(error as Error).message}`, ExitCode.usage)
  }
}

function collect(name: string, before: readonly string[] = []): readonly string[] {
  return [...before, name]
}

function pathOf(mac: string): string {
  return `/v1/phones/${encodeURIComponent(mac)}`
}
