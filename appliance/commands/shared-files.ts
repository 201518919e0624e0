import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Command } from 'commander'
import type { Schemas } from '../../src/adapters/http/api-types.ts'
import type { ApiClient } from '../client/api-client.ts'
import { ExitCode } from '../exit-codes.ts'
import { reasonOf } from '../start/file-reason.ts'
import {
  type ApiOptions,
  CommandFault,
  cannotBeRead,
  withApi,
  withApiOptions,
} from './api-options.ts'
import { listsAll, removesEach } from './collections.ts'

type FileSeen = Schemas['SharedFile']

type AddOptions = ApiOptions & { readonly name?: string }

type GetOptions = ApiOptions & { readonly output?: string; readonly force?: boolean }

/** `switchhook shared-files`: files that phones may fetch and that convert nothing. */
export function defineSharedFilesCommand(command: Command): void {
  const files = command.addHelpText(
    'after',
    '\nExamples:\n' +
      '  switchhook shared-files add chime.raw RINGLIST.DAT\n' +
      '  switchhook shared-files add ./chime.raw --name ring/chime.raw\n' +
      '  switchhook shared-files get chime.raw --output /tmp/chime.raw\n' +
      '  switchhook shared-files remove chime.raw\n\n' +
      'Ring tones, logos, dial plans: what phones request and what converts none of them. Firmware goes to\n' +
      '"firmware add". Files of tftp.sharedDir are not listed; they are in that folder.',
  )
  listsAll<FileSeen>(files.command('list').description('list all shared files'), {
    path: '/v1/files',
    head: ['FILE', 'BYTES', 'ADDED', 'SHA-256'],
    rowOf: ({ name, bytes, addedAt, sha256 }) => [name, bytes, addedAt, sha256],
  })
  withApiOptions(files.command('add').description('add files, or replace them'))
    .argument('<path...>', 'files on this machine')
    .option('--name <name>', 'the name that phones request; default: that of the file')
    .action((paths: string[], options: AddOptions) =>
      withApi(options, (api) => add(api, paths, options)),
    )
  withApiOptions(files.command('get').description('write a shared file to disk'))
    .argument('<name>', 'its name')
    .option('--output <file>', 'where to; default: its name in this folder')
    .option('--force', 'replace the file that is there')
    .action((name: string, options: GetOptions) =>
      withApi(options, (api) => get(api, name, options)),
    )
  removesEach(files.command('remove').description('delete shared files'), {
    path: '/v1/files',
    argument: '<name...>',
    description: 'their names',
    done: 'removed',
  })
}

async function add(api: ApiClient, paths: readonly string[], { name }: AddOptions): Promise<void> {
  if (name !== undefined && paths.length > 1) {
    throw new CommandFault('shared-files add: --name goes with one file', ExitCode.usage)
  }
  for (const path of paths) {
    const content = await readFile(path).catch(cannotBeRead(path))
    const stored = await api.putBytes<FileSeen>(pathOf(name ?? basename(path)), content)
    console.log(`${path}: stored as ${stored.name}, ${stored.bytes} bytes`)
  }
}

async function get(api: ApiClient, name: string, { output, force }: GetOptions): Promise<void> {
  const to = output ?? basename(name)
  const content = await api.getBytes(pathOf(name))
  await writeFile(to, content, { flag: force === true ? 'w' : 'wx' }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new CommandFault(`${to} is there already; --force replaces it`, ExitCode.no)
    }
    throw new CommandFault(`${to} cannot be written: ${reasonOf(error)}`, ExitCode.unavailable)
  })
  console.log(`${name}: ${content.length} bytes written to ${to}`)
}

function pathOf(name: string): string {
  return `/v1/files/${encodeURIComponent(name)}`
}
