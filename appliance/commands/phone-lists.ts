import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { type Command, Option } from 'commander'
import type { Schemas } from '../../src/adapters/http/api-types.ts'
import { PHONE_ORDERS } from '../../src/services/phone-list/phone-order.ts'
import { LISTED_STATES } from '../../src/services/phone-list/phone-row.ts'
import { printable } from '../../src/services/printable.ts'
import { type ApiClient, queryOf } from '../client/api-client.ts'
import { ExitCode } from '../exit-codes.ts'
import {
  type ApiOptions,
  CommandFault,
  cannotBeRead,
  printJson,
  withApi,
  withApiOptions,
} from './api-options.ts'
import type { PhoneSeen } from './phone-loss.ts'
import { table } from './table.ts'

type ImportReport = Schemas['ImportReport']
type ImportedPhone = Schemas['ImportedPhone']

type FilterOptions = ApiOptions & {
  readonly network?: string
  readonly profile?: string
  readonly state?: string
  readonly load?: string
  /** Both ways of it; left out: either. */
  readonly registered?: boolean
  readonly search?: string
  readonly sort?: string
  readonly json?: boolean
}
type ListOptions = FilterOptions & { readonly limit?: string }
type ImportOptions = ApiOptions & {
  readonly dryRun?: boolean
  readonly acceptOneWay?: boolean
  readonly json?: boolean
}

/** `switchhook phones list`, `export` and `import`: many phones at once. */
export function addPhoneListCommands(phones: Command): void {
  withFilters(phones.command('list').description('list all phones, or those that match'))
    .option('--limit <number>', 'at most so many')
    .option('--json', 'print them as JSON')
    .action((options: ListOptions) => withApi(options, (api) => list(api, options)))
  withFilters(
    phones.command('export').description('print phones as CSV for a spreadsheet; no passwords'),
  )
    .option('--json', 'print them as JSON instead')
    .addHelpText('after', '\nExample: switchhook phones export > phones.csv')
    .action((options: FilterOptions) => withApi(options, (api) => exportPhones(api, options)))
  withApiOptions(
    phones.command('import').description('enrol and change the phones of a CSV or JSON file'),
  )
    .argument('<file>', 'CSV (UTF-8) or JSON, as an export has it; - for standard input')
    .option('--dry-run', 'say what would change; store nothing')
    .option('--accept-one-way', 'conversions of the file may have steps that cannot be undone')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', IMPORT_HELP)
    .action((file: string, options: ImportOptions) =>
      withApi(options, (api) => importPhones(api, file, options)),
    )
}

const IMPORT_HELP =
  '\nThe first row names the columns: mac (required), model, network, profile, label, address, switchPort,\n' +
  'line1_name, line1_authName, line1_password, line1_displayName to line6_displayName, to, from.\n' +
  'An empty cell changes nothing, - clears. If any row has a problem, nothing is stored and the command\n' +
  'ends with 1. docs/phone-lists.md has the rules.\n\n' +
  'Example: switchhook phones import phones.csv --dry-run'

function withFilters(command: Command): Command {
  return withApiOptions(command)
    .option('--network <name>', 'of this network')
    .option('--profile <name>', 'of this profile')
    .option('--state <states>', `state of the conversion: ${LISTED_STATES.join(', ')}; with commas`)
    .option('--load <load>', 'seen to run this load')
    .option('--registered', 'registered with the appliance')
    .option('--no-registered', 'not registered with it')
    .option('--search <words>', 'words that all match: label, line, address, model, load and so on')
    .addOption(
      new Option('--sort <column>', 'sort by it; with - in front descending')
        .choices(PHONE_ORDERS.flatMap((order) => [order, `-${order}`]))
        .default('mac'),
    )
}

function phoneQuery(options: ListOptions): URLSearchParams {
  const { network, profile, state, load, registered, search: q, sort, limit } = options
  return queryOf({ network, profile, state, load, registered, q, sort, limit })
}

async function list(api: ApiClient, options: ListOptions): Promise<void> {
  const phones = await api.get<readonly PhoneSeen[]>(`/v1/phones?${phoneQuery(options)}`)
  if (options.json === true) return printJson(phones)
  const rows = phones.map((phone) => [
    phone.mac,
    phone.model,
    phone.network,
    phone.profile,
    phone.address,
    phone.label,
    runs(phone),
  ])
  console.log(table(['PHONE', 'MODEL', 'NETWORK', 'PROFILE', 'ADDRESS', 'LABEL', 'RUNS'], rows))
}

/** The load that a phone was seen to run, or as much as is known of it. */
function runs({ seen }: PhoneSeen): string | null {
  return seen?.load ?? seen?.protocol?.toUpperCase() ?? null
}

async function exportPhones(api: ApiClient, options: FilterOptions): Promise<void> {
  const query = phoneQuery(options)
  if (options.json === true) return printJson(await api.get(`/v1/phones?${query}`))
  const csv = await api.getText(`/v1/phones.csv?${query}`, 'text/csv')
  console.log(csv.trimEnd())
}

async function importPhones(
  api: ApiClient,
  file: string,
  { dryRun = false, acceptOneWay = false, json = false }: ImportOptions,
): Promise<void> {
  const content = await contentOf(file)
  const query = new URLSearchParams({ dryRun: `${dryRun}`, acceptOneWay: `${acceptOneWay}` })
  const type = isJson(content) ? 'application/json' : 'text/csv'
  const report = await api.post<ImportReport>(`/v1/phones/import?${query}`, content, type)
  if (json) printJson(report)
  else console.log(inWords(report))
  const refused = report.phones.filter(({ conversion }) => conversion?.outcome === 'refused')
  if (refused.length === 0) return
  const count = refused.length === 1 ? '1 conversion' : `${refused.length} conversions`
  throw new CommandFault(`${count} did not start; the phones are stored`, ExitCode.no)
}

async function contentOf(file: string): Promise<Uint8Array> {
  if (file === '-') return buffer(process.stdin)
  return readFile(file).catch(cannotBeRead(file))
}

/** By its first character: no CSV of phones begins with a bracket. */
function isJson(content: Uint8Array): boolean {
  const head = new TextDecoder().decode(content.subarray(0, 256)).trimStart()
  return head.startsWith('[') || head.startsWith('{')
}

function inWords(report: ImportReport): string {
  const { dryRun, created, changed, unchanged, conversions } = report
  const lines = report.phones.flatMap((phone) => lineOf(phone, dryRun))
  const counts = `${created} created, ${changed} changed, ${unchanged} unchanged`
  const started = conversions === 1 ? '1 conversion' : `${conversions} conversions`
  const end = dryRun
    ? `Dry run, nothing was stored: ${counts}, ${started} to start`
    : `${counts}, ${started} started`
  return [...lines, end].map(printable).join('\n')
}

/** What becomes of a phone; nothing of one that stays as it is. */
function lineOf(phone: ImportedPhone, dryRun: boolean): readonly string[] {
  const { mac, outcome, fields, conversion } = phone
  const words = [
    ...(outcome === 'created' ? [dryRun ? 'would be enrolled' : 'enrolled'] : []),
    ...(outcome === 'changed'
      ? [`${dryRun ? 'would change' : 'changed'}: ${fields.join(', ')}`]
      : []),
    ...(conversion === undefined ? [] : conversionWords(conversion)),
  ]
  return words.length === 0 ? [] : [`${mac} ${words.join('; ')}`]
}

function conversionWords(conversion: NonNullable<ImportedPhone['conversion']>): readonly string[] {
  const { to, outcome, message } = conversion
  switch (outcome) {
    case 'starts':
      return [`conversion to ${to} would start`]
    case 'started':
      return [`conversion to ${to} started`]
    case 'refused':
      return [`conversion to ${to} did not start: ${message}`]
    case 'unchanged':
      return []
    default:
      return outcome satisfies never
  }
}
