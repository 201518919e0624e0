import { type Command, Option } from 'commander'
import type { Schemas } from '../../src/adapters/http/api-types.ts'
import { type ApiClient, queryOf } from '../client/api-client.ts'
import { printJson, withApi, withApiOptions } from './api-options.ts'
import { type JsonOptions, removesEach } from './collections.ts'
import { table } from './table.ts'

type LeaseSeen = Schemas['Lease']

type ListOptions = JsonOptions & {
  readonly network?: string
  readonly mac?: string
  readonly state?: string
}

/** Leases of one answer. */
const PAGE = 1_000

/** `switchhook leases`: who holds which address. */
export function defineLeasesCommand(command: Command): void {
  const leases = command.addHelpText(
    'after',
    '\nExamples:\n' +
      '  switchhook leases list --network voice --state bound\n' +
      '  switchhook leases list --mac 000E84C060A6\n' +
      '  switchhook leases free 10.20.0.61\n\n' +
      'free deletes the lease at once, or ends the quarantine of a declined address. A phone that still has\n' +
      'the address keeps using it until it renews: free only the address of a device that is gone.',
  )
  withApiOptions(leases.command('list').description('list leases in the order of their addresses'))
    .option('--network <name>', 'only leases of this network')
    .option('--mac <mac>', 'only leases of this device')
    .addOption(
      new Option('--state <state>', 'only leases in this state').choices([
        'bound',
        'expired',
        'released',
        'declined',
      ]),
    )
    .option('--json', 'print them as JSON')
    .action((options: ListOptions) => withApi(options, (api) => list(api, options)))
  removesEach(leases.command('free').description('delete leases, or end a quarantine'), {
    path: '/v1/leases',
    argument: '<address...>',
    description: 'IPv4 addresses',
    done: 'is free',
  })
}

async function list(api: ApiClient, options: ListOptions): Promise<void> {
  const leases = await readAll(api, options)
  if (options.json === true) return printJson(leases)
  const rows = leases.map(({ address, network, mac, client, state, expiresAt, hostName }) => [
    address,
    network,
    mac ?? client,
    state,
    expiresAt,
    hostName || null,
  ])
  console.log(table(['ADDRESS', 'NETWORK', 'CLIENT', 'STATE', 'EXPIRES', 'HOST NAME'], rows))
}

async function readAll(
  api: ApiClient,
  { network, mac, state }: ListOptions,
): Promise<readonly LeaseSeen[]> {
  const leases: LeaseSeen[] = []
  for (;;) {
    const after = leases.at(-1)?.address
    const query = queryOf({ network, mac, state, limit: PAGE, after })
    const page = await api.get<readonly LeaseSeen[]>(`/v1/leases?${query}`)
    leases.push(...page)
    if (page.length < PAGE) return leases
  }
}
