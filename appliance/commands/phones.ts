import type { Command } from 'commander'
import { family } from '../../src/phones/family/family.ts'
import { type ApiClient, ApiError } from '../client/api-client.ts'
import { ExitCode } from '../exit-codes.ts'
import { type ApiOptions, CommandFault, printJson, withApi, withApiOptions } from './api-options.ts'
import { removesEach } from './collections.ts'
import { collect } from './option-values.ts'
import { addPhoneListCommands } from './phone-lists.ts'
import { type LineSeen, lossesOf, type PhoneSeen } from './phone-loss.ts'
import { readJsonFile } from './read-json-file.ts'

type EntryOptions = ApiOptions & {
  readonly model?: string
  readonly network?: string
  readonly profile?: string
  readonly label?: string
  readonly address?: string
  readonly switchPort?: string
  readonly line?: readonly string[]
  readonly file?: string
}
type AddOptions = EntryOptions & { readonly replace?: boolean }

/** `switchhook phones`: which phones are enrolled. */
export function definePhonesCommand(command: Command): void {
  const phones = command.addHelpText(
    'after',
    '\nExamples:\n' +
      '  switchhook phones add 00:0e:84:c0:60:a6 --model 7960 --network bench --profile to-sip --line 1201\n' +
      '  switchhook phones set 000E84C060A6 --profile to-sip --label "Desk 12"\n' +
      '  switchhook phones list --network bench --state stalled\n' +
      '  switchhook phones import phones.csv --dry-run\n' +
      '  switchhook phones export > phones.csv\n' +
      '  switchhook phones remove 000E84C060A6',
  )
  addPhoneListCommands(phones)
  addAddCommand(phones)
  addSetCommand(phones)
  withApiOptions(phones.command('show').description('show one phone, as JSON'))
    .argument('<mac>', 'its hardware address, in any spelling')
    .action((mac: string, options: ApiOptions) =>
      withApi(options, async (api) => printJson(await api.get(pathOf(mac)))),
    )
  removesEach(phones.command('remove').description('remove phones; the load that they run stays'), {
    path: '/v1/phones',
    argument: '<mac...>',
    description: 'their hardware addresses',
    done: 'removed',
  })
}

function addAddCommand(phones: Command): void {
  withEntryOptions(
    phones.command('add').description('enrol a phone; an enrolled phone is not changed'),
  )
    .option('--replace', 'replace an enrolled phone: everything that is not given is lost')
    .addHelpText(
      'after',
      '\nExits with 1 if the phone is enrolled already, and lists what --replace would remove.',
    )
    .action((mac: string, options: AddOptions) =>
      withApi(options, async (api) => {
        const stored = await add(api, mac, options)
        console.log(`${stored.mac} is enrolled`)
      }),
    )
}

function addSetCommand(phones: Command): void {
  withEntryOptions(phones.command('set').description('change some properties of an enrolled phone'))
    .addHelpText(
      'after',
      '\nProperties that are not given stay; the value - clears one. --line sets the list of lines; a line\n' +
        'that exists keeps its properties and password. A file is a JSON merge patch (RFC 7396).',
    )
    .action((mac: string, options: EntryOptions) =>
      withApi(options, async (api) => {
        const stored = await set(api, mac, options)
        console.log(`${stored.mac} changed`)
      }),
    )
}

function withEntryOptions(command: Command): Command {
  return withApiOptions(command)
    .argument('<mac>', 'its hardware address, in any spelling')
    .option('--model <model>', family.either)
    .option('--network <name>', 'its network')
    .option('--profile <name>', 'its profile')
    .option('--label <text>', 'a name for people to read')
    .option('--address <address>', 'its fixed address')
    .option('--switch-port <port>', 'where it gets its power, such as sw1/7')
    .option('--line <name>', 'the name of a line; repeat for more lines', collect)
    .option('--file <file>', 'JSON with all of these and passwords; - for standard input')
}

/** Enrols a phone; over one that is enrolled only where that is asked for. */
async function add(api: ApiClient, mac: string, options: AddOptions): Promise<PhoneSeen> {
  const body = await bodyOf(options)
  if (options.replace === true) return api.put(pathOf(mac), body)
  return api.put<PhoneSeen>(pathOf(mac), body, { 'if-none-match': '*' }).catch(async (error) => {
    if (!(error instanceof ApiError) || error.status !== 412) throw error
    throw new CommandFault(refusal(await api.get<PhoneSeen>(pathOf(mac)), body), ExitCode.no)
  })
}

function refusal(seen: PhoneSeen, body: object): string {
  const losses = lossesOf(seen, body as Readonly<Record<string, unknown>>)
  const lost = losses.map((loss) => `\n  ${loss}`).join('')
  return (
    `${seen.mac} is enrolled already; nothing was changed. ` +
    `"phones set" changes single properties, --replace replaces the entry` +
    (lost === '' ? ' and would remove nothing' : ` and would remove:${lost}`)
  )
}

async function set(api: ApiClient, mac: string, options: EntryOptions): Promise<PhoneSeen> {
  const { line, file } = options
  const patch = { ...(await readJsonFile(file)), ...patchOf(options) }
  if (line === undefined) {
    if (Object.keys(patch).length > 0) return api.patch(pathOf(mac), patch)
    throw new CommandFault('phones set: give at least one property to change', ExitCode.usage)
  }
  const { lines, revision } = await api.get<PhoneSeen>(pathOf(mac))
  const wanted = line.filter((name) => name !== '-').map((name) => lineNamed(name, lines))
  return api.patch(pathOf(mac), { ...patch, lines: wanted }, { 'if-match': `"${revision}"` })
}

/** The line as it is, without the mark that it has a password: left out, the password stays. */
function lineNamed(name: string, lines: readonly LineSeen[]): object {
  const { hasPassword: _, ...line } = lines.find((one) => one.name === name) ?? { name }
  return line
}

async function bodyOf({ file, line, ...options }: EntryOptions): Promise<object> {
  const lines = line?.map((name) => ({ name }))
  const ofOptions = { ...fieldsOf(options), ...(lines === undefined ? {} : { lines }) }
  return { ...(await readJsonFile(file)), ...ofOptions }
}

/** What the options say of the phone itself. */
function fieldsOf(options: EntryOptions): object {
  const { model, network, profile, label, address, switchPort } = options
  const given = Object.entries({ model, network, profile, label, address, switchPort })
  return Object.fromEntries(given.filter(([, value]) => value !== undefined))
}

/** The same, as a merge patch: `-` clears. */
function patchOf(options: EntryOptions): object {
  const given = Object.entries(fieldsOf(options))
  return Object.fromEntries(given.map(([key, value]) => [key, value === '-' ? null : value]))
}

function pathOf(mac: string): string {
  return `/v1/phones/${encodeURIComponent(mac)}`
}
