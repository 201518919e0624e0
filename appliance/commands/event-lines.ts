import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Schemas } from '../../src/adapters/http/api-types.ts'
import { LEVELS } from '../../src/services/events/event-filter.ts'
import { inWords } from '../../src/services/events/words.ts'
import { printableJson } from '../../src/services/printable.ts'
import { type ApiClient, queryOf } from '../client/api-client.ts'
import { type ApiOptions, withApiOptions } from './api-options.ts'

/** What selects events, and how they are printed. */
export type EventOptions = ApiOptions & {
  readonly mac?: string
  readonly network?: string
  readonly event?: string
  readonly level?: string
  readonly since?: string
  readonly until?: string
  readonly limit?: number
  readonly json?: boolean
}

type EventSeen = Schemas['Event']
type EventPage = Schemas['EventPage']

const MISSING = 'PostgreSQL cannot be used; events of other appliances are missing'

/** Adds what selects events. */
export function withEventOptions(command: Command): Command {
  return withApiOptions(command)
    .option('--mac <mac>', 'only events of this phone')
    .option('--network <name>', 'only events of this network')
    .option('--event <name>', 'only events whose name begins with this, such as conversion.')
    .addOption(
      new Option('--level <level>', 'only events of this level or a higher one').choices(LEVELS),
    )
    .option(
      '--since <time>',
      'only events from this time on: ISO 8601, or 90s, 30m, 2h, 7d',
      readTime,
    )
    .option('--until <time>', 'only events before this time', readTime)
    .option('--json', 'print events as JSON, one per line')
}

/** Adds how many of them are listed. */
export function withLimit(command: Command): Command {
  return command.option('--limit <n>', 'how many of the newest, 1 to 1000', readLimit, 100)
}

/** Prints the newest events that are wanted; the cursor after the last one. */
export async function printEvents(api: ApiClient, options: EventOptions): Promise<string> {
  const query = eventQuery(options)
  query.set('limit', `${options.limit ?? 100}`)
  const page = await api.get<EventPage>(`/v1/events?${query}`)
  for (const event of page.events) print(event, options)
  if (page.partial === true) console.error(MISSING)
  return `${page.next}`
}

/** Prints events as they happen, for good. */
export async function followEvents(
  api: ApiClient,
  cursor: string | null,
  options: EventOptions,
): Promise<void> {
  const onLost = () => console.error('connection lost; reconnecting')
  for await (const { event, data } of api.follow(
    `/v1/events?${eventQuery(options)}`,
    cursor,
    onLost,
  )) {
    // Every other name is that of the event itself.
    if (event === 'gap') console.error(`some events are no longer kept: ${data}`)
    else print(JSON.parse(data) as EventSeen, options)
  }
}

function eventQuery({ mac, network, event, level, since, until }: EventOptions): URLSearchParams {
  return queryOf({ mac, network, event, level, since, until })
}

function print(seen: EventSeen, { json }: EventOptions): void {
  console.log(json === true ? printableJson(JSON.stringify(seen)) : lineOf(seen))
}

function lineOf({ id, at, appliance, event, mac, network, fields }: EventSeen): string {
  const words = inWords({ id, atMs: 0, event, mac: mac as never, network, fields })
  const where = appliance === undefined ? [] : [appliance]
  return [at, ...where, mac ?? network ?? '-', words].join('  ')
}

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** A moment as the API takes it; `2h` is two hours ago. */
function readTime(text: string): string {
  const [, count = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  const atMs =
    unit === '' ? Date.parse(text) : Date.now() - Number(count) * UNITS[unit as keyof typeof UNITS]
  if (!Number.isNaN(atMs)) return new Date(atMs).toISOString()
  throw new InvalidArgumentError('wanted a time as 2026-03-01T09:30:00Z, or 90s, 30m, 2h, 7d.')
}

function readLimit(text: string): number {
  const limit = Number(text)
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1000) return limit
  throw new InvalidArgumentError('wanted a whole number from 1 to 1000.')
}
