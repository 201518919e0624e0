import { type Command, Option } from 'commander'
import type { Schemas } from '../../src/adapters/http/api-types.ts'
import { TOKEN_ROLES } from '../../src/services/services.ts'
import { printJson, withApi, withApiOptions } from './api-options.ts'
import { type JsonOptions, listsAll, removesEach } from './collections.ts'

type TokenSeen = Schemas['Token']

/** `switchhook tokens`: who else may use the API, and how. */
export function defineTokensCommand(command: Command): void {
  const tokens = command.addHelpText(
    'after',
    '\nExamples:\n' +
      '  switchhook tokens add grafana --role read\n' +
      '  switchhook tokens add ansible --role operator > ansible-token\n' +
      '  switchhook tokens list\n' +
      '  switchhook tokens remove grafana\n\n' +
      'Adding and removing needs the token of the configuration (api.tokenFile).',
  )
  listsAll<TokenSeen>(tokens.command('list').description('list all named tokens'), {
    path: '/v1/tokens',
    head: ['NAME', 'ROLE', 'CREATED', 'LAST USED'],
    rowOf: ({ name, role, createdAt, lastUsedAt }) => [name, role, createdAt, lastUsedAt],
  })
  withApiOptions(
    tokens
      .command('add')
      .description('create a token and print it; it is never shown again')
      .argument('<name>', 'its name, as audit events show it'),
  )
    .addOption(
      new Option('--role <role>', 'what it may do: read, or change everything but tokens')
        .choices(TOKEN_ROLES)
        .makeOptionMandatory(),
    )
    .option('--json', 'print it as JSON, with name and role')
    .action((name: string, options: JsonOptions & { readonly role: string }) =>
      withApi(options, async (api) => {
        const body = Buffer.from(JSON.stringify({ name, role: options.role }))
        const made = await api.post<Schemas['NewToken']>('/v1/tokens', body, 'application/json')
        // Alone on its line, so that it can be redirected to a file.
        if (options.json === true) printJson(made)
        else console.log(made.token)
      }),
    )
  removesEach(tokens.command('remove').description('delete tokens; they are refused at once'), {
    path: '/v1/tokens',
    argument: '<name...>',
    description: 'their names',
    done: 'removed',
  })
}
