import { setTimeout as pause } from 'node:timers/promises'
import { type Command, InvalidArgumentError } from 'commander'
import type { ApiClient } from '../api-client.ts'
import { inWords } from '../words.ts'
import { type ApiOptions, withApi, withApiOptions } from './api-options.ts'

type LogOptions = ApiOptions & {
  readonly follow?: boolean
  readonly mac?: string
  readonly network?: string
  readonly limit: number
  readonly json?: boolean
}

type EventSeen = {
  readonly id: number
  readonly at: string
  readonly event: string
  readonly mac: string | null
  readonly network: string | null
  readonly fields: Readonly<Record<string, unknown>>
}

/** How often new events are asked for, in milliseconds. */
const FOLLOW_MS = 1_000

/** `switchhook log`: what happened. */
export function addLogCommand(program: Command): void {
  withApiOptions(program.command('log'))
    .description('print what happened, oldest first')
    .option('--follow', 'go on printing what happens, until Ctrl-C')
    .option('--mac <mac>', 'of this phone alone')
    .option('--network <name>', 'of this network alone')
    .option('--limit <n>', 'the newest so many, 1 to 1000', readLimit, 100)
    .option('--json', 'print events as JSON, one a line')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  switchhook log --mac 000E84C060A6\n' +
        '  switchhook log --follow --json | jq \'select(.event == "conversion.stalled")\'',
    )
    .action((options: LogOptions) => withApi(options, (api) => print(api, options)))
}

async function print(api: ApiClient, options: LogOptions): Promise<void> {
  const { mac, network } = options
  const given = {
    ...(mac === undefined ? {} : { mac }),
    ...(network === undefined ? {} : { network }),
  }
  let after: number | null = null
  do {
    const place =
      after === null ? { limit: `${options.limit}` } : { limit: '1000', after: `${after}` }
    const query = new URLSearchParams({ ...given, ...place })
    const page: { events: readonly EventSeen[]; next: number } = await api.get(
      `/v1/events?${query}`,
    )
    for (const event of page.events) {
      console.log(options.json === true ? JSON.stringify(event) : lineOf(event))
    }
    after = page.next
    // A full page has more behind it.
    if (options.follow === true && page.events.length < 1000) await pause(FOLLOW_MS)
  } while (options.follow === true)
}

function lineOf({ id, at, event, mac, network, fields }: EventSeen): string {
  const words = inWords({ id, atMs: 0, event, mac: mac as never, network, fields })
  return [at, mac ?? network ?? '-', words].join('  ')
}

function readLimit(text: string): number {
  const limit = Number(text)
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1000) return limit
  throw new InvalidArgumentError('wanted a whole number from 1 to 1000.')
}
