import { setTimeout as pause } from 'node:timers/promises'
import { type Command, Option } from 'commander'
import { RESTART_METHODS } from '../../src/call-control/restart/method.ts'
import { inWords } from '../../src/services/events/words.ts'
import type { RecordedEvent } from '../../src/services/services.ts'
import type { ApiClient } from '../client/api-client.ts'
import { ExitCode } from '../exit-codes.ts'
import { type ApiOptions, printJson, withApi, withApiOptions } from './api-options.ts'

type RestartOptions = ApiOptions & {
  readonly method?: string
  readonly wait?: boolean
  readonly json?: boolean
}

type SeenEvent = Omit<RecordedEvent, 'atMs'> & { readonly id: number }

type EventPage = { readonly events: readonly SeenEvent[]; readonly next: number }

/** How often is asked for news, in milliseconds. */
const ASK_EVERY_MS = 1_000

/** `switchhook restart`: restarts one phone. */
export function defineRestartCommand(command: Command): void {
  withApiOptions(command)
    .argument('<mac>', 'its hardware address, in any spelling')
    .addOption(
      new Option(
        '--method <method>',
        'this one and no other; otherwise each that can be used, in this order',
      ).choices(RESTART_METHODS),
    )
    .option('--wait', 'stay until the phone was seen to start, or nothing helped')
    .option('--json', 'print the answer as JSON, with --wait the last event')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  switchhook restart 00:0e:84:c0:60:a6 --wait\n' +
        '  switchhook restart 000E84C060A6 --method poe\n\n' +
        'Ends with 0 where the order was given, or with --wait the phone was seen to start; with 1\n' +
        'where no method can be used, or with --wait none helped.',
    )
    .action(run)
}

function run(mac: string, options: RestartOptions): Promise<void> {
  return withApi(options, async (api) => {
    const after = options.wait === true ? await newestEvent(api) : 0
    const url = `/v1/phones/${encodeURIComponent(mac)}/restart`
    const request = new TextEncoder().encode(JSON.stringify({ method: options.method }))
    const begun = await api.post<{ method: string }>(url, request, 'application/json')
    if (options.wait !== true) {
      if (options.json === true) printJson(begun)
      else console.log(`${mac}: restart by ${begun.method}`)
      return
    }
    const end = await follow(api, mac, { after, isSilent: options.json === true })
    if (options.json === true) printJson(end)
    if (end.fields['outcome'] !== 'seen') process.exitCode = ExitCode.no
  })
}

async function newestEvent(api: ApiClient): Promise<number> {
  const { next } = await api.get<EventPage>('/v1/events?limit=1')
  return next
}

/** Tells each outcome, until the end of the restart. */
async function follow(
  api: ApiClient,
  mac: string,
  { after, isSilent }: { readonly after: number; readonly isSilent: boolean },
): Promise<SeenEvent> {
  let newest = after
  for (;;) {
    const query = `?mac=${encodeURIComponent(mac)}&after=${newest}`
    const { events } = await api.get<EventPage>(`/v1/events${query}`)
    for (const event of events) {
      newest = event.id
      if (!event.event.startsWith('phone.restart.')) continue
      if (!isSilent) console.log(`${mac}: ${inWords({ ...event, atMs: 0 })}`)
      if (event.event === 'phone.restart.ended') return event
    }
    await pause(ASK_EVERY_MS)
  }
}
