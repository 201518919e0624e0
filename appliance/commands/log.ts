import { type Command, InvalidArgumentError } from 'commander'
import type { Schemas } from '../../src/adapters/http/api-types.ts'
import { inWords } from '../../src/services/events/words.ts'
import { printableJson } from '../../src/services/printable.ts'
import type { ApiClient } from '../client/api-client.ts'
import { type ApiOptions, withApi, withApiOptions } from './api-options.ts'

type LogOptions = ApiOptions & {
  readonly follow?: boolean
  readonly mac?: string
  readonly network?: string
  readonly limit: number
  readonly json?: boolean
}

type EventSeen = Schemas['Event']

/** `switchhook log`: what happened. */
export function defineLogCommand(command: Command): void {
  withApiOptions(command)
    .option('--follow', 'keep printing new events until Ctrl-C')
    .option('--mac <mac>', 'only events of this phone')
    .option('--network <name>', 'only events of this network')
    .option('--limit <n>', 'how many of the newest events, 1 to 1000', readLimit, 100)
    .option('--json', 'print events as JSON, one per line')
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
  const show = (event: EventSeen) =>
    console.log(options.json === true ? printableJson(JSON.stringify(event)) : lineOf(event))
  const query = new URLSearchParams({ ...given, limit: `${options.limit}` })
  const page = await api.get<{ readonly events: readonly EventSeen[]; readonly next: number }>(
    `/v1/events?${query}`,
  )
  for (const event of page.events) show(event)
  if (options.follow !== true) return
  const onLost = () => console.error('log: connection lost; reconnecting')
  const stream = api.follow(`/v1/events?${new URLSearchParams(given)}`, `${page.next}`, onLost)
  for await (const { event, data } of stream) {
    // Every other name is that of the event itself.
    if (event === 'gap') console.error(`log: some events are no longer kept: ${data}`)
    else show(JSON.parse(data) as EventSeen)
  }
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
