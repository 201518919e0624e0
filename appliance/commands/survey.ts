import { setTimeout as pause } from 'node:timers/promises'
import type { Command } from 'commander'
import type { Ipv4 } from '../../src/net/ipv4.ts'
import { formatIpv4 } from '../../src/net/ipv4.ts'
import { isHostAddress, parseSubnet } from '../../src/net/subnet.ts'
import type { ApiClient } from '../client/api-client.ts'
import { ExitCode } from '../exit-codes.ts'
import { type ApiOptions, CommandFault, printJson, withApi, withApiOptions } from './api-options.ts'
import { table } from './table.ts'

type SurveyOptions = ApiOptions & { readonly csv?: boolean; readonly json?: boolean }

type SurveySeen = {
  readonly id: string
  readonly state: 'running' | 'done' | 'failed'
  readonly total: number
  readonly done: number
  readonly phones: readonly {
    readonly mac: string | null
    readonly address: string
    readonly model: string | null
    readonly protocol: string | null
    readonly load: string | null
    readonly serial: string | null
    readonly by: string | null
    readonly enrolled: boolean
  }[]
}

/** How often is asked how far a survey is, in milliseconds: phones are asked one a second. */
const LOOK_MS = 1_000

/** A /20: more addresses no survey takes. */
const SHORTEST_PREFIX = 20

/** `switchhook survey`: what phones run, before anything is changed. */
export function defineSurveyCommand(command: Command): void {
  withApiOptions(command)
    .argument('[where]', 'a network by its name, or addresses as 10.20.0.0/24; all leases without')
    .option('--csv', 'print it as CSV')
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  switchhook survey voice\n' +
        '  switchhook survey 10.20.0.0/26 --csv > phones.csv\n\n' +
        'One phone a second on each network is asked, gently. docs/survey.md says what can be told.',
    )
    .action((where: string | undefined, options: SurveyOptions) =>
      withApi(options, (api) => survey(api, where, options)),
    )
}

async function survey(
  api: ApiClient,
  where: string | undefined,
  { csv = false, json = false }: SurveyOptions,
): Promise<void> {
  const body = new TextEncoder().encode(JSON.stringify(requestOf(where)))
  const { id } = await api.post<SurveySeen>('/v1/surveys', body, 'application/json')
  const path = `/v1/surveys/${encodeURIComponent(id)}`
  const ended = await untilEnded(api, path)
  if (csv) process.stdout.write(await api.getText(path, 'text/csv'))
  else if (json) printJson(ended)
  else console.log(inColumns(ended))
  if (ended.state === 'failed') {
    throw new CommandFault(`survey ${id} failed; what it found is above`, ExitCode.unavailable)
  }
}

/** What is asked for: addresses where it is a prefix, a network otherwise. */
function requestOf(where: string | undefined): object {
  if (where === undefined) return {}
  const subnet = parseSubnet(where)
  if (subnet === undefined) {
    if (!where.includes('/')) return { network: where }
    throw new CommandFault(
      `survey: ${where} is no prefix; write it as 10.20.0.0/24`,
      ExitCode.usage,
    )
  }
  const { base, prefixLength } = subnet
  if (prefixLength < SHORTEST_PREFIX) {
    const message = `survey: ${where} has more than 4,096 addresses; name a part of it`
    throw new CommandFault(message, ExitCode.usage)
  }
  const all = Array.from({ length: 2 ** (32 - prefixLength) }, (_, index) => (base + index) as Ipv4)
  return { addresses: all.filter((one) => isHostAddress(subnet, one)).map(formatIpv4) }
}

async function untilEnded(api: ApiClient, path: string): Promise<SurveySeen> {
  for (;;) {
    const seen = await api.get<SurveySeen>(path)
    if (process.stderr.isTTY) process.stderr.write(`\r${seen.done} of ${seen.total} asked `)
    if (seen.state !== 'running') {
      if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
      return seen
    }
    await pause(LOOK_MS)
  }
}

function inColumns({ phones }: SurveySeen): string {
  const rows = phones.map(({ mac, address, model, protocol, load, serial, by, enrolled }) => [
    mac,
    address,
    model,
    protocol?.toUpperCase() ?? null,
    load,
    serial,
    by,
    enrolled ? 'yes' : 'no',
  ])
  const head = ['PHONE', 'ADDRESS', 'MODEL', 'PROTOCOL', 'LOAD', 'SERIAL', 'BY', 'ENROLLED']
  return table(head, rows)
}
