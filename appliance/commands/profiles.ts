import type { Command } from 'commander'
import type { Schemas } from '../../src/adapters/http/api-types.ts'
import { ApiError } from '../client/api-client.ts'
import { ExitCode } from '../exit-codes.ts'
import { type ApiOptions, CommandFault, printJson, withApi, withApiOptions } from './api-options.ts'
import { listsAll, removesEach } from './collections.ts'
import { collect } from './option-values.ts'
import { readJsonFile } from './read-json-file.ts'

type ProfileSeen = Schemas['Profile']

type EntryOptions = ApiOptions & {
  readonly protocol?: string
  readonly load?: string
  readonly set?: readonly string[]
  readonly callManager?: readonly string[]
  readonly file?: string
}

/** `switchhook profiles`: settings that phones share, with the load that they should run. */
export function defineProfilesCommand(command: Command): void {
  const profiles = command.addHelpText(
    'after',
    '\nExamples:\n' +
      '  switchhook profiles add to-sip --protocol sip --load P0S3-8-12-00 --set proxy1_address=10.20.0.9\n' +
      '  switchhook profiles set to-sip --set proxy1_address=10.20.0.10 --set outbound_proxy=-\n' +
      '  switchhook profiles list\n' +
      '  switchhook profiles show to-sip\n' +
      '  switchhook profiles remove to-sip',
  )
  listsAll<ProfileSeen>(profiles.command('list').description('list all profiles'), {
    path: '/v1/profiles',
    head: ['PROFILE', 'PROTOCOL', 'LOAD', 'PARAMETERS', 'CALL MANAGERS'],
    rowOf: ({ name, protocol, load, sip, secretSettings, sccp }) => [
      name,
      protocol,
      load,
      Object.keys(sip).length + secretSettings.length,
      sccp.callManagers.join(' ') || null,
    ],
  })
  withApiOptions(
    profiles.command('show').description('show one profile, as JSON; secrets by name alone'),
  )
    .argument('<name>', 'its name')
    .action((name: string, options: ApiOptions) =>
      withApi(options, async (api) => printJson(await api.get(pathOf(name)))),
    )
  addAddCommand(profiles)
  addSetCommand(profiles)
  removesEach(profiles.command('remove').description('delete profiles that no phone uses'), {
    path: '/v1/profiles',
    argument: '<name...>',
    description: 'their names',
    done: 'removed',
  })
}

function addAddCommand(profiles: Command): void {
  withEntryOptions(
    profiles.command('add').description('create a profile; an existing one is not changed'),
  ).action((name: string, options: EntryOptions) =>
    withApi(options, async (api) => {
      const body = changed(EMPTY, await readJsonFile(options.file), options)
      await api.put(pathOf(name), body, { 'if-none-match': '*' }).catch((error: unknown) => {
        if (!(error instanceof ApiError) || error.status !== 412) throw error
        const message = `${name} exists already; "profiles set" changes it`
        throw new CommandFault(message, ExitCode.no)
      })
      console.log(`${name} created`)
    }),
  )
}

function addSetCommand(profiles: Command): void {
  withEntryOptions(profiles.command('set').description('change some properties of a profile'))
    .addHelpText('after', '\nProperties that are not given stay; stored secrets stay as well.')
    .action((name: string, options: EntryOptions) =>
      withApi(options, async (api) => {
        const { revision, ...stored } = await api.get<ProfileSeen>(pathOf(name))
        const body = changed(stored, await readJsonFile(options.file), options)
        await api.put(pathOf(name), body, { 'if-match': `"${revision}"` })
        console.log(`${name} changed`)
      }),
    )
}

function withEntryOptions(command: Command): Command {
  return withApiOptions(command)
    .argument('<name>', 'its name')
    .option('--protocol <protocol>', 'sip or sccp')
    .option('--load <load>', 'the load that its phones should run')
    .option('--set <name=value>', 'a parameter of the SIP files; the value - removes it', collect)
    .option('--call-manager <host>', 'for SCCP; repeat in order of preference', collect)
    .option('--file <file>', 'JSON with all of these; - for standard input')
}

type Body = Partial<Omit<ProfileSeen, 'name' | 'revision'>>

const EMPTY: Body = {}

/** The entry with what the file and then the options say. */
function changed(stored: Body, file: object, options: EntryOptions): object {
  const { protocol, load, callManager } = options
  const before = { ...stored, ...(file as Body) }
  const { sip, secretSettings } = withParameters(before, options.set ?? [])
  return {
    ...before,
    ...(protocol === undefined ? {} : { protocol }),
    ...(load === undefined ? {} : { load }),
    ...(callManager === undefined ? {} : { sccp: { callManagers: callManager } }),
    sip,
    secretSettings,
  }
}

/** A parameter that is given or removed is no longer kept as a stored secret. */
function withParameters(
  { sip = {}, secretSettings = [] }: Body,
  settings: readonly string[],
): Required<Pick<Body, 'sip' | 'secretSettings'>> {
  const given = settings.map(readSetting)
  const names = new Set(given.map(([name]) => name))
  const kept = Object.entries(sip).filter(([name]) => !names.has(name))
  const stored = given.filter(([, value]) => value !== '-')
  return {
    sip: Object.fromEntries([...kept, ...stored]),
    secretSettings: secretSettings.filter((name) => !names.has(name)),
  }
}

function readSetting(text: string): readonly [name: string, value: string] {
  const at = text.indexOf('=')
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)]
  throw new CommandFault(`--set ${text}: wanted name=value`, ExitCode.usage)
}

function pathOf(name: string): string {
  return `/v1/profiles/${encodeURIComponent(name)}`
}
