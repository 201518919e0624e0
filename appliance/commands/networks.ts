import type { Command } from 'commander'
import type { Schemas } from '../../src/adapters/http/api-types.ts'
import { printJson, withApi, withApiOptions } from './api-options.ts'
import { type JsonOptions, listsAll } from './collections.ts'
import { table } from './table.ts'

type NetworkSeen = Schemas['Network']

/** `switchhook networks`: the VLANs of the configuration, and how they stand. */
export function defineNetworksCommand(command: Command): void {
  const networks = command.addHelpText(
    'after',
    '\nExamples:\n' +
      '  switchhook networks list\n' +
      '  switchhook networks show voice\n\n' +
      'Networks are defined in the configuration file; "reload" puts a changed file in force.',
  )
  listsAll<NetworkSeen>(networks.command('list').description('list all networks'), {
    path: '/v1/networks',
    head: ['NETWORK', 'INTERFACE', 'SUBNET', 'POOL IN USE', 'ADMITS', 'SERVED'],
    rowOf: ({ name, interface: on, subnet, use, admit, notServedBecause }) => [
      name,
      on,
      subnet,
      `${use.size - use.free} of ${use.size}`,
      admit,
      notServedBecause ?? 'yes',
    ],
  })
  withApiOptions(networks.command('show').description('show one network: settings and counters'))
    .argument('<name>', 'its name')
    .option('--json', 'print it as JSON')
    .action((name: string, options: JsonOptions) =>
      withApi(options, async (api) => {
        const network = await api.get<NetworkSeen>(`/v1/networks/${encodeURIComponent(name)}`)
        if (options.json === true) return printJson(network)
        const { counters, ...settings } = network
        console.log(table(['SETTING', 'VALUE'], Object.entries(settings).map(inWords)))
        const counted = Object.entries(counters).sort(([a], [b]) => (a < b ? -1 : 1))
        if (counted.length > 0) console.log(`\n${table(['COUNTER', 'SINCE START'], counted)}`)
      }),
    )
}

function inWords([name, value]: [string, unknown]): readonly [string, string | null] {
  if (value === null) return [name, null]
  const isPlain = typeof value !== 'object'
  return [name, isPlain ? `${value}` : JSON.stringify(value)]
}
