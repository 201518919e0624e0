import { type Command, InvalidArgumentError } from 'commander'
import type { Schemas } from '../../src/adapters/http/api-types.ts'
import { printable } from '../../src/services/printable.ts'
import { type ApiClient, ApiError } from '../client/api-client.ts'
import { ExitCode } from '../exit-codes.ts'
import { type ApiOptions, CommandFault, printJson, withApi, withApiOptions } from './api-options.ts'
import { type JsonOptions, type Listing, listsAll } from './collections.ts'
import { groupedByReason } from './rollout-refusal.ts'
import { table } from './table.ts'

type StartOptions = ApiOptions & {
  readonly to: string
  readonly from?: string
  readonly path?: string
  readonly acceptOneWay?: boolean
  readonly network?: string
  readonly profile?: string
  readonly canaries?: number
  readonly waveSize?: number
  readonly stopAfter?: number
  readonly onStop?: string
  readonly appearWithin?: number
  readonly onAbsent?: string
}

type RolloutSeen = Schemas['Rollout']

/** `switchhook rollout`: many phones to one load. */
export function defineRolloutCommand(command: Command): void {
  const rollout = command.addHelpText(
    'after',
    '\nExamples:\n' +
      '  switchhook rollout start floor-3 --to P0S3-8-12-00 --from P00308000500 --profile to-sip\n' +
      '  switchhook rollout start pair --to P0S3-8-12-00 000E84C060A6 000E84C060A7 --canaries 1\n' +
      '  switchhook rollout wait floor-3 && echo all confirmed\n' +
      '  switchhook rollout stop floor-3 --cancel\n\n' +
      'docs/rollouts.md describes each setting.',
  )
  addStartCommand(rollout)
  listsAll<RolloutSeen>(rollout.command('list').description('list all roll-outs'), LISTING)
  withApiOptions(rollout.command('show').description('show a roll-out, phone by phone'))
    .argument('<id>', 'its name')
    .option('--json', 'print it as JSON')
    .action((id: string, options: JsonOptions) =>
      withApi(options, async (api) => {
        const seen = await api.get<RolloutSeen>(pathOf(id))
        if (options.json === true) return printJson(seen)
        console.log(inWords(seen))
        const rows = seen.phones.map(({ mac, isCanary, state, reason }) => [
          mac,
          isCanary ? 'canary' : '',
          state,
          reason ?? '',
        ])
        console.log(table(['PHONE', 'ROLE', 'STATE', 'REASON'], rows))
      }),
    )
  withApiOptions(rollout.command('wait').description('print the progress until it ends'))
    .argument('<id>', 'its name')
    .action((id: string, options: ApiOptions) => withApi(options, (api) => wait(api, id)))
  addChangeCommands(rollout)
}

function addStartCommand(rollout: Command): void {
  withApiOptions(
    rollout
      .command('start')
      .description('start a roll-out; no phone starts if any of them is refused'),
  )
    .argument('<id>', 'a name of your choice')
    .argument('[mac...]', 'the phones, canaries first; or select them with --profile and --network')
    .requiredOption('--to <load>', 'the target load')
    .option(
      '--from <load>',
      'the load that all of them run now; without it, each phone must have shown its own',
    )
    .option('--path <path>', 'cautious (default) or direct')
    .option('--accept-one-way', 'accept steps that cannot be undone')
    .option('--profile <name>', 'all phones of this profile')
    .option('--network <name>', 'all phones of this network')
    .option(
      '--canaries <n>',
      'the first phones to convert; all must be confirmed before the others start',
      readCount,
    )
    .option('--wave-size <n>', 'how many phones may be in progress at a time', readCount)
    .option('--stop-after <n>', 'stop when this many have failed', readCount)
    .option('--on-stop <what>', 'phones in progress when it stops: finish (default) or cancel')
    .option('--appear-within <seconds>', 'how long to wait for a phone to appear', readCount)
    .option('--on-absent <what>', 'a phone that did not appear: fail (default) or skip')
    .action((id: string, macs: string[], options: StartOptions) =>
      withApi(options, async (api) => {
        const phones = macs.length > 0 ? macs : await chosen(api, options)
        const { to, from, path, acceptOneWay, canaries, waveSize, stopAfter } = options
        const { onStop, appearWithin, onAbsent } = options
        const request = { phones, to, from, path, acceptOneWay, canaries, waveSize, stopAfter }
        // What is undefined is not part of JSON.
        const body = { ...request, onStop, appearWithin, onAbsent }
        console.log(inWords(await api.put<RolloutSeen>(pathOf(id), body).catch(refuseByReason)))
      }),
    )
}

function refuseByReason(error: unknown): never {
  if (!(error instanceof ApiError)) throw error
  throw new ApiError(error.status, error.message, groupedByReason(error.problems))
}

function addChangeCommands(rollout: Command): void {
  const change = (id: string, options: ApiOptions, body: object) =>
    withApi(options, async (api) => {
      console.log(inWords(await api.patch<RolloutSeen>(pathOf(id), body)))
    })
  withApiOptions(rollout.command('pause').description('pause it: no further phone starts'))
    .argument('<id>', 'its name')
    .action((id: string, options: ApiOptions) => change(id, options, { state: 'paused' }))
  withApiOptions(rollout.command('resume').description('resume it'))
    .argument('<id>', 'its name')
    .action((id: string, options: ApiOptions) => change(id, options, { state: 'running' }))
  withApiOptions(rollout.command('stop').description('stop it for good'))
    .argument('<id>', 'its name')
    .option('--cancel', 'cancel phones in progress instead of letting them finish')
    .action((id: string, options: ApiOptions & { readonly cancel?: boolean }) =>
      change(id, options, {
        state: 'stopped',
        ...(options.cancel === true ? { onStop: 'cancel' } : {}),
      }),
    )
  withApiOptions(rollout.command('remove').description('delete a finished roll-out'))
    .argument('<id>', 'its name')
    .action((id: string, options: ApiOptions) =>
      withApi(options, async (api) => {
        await api.delete(pathOf(id))
        console.log(`${id} removed`)
      }),
    )
}

const LISTING: Listing<RolloutSeen> = {
  path: '/v1/rollouts',
  head: ['ROLL-OUT', 'TO', 'STATE', 'PHONES', 'CONFIRMED', 'IN PROGRESS', 'FAILED'],
  rowOf: ({ id, to, state, counts }) => [
    id,
    to,
    state,
    counts.total,
    counts.confirmed,
    counts.underWay,
    counts.failed,
  ],
}

/** A line for each change; 0 where every phone is confirmed. */
async function wait(api: ApiClient, id: string): Promise<void> {
  let etag: string | null = null
  for (;;) {
    const changed: { body: RolloutSeen; etag: string | null } | null = await api.getChanged(
      `${pathOf(id)}?wait=30`,
      etag,
    )
    if (changed === null) continue
    etag = changed.etag
    const seen = changed.body
    console.log(inWords(seen))
    const isOver = seen.state === 'stopped' || seen.state === 'finished'
    if (!isOver || seen.counts.underWay > 0) continue
    if (seen.counts.confirmed < seen.counts.total) process.exitCode = ExitCode.no
    return
  }
}

async function chosen(
  api: ApiClient,
  { profile, network }: StartOptions,
): Promise<readonly string[]> {
  if (profile === undefined && network === undefined) {
    const message = 'rollout start: name phones, or select them with --profile or --network'
    throw new CommandFault(message, ExitCode.usage)
  }
  type Listed = { readonly mac: string; readonly profile: string; readonly network: string }
  const phones = (await api.get<readonly Listed[]>('/v1/phones'))
    .filter((phone) => profile === undefined || phone.profile === profile)
    .filter((phone) => network === undefined || phone.network === network)
  if (phones.length > 0) return phones.map(({ mac }) => mac)
  throw new CommandFault('rollout start: no phone matches', ExitCode.no)
}

function inWords({ id, to, state, stage, reason, counts }: RolloutSeen): string {
  const { total, pending, underWay, confirmed, failed, absent } = counts
  const where = state === 'running' ? `running, ${stage}` : state
  const why = reason === null ? '' : ` (${reason})`
  return printable(
    `${id} to ${to}: ${where}${why}; ${confirmed} of ${total} confirmed, ` +
      `${underWay} in progress, ${pending} pending, ${failed} failed, ${absent} absent`,
  )
}

function pathOf(id: string): string {
  return `/v1/rollouts/${encodeURIComponent(id)}`
}

function readCount(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 0) return count
  throw new InvalidArgumentError('wanted a whole number.')
}
