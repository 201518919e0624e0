import { readFile, writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { findMacFault, parseMac } from '../../src/net/mac.ts'
import { printable } from '../../src/services/printable.ts'
import { renderBulkCsv } from '../../src/tools/cucm/bulk-csv.ts'
import { type ChecklistStep, migrationSteps, WAY_BACK } from '../../src/tools/cucm/checklist.ts'
import { deviceName, type MigratingPhone } from '../../src/tools/cucm/migrating-phone.ts'
import { readPhoneList } from '../../src/tools/cucm/read-phone-list.ts'
import { ApiClient } from '../client/api-client.ts'
import { ExitCode } from '../exit-codes.ts'
import { reasonOf } from '../start/file-reason.ts'

type CucmOptions = {
  readonly list?: string
  readonly api?: string
  readonly csv?: string
  readonly json?: boolean
}

/** `switchhook cucm`: what an operator does on CallManager 5.x to take phones from SCCP to SIP. */
export function defineCucmCommand(command: Command): void {
  command
    .argument('[MAC...]', 'the phones, in any usual spelling')
    .option(
      '--list <file>',
      'a list of phones, one per line: MAC,description,model,directory number',
    )
    .option('--api <url>', 'the phones of a running appliance; SWITCHHOOK_API_TOKEN is its token')
    .option('--csv <file>', 'write the CSV to this file instead of appending it to the checklist')
    .option('--json', 'print phones, steps and CSV as JSON')
    .addHelpText(
      'after',
      '\nExample:\n' +
        '  switchhook cucm 00:0e:84:c0:60:a6 000E84C060A7 --csv phones.csv > checklist.md\n' +
        '  switchhook cucm --list phones.txt\n' +
        '  switchhook cucm --api http://127.0.0.1:8067\n\n' +
        'The checklist is Markdown; nothing on the CallManager is changed. Exits with 64 if no phone\n' +
        'is named or a MAC address is not valid, with 66 if a file cannot be read or written, with 69 if\n' +
        'the appliance does not answer.',
    )
    .action(runCucm)
}

/** What ends the command before its work: words for the operator and an exit code. */
class Refusal extends Error {
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

async function runCucm(macs: readonly string[], options: CucmOptions): Promise<void> {
  try {
    const phones = oncePerMac([
      ...phonesIn(macs.join('\n'), 'argument'),
      ...(await phonesOfList(options.list)),
      ...(await phonesOfAppliance(options.api)),
    ])
    if (phones.length === 0) {
      throw new Refusal(ExitCode.usage, 'name the phones: as arguments, with --list or with --api')
    }
    const csv = renderBulkCsv(phones)
    if (options.csv !== undefined) await writeCsv(options.csv, csv)
    const steps = migrationSteps(phones.length)
    if (options.json === true)
      console.log(JSON.stringify({ phones, steps, wayBack: WAY_BACK, csv }, null, 2))
    else console.log(checklist(phones, steps, options.csv ?? null, csv))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    console.error(`cucm: ${error.message}`)
    process.exitCode = error.code
  }
}

function phonesIn(text: string, what: 'argument' | 'line'): readonly MigratingPhone[] {
  const { phones, problems } = readPhoneList(text, parseMac, findMacFault)
  if (problems.length === 0) return phones
  const words = problems.map(({ line, message }) => `${what} ${line}: ${printable(message)}`)
  throw new Refusal(ExitCode.usage, words.join('\ncucm: '))
}

async function phonesOfList(file: string | undefined): Promise<readonly MigratingPhone[]> {
  if (file === undefined) return []
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Refusal(ExitCode.noInput, `${file}: ${reasonOf(error)}`)
  })
  return phonesIn(text, 'line')
}

type ListedPhone = Pick<MigratingPhone, 'mac' | 'model'> & {
  readonly label: string | null
  readonly lines: readonly { readonly name: string }[]
}

async function phonesOfAppliance(api: string | undefined): Promise<readonly MigratingPhone[]> {
  if (api === undefined) return []
  const client = new ApiClient(api, process.env['SWITCHHOOK_API_TOKEN'] || null)
  const listed = await client.get<readonly ListedPhone[]>('/v1/phones').catch((error: Error) => {
    throw new Refusal(ExitCode.unavailable, error.message)
  })
  return listed.map(({ mac, model, label, lines }) => ({
    mac,
    model,
    description: label,
    directoryNumber: lines[0]?.name ?? null,
  }))
}

/** The first one that names a phone decides. */
function oncePerMac(phones: readonly MigratingPhone[]): readonly MigratingPhone[] {
  return phones.filter(({ mac }, index) => phones.findIndex((other) => other.mac === mac) === index)
}

async function writeCsv(file: string, csv: string): Promise<void> {
  await writeFile(file, csv).catch((error: unknown) => {
    throw new Refusal(ExitCode.noInput, `${file}: ${reasonOf(error)}`)
  })
}

function checklist(
  phones: readonly MigratingPhone[],
  steps: readonly ChecklistStep[],
  csvFile: string | null,
  csv: string,
): string {
  const listed = phones.map(({ mac, description }) => {
    return `- [ ] ${deviceName(mac)}${description === null ? '' : ` ${printable(description)}`}`
  })
  return [
    '# From SCCP to SIP on Cisco CallManager 5.x\n',
    ...steps.map((step, index) => `${index + 1}. [ ] ${inMarkdown(step)}`),
    '\n## Phones\n',
    ...listed,
    '\nA phone is done when it has booted SIP: it requests `.loads` of the SIP load, then ' +
      '`SIPDefault.cnf`. `switchhook explain` shows this from the log of the TFTP server.',
    `\n## ${WAY_BACK.title}\n`,
    `${WAY_BACK.text}\n${WAY_BACK.source}`,
    '\n## CSV for the Bulk Administration Tool\n',
    csvFile === null
      ? `\`\`\`csv\n${csv.replaceAll('\r', '').trimEnd()}\n\`\`\``
      : `In ${csvFile}.`,
  ].join('\n')
}

function inMarkdown({ title, text, source }: ChecklistStep): string {
  return `**${title}.** ${text}\n   ${source}`
}
