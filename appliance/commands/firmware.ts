import { readFile, stat } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import type { Command } from 'commander'
import { ZipFile } from 'yazl'
import { readFolder } from '../../src/adapters/disk/read-folder.ts'
import type { Schemas } from '../../src/adapters/http/api-types.ts'
import { UPLOAD_LIMIT_BYTES } from '../../src/adapters/http/upload-limit.ts'
import type { FileFault } from '../../src/inventory/named-files.ts'
import { type ApiClient, ApiError } from '../client/api-client.ts'
import { ExitCode } from '../exit-codes.ts'
import {
  type ApiOptions,
  CommandFault,
  cannotBeRead,
  withApi,
  withApiOptions,
} from './api-options.ts'
import { listsAll, removesEach } from './collections.ts'

type FirmwareSeen = Schemas['Firmware']

/** A set that was just imported. */
type FirmwareTaken = Schemas['TakenFirmware']

/** `switchhook firmware`: which firmware sets there are. */
export function defineFirmwareCommand(command: Command): void {
  const firmware = command.addHelpText(
    'after',
    '\nExamples:\n' +
      '  switchhook firmware add P0S3-8-12-00.zip\n' +
      '  switchhook firmware add ./unpacked-8-12\n' +
      '  switchhook firmware list\n\n' +
      'An archive or a folder is imported whole or not at all; a refusal names each file and its fault.',
  )
  listsAll<FirmwareSeen>(firmware.command('list').description('list all firmware sets'), {
    path: '/v1/firmware',
    head: ['LOAD', 'PROTOCOL', 'FILES', 'BYTES', 'ADDED', 'NOTE'],
    rowOf: ({ load, protocol, synthetic, files, addedAt }) => [
      load,
      protocol,
      files.length,
      files.reduce((sum, { bytes }) => sum + bytes, 0),
      addedAt,
      synthetic ? 'synthetic' : '',
    ],
  })
  withApiOptions(firmware.command('add').description('import ZIP archives, or folders'))
    .argument('<path...>', 'an archive as Cisco ships it, or the folder where it was unpacked')
    .action((paths: string[], options: ApiOptions) =>
      withApi(options, async (api) => {
        for (const path of paths) await add(api, path)
      }),
    )
  removesEach(firmware.command('remove').description('remove firmware sets that no profile uses'), {
    path: '/v1/firmware',
    argument: '<load...>',
    description: 'their loads',
    done: 'removed',
  })
}

async function add(api: ApiClient, path: string): Promise<void> {
  const archive = await archiveOf(path)
  const taken = await api
    .post<FirmwareTaken>('/v1/firmware', archive, 'application/zip')
    .catch((error: unknown) => refused(path, error))
  const { load, outcome, files, synthetic } = taken
  const note = synthetic ? '; synthetic, for simulated phones only' : ''
  console.log(
    `${path}: ${load} ${OUTCOMES[outcome]}, ${files.length} ${files.length === 1 ? 'file' : 'files'}${note}`,
  )
}

const OUTCOMES: Readonly<Record<FirmwareTaken['outcome'], string>> = {
  created: 'added',
  replaced: 'replaced; its files differ from the earlier ones',
  unchanged: 'unchanged; the same files were there already',
}

/** A folder travels as the archive that it was unpacked from, and is judged as one. */
async function archiveOf(path: string): Promise<Uint8Array> {
  const found = await stat(path).catch(cannotBeRead(path))
  if (!found.isDirectory()) {
    if (found.size <= UPLOAD_LIMIT_BYTES) return readFile(path).catch(cannotBeRead(path))
    const sizes = `${found.size} bytes; the limit is ${UPLOAD_LIMIT_BYTES}`
    throw new CommandFault(`${path} was not imported: it has ${sizes}`, ExitCode.no)
  }
  const folder = await readFolder(path)
  if (folder.kind === 'refused') throw notImported(path, folder.problems)
  const zip = new ZipFile()
  for (const [name, bytes] of folder.files) zip.addBuffer(Buffer.from(bytes), name)
  zip.end()
  return buffer(zip.outputStream)
}

/** What the appliance has against the files is said as what we have. */
function refused(path: string, error: unknown): never {
  const isAboutFiles = error instanceof ApiError && error.problems.length > 0
  throw isAboutFiles ? notImported(path, error.problems as readonly FileFault[]) : error
}

function notImported(path: string, problems: readonly FileFault[]): CommandFault {
  const faults = problems.map(({ file, fault }) => `\n  ${file || path}: ${fault}`)
  return new CommandFault(`${path} was not imported:${faults.join('')}`, ExitCode.no)
}
