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

/** `switchhook webhooks`: who is told of events by HTTP. */
export function defineWebhooksCommand(command: Command): void {
  const webhooks = command.addHelpText(
    'after',
    '\nExamples:\n' +
      '  switchhook webhooks add https://example.net/hook --events conversion.confirmed,conversion.stalled\n' +
      '  switchhook webhooks add https://example.net/hook --events conversion,rollout --secret-file ./secret\n' +
      '  switchhook webhooks list\n' +
      '  switchhook webhooks remove 6f1c09ab\n\n' +
      'docs/api.md says how to verify a signature. Adding and removing needs the token of the\n' +
      'configuration (api.tokenFile).',
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
  const events = options.events.split(',').map((name) => name.trim())
  const body = Buffer.from(JSON.stringify({ url, events, secret }))
  const made = await api.post<WebhookSeen>('/v1/webhooks', body, 'application/json')
  const shown = given === undefined ? { secret } : {}
  if (options.json === true) return printJson({ ...made, ...shown })
  console.log(`webhook ${made.id} sends ${made.events.join(', ')} to ${made.url}`)
  if (given === undefined) console.log(`secret, shown once: ${secret}`)
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
