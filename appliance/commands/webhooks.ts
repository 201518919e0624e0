import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import type { Schemas } from '../../src/adapters/http/api-types.ts'
import type { ApiClient } from '../client/api-client.ts'
import { ExitCode } from '../exit-codes.ts'
import { reasonOf } from '../start/file-reason.ts'
import { readText } from '../start/read-text.ts'
import { CommandFault, printJson, withApi, withApiOptions } from './api-options.ts'
import { type JsonOptions, type Listing, listsAll, removesEach } from './collections.ts'

type WebhookSeen = Schemas['Webhook']

type AddOptions = JsonOptions & { readonly events: string; readonly secretFile?: string }

type SetOptions = JsonOptions & {
  readonly url?: string
  readonly events?: string
  readonly secretFile?: string
}

/** `switchhook webhooks`: who is told of events by HTTP. */
export function defineWebhooksCommand(command: Command): void {
  const webhooks = command.addHelpText(
    'after',
    '\nExamples:\n' +
      '  switchhook webhooks add https://example.net/hook --events conversion.confirmed,conversion.stalled\n' +
      '  switchhook webhooks add https://example.net/hook --events conversion,rollout --secret-file ./secret\n' +
      '  switchhook webhooks list\n' +
      '  switchhook webhooks set 6f1c09ab --events conversion.stalled\n' +
      '  switchhook webhooks remove 6f1c09ab\n\n' +
      'docs/api.md says how to verify a signature. Adding, changing and removing needs the\n' +
      'token of the configuration (api.tokenFile).',
  )
  listsAll<WebhookSeen>(
    webhooks.command('list').description('list webhooks and how deliveries go'),
    LISTING,
  )
  withApiOptions(
    webhooks
      .command('add')
      .description('create a webhook; without --secret-file a secret is made and printed once')
      .argument('<url>', 'where events are sent to, http or https'),
  )
    .requiredOption('--events <names>', 'names of events or their first parts, comma-separated')
    .option('--secret-file <file>', 'the file with the key of the signatures')
    .option('--json', 'print it as JSON')
    .action((url: string, options: AddOptions) => withApi(options, (api) => add(api, url, options)))
  withApiOptions(
    webhooks
      .command('set')
      .description('change what is given of a webhook, and try a receiver that failed at once')
      .argument('<id>', 'its id'),
  )
    .option('--url <url>', 'where events are sent to, http or https')
    .option('--events <names>', 'names of events or their first parts, comma-separated')
    .option('--secret-file <file>', 'the file with the key of the signatures')
    .option('--json', 'print it as JSON')
    .action((id: string, options: SetOptions) => withApi(options, (api) => set(api, id, options)))
  removesEach(webhooks.command('remove').description('delete webhooks'), {
    path: '/v1/webhooks',
    argument: '<id...>',
    description: 'their ids',
    done: 'removed',
  })
}

async function add(api: ApiClient, url: string, options: AddOptions): Promise<void> {
  const { secretFile } = options
  const given = secretFile === undefined ? undefined : await secretIn(secretFile)
  const secret = given ?? randomBytes(32).toString('base64url')
  const body = Buffer.from(JSON.stringify({ url, events: namesIn(options.events), secret }))
  const made = await api.post<WebhookSeen>('/v1/webhooks', body, 'application/json')
  const shown = given === undefined ? { secret } : {}
  if (options.json === true) return printJson({ ...made, ...shown })
  console.log(inWords(made))
  if (given === undefined) console.log(`secret, shown once: ${secret}`)
}

async function set(api: ApiClient, id: string, options: SetOptions): Promise<void> {
  const { url, events, secretFile } = options
  const patch = {
    ...(url === undefined ? {} : { url }),
    ...(events === undefined ? {} : { events: namesIn(events) }),
    ...(secretFile === undefined ? {} : { secret: await secretIn(secretFile) }),
  }
  if (Object.keys(patch).length === 0) {
    throw new CommandFault('webhooks set: give at least one property to change', ExitCode.usage)
  }
  const changed = await api.patch<WebhookSeen>(`/v1/webhooks/${encodeURIComponent(id)}`, patch)
  if (options.json === true) return printJson(changed)
  console.log(inWords(changed))
}

function namesIn(events: string): string[] {
  return events.split(',').map((name) => name.trim())
}

function inWords({ id, events, url }: WebhookSeen): string {
  return `webhook ${id} sends ${events.join(', ')} to ${url}`
}

async function secretIn(file: string): Promise<string> {
  try {
    return (await readText(file)).trim()
  } catch (error) {
    throw new CommandFault(`--secret-file ${file}: ${reasonOf(error)}`, ExitCode.noInput)
  }
}

const LISTING: Listing<WebhookSeen> = {
  path: '/v1/webhooks',
  head: ['ID', 'STATE', 'WAITING', 'DELIVERED', 'DROPPED', 'LAST FAILURE', 'EVENTS', 'URL'],
  rowOf: ({ id, url, events, delivery }) => [
    id,
    delivery.state,
    delivery.waiting,
    delivery.delivered,
    delivery.dropped,
    delivery.lastFailure?.why ?? null,
    events.join(','),
    url,
  ],
}
