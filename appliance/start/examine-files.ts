import { constants, type Stats } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { delimiter, dirname, join, resolve } from 'node:path'
import { readSecret } from '../../src/adapters/disk/read-secret.ts'
import { secretsOf } from '../../src/adapters/snmp/snmp-access.ts'
import type { EntryProblem } from '../../src/inventory/inventory-outcome.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { apiTls, findLapse, TlsFilesError } from './api-tls.ts'
import { reasonOf } from './file-reason.ts'
import { readText } from './read-text.ts'
import { lookAtSharedFolder } from './shared-folder.ts'
import { weaknessOf } from './weak-token.ts'

/** What the files and folders of a configuration came to; each names its key. */
export type Examined = {
  /** The appliance does not start with these. */
  readonly problems: readonly EntryProblem[]
  /** Nor with these, which are part of the configuration, in a file of their own because of a secret. */
  readonly misconfigured: readonly EntryProblem[]
  /**
   * Wrong as well, and no reason to leave phones without DHCP: the start says it and goes on. A
   * certificate that has run out, for one.
   */
  readonly lapses: readonly EntryProblem[]
  readonly warnings: readonly EntryProblem[]
}

/** What is examined. */
export type ToExamine = {
  readonly settings: Settings
  /** The token that goes before that of the file; null where there is none. */
  readonly token: string | null
  /** The shared folder as well; the start reads it anyhow, a moment later. */
  readonly shared: boolean
}

/**
 * Looks at all files and folders that a configuration names, as the start would, and starts and makes
 * nothing. Nothing that is in them can make it wait.
 */
export async function examineFiles({ settings, token, shared }: ToExamine): Promise<Examined> {
  const found: Found = { problems: [], misconfigured: [], lapses: [], warnings: [] }
  await examineDataDir(settings, found)
  await examineDatabase(settings, found)
  await examineToken(settings, token, found)
  await examineTls(settings, found)
  await examineSwitches(settings, found)
  await examineCommand(settings, found)
  if (shared) await examineShared(settings, found)
  return found
}

/**
 * Checks what a reload can change: the secret files of switches and the restart command. Both are read
 * at each use, so a fault is reported and everything else stays in force.
 */
export async function examineReloaded(settings: Settings): Promise<readonly EntryProblem[]> {
  const found: Found = { problems: [], misconfigured: [], lapses: [], warnings: [] }
  await examineSwitches(settings, found)
  await examineCommand(settings, found)
  return [...found.problems, ...found.lapses]
}

type Found = { readonly [Kind in keyof Examined]: EntryProblem[] }

/** Magic numbers of statfs(2): NFS, SMB1, CIFS, SMB2. */
const NETWORK_FILE_SYSTEMS = [0x6969, 0x517b, 0xff534d42, 0xfe534d42]

async function examineDataDir({ dataDir }: Settings, found: Found): Promise<void> {
  const path = 'dataDir'
  const fault = await faultOfFolder(dataDir)
  if (fault !== undefined) return void found.problems.push({ path, message: fault })
  const fileSystem = await statfs(dataDir).catch(() => null)
  if (fileSystem === null || !NETWORK_FILE_SYSTEMS.includes(Number(fileSystem.type) >>> 0)) return
  const message = `${dataDir} is on a network file system, where the SQLite write-ahead log is not safe; wanted a local disk`
  found.warnings.push({ path, message })
}

/** Whether the server answers is found out by the start, which goes on without. */
async function examineDatabase({ database }: Settings, found: Found): Promise<void> {
  if (database === undefined) return
  const path = 'database.postgres.urlFile'
  const { urlFile } = database.postgres
  const read = await readSecret(urlFile, { minLength: 1 })
  if (read.kind === 'refused') return void found.problems.push({ path, message: read.reason })
  // Loaded here, because nothing else needs it.
  const { readPostgresUrl } = await import('../../src/adapters/postgres/postgres-url.ts')
  const hosts = readPostgresUrl(read.secret)
  if (typeof hosts !== 'string') return
  found.misconfigured.push({ path, message: `${urlFile} holds no URL of PostgreSQL: ${hosts}` })
}

async function examineToken(
  { api }: Settings,
  fromEnvironment: string | null,
  found: Found,
): Promise<void> {
  if (fromEnvironment !== null) return judgeToken('SWITCHHOOK_API_TOKEN', fromEnvironment, found)
  const { tokenFile } = api
  if (tokenFile === undefined) return
  const path = 'api.tokenFile'
  const status = await stat(tokenFile).catch(codeOf)
  if (typeof status === 'string' && NOT_THERE.includes(status)) {
    const fault = await faultOfFolder(dirname(tokenFile))
    if (fault !== undefined) return void found.problems.push({ path, message: fault })
    const message = `${tokenFile} does not exist yet; the start creates it with a token`
    return void found.warnings.push({ path, message })
  }
  try {
    const text = await readText(tokenFile)
    if (text.trim() !== '') judgeToken(path, text.trim(), found)
    else {
      const message = `${tokenFile} is empty: delete it, and a new token is created`
      found.problems.push({ path, message })
    }
  } catch (error) {
    const message = `${tokenFile} cannot be read: ${reasonOf(error)}`
    return void found.problems.push({ path, message })
  }
  if (typeof status !== 'string') judgeMode(path, tokenFile, status, found)
}

function judgeToken(path: string, token: string, found: Found): void {
  const weakness = weaknessOf(token)
  if (weakness === undefined) return
  const message = `the token is weak: ${weakness}. Delete the file, and a random token is created`
  found.warnings.push({ path, message })
}

function judgeMode(path: string, file: string, { mode }: Stats, found: Found): void {
  // Windows makes modes up.
  if (process.platform === 'win32' || (mode & 0o077) === 0) return
  const shown = (mode & 0o777).toString(8).padStart(4, '0')
  const message = `${file} can be read by other users of this machine (mode ${shown}); wanted 0600`
  found.warnings.push({ path, message })
}

async function examineTls(settings: Settings, found: Found): Promise<void> {
  const { tls } = settings.api
  if (tls === undefined) return
  try {
    const files = await apiTls(settings)
    const lapse = files === null ? undefined : findLapse(tls.certificateFile, files.cert)
    const path = 'api.tls.certificateFile'
    if (lapse !== undefined) found.lapses.push({ path, message: lapse })
  } catch (error) {
    const path = error instanceof TlsFilesError ? error.key : 'api.tls'
    // The message names the key by itself.
    const message = (error as Error).message.replace(`${path}: `, '')
    return void found.problems.push({ path, message })
  }
  const status = await stat(tls.keyFile).catch(codeOf)
  if (typeof status !== 'string') judgeMode('api.tls.keyFile', tls.keyFile, status, found)
}

async function examineSwitches({ switches }: Settings, found: Found): Promise<void> {
  for (const [index, { snmp }] of switches.entries()) {
    for (const { key, file, minLength } of secretsOf(snmp)) {
      const read = await readSecret(file, { minLength })
      if (read.kind === 'ok') continue
      found.problems.push({ path: `switches[${index}].snmp.${key}`, message: read.reason })
    }
  }
}

/** A command that is not there restarts no phone; phones that need none are served all the same. */
async function examineCommand({ restart }: Settings, found: Found): Promise<void> {
  const [program] = restart?.command ?? []
  if (program === undefined) return
  const folders = program.includes('/') ? [''] : (process.env['PATH'] ?? '').split(delimiter)
  for (const folder of folders) {
    const path = join(folder, program)
    const status = await stat(path).catch(() => null)
    const isProgram = status?.isFile() && (await access(path, constants.X_OK).then(isTrue, isFalse))
    if (isProgram) return
  }
  const message = `${program} is not an executable program`
  found.lapses.push({ path: 'restart.command[0]', message })
}

const isTrue = () => true
const isFalse = () => false

async function examineShared({ tftp }: Settings, found: Found): Promise<void> {
  try {
    found.warnings.push(...(await lookAtSharedFolder(tftp)))
  } catch (error) {
    const message = (error as Error).message.replace('tftp.sharedDir: ', '')
    found.problems.push({ path: 'tftp.sharedDir', message })
  }
}

/** Nothing has that name; of the second, a file stands where a folder would. */
const NOT_THERE = ['ENOENT', 'ENOTDIR']

/** Why a folder, or the one that it would be made in, cannot be written to; undefined where it can. */
async function faultOfFolder(folder: string): Promise<string | undefined> {
  const status = await stat(folder).catch(codeOf)
  const parent = dirname(resolve(folder))
  const isThere = typeof status !== 'string' || !NOT_THERE.includes(status)
  if (!isThere && parent !== resolve(folder)) {
    const fault = await faultOfFolder(parent)
    return fault === undefined ? undefined : `${folder} cannot be created: ${fault}`
  }
  if (typeof status !== 'string' && !status.isDirectory()) return `${folder} is not a folder`
  try {
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    return undefined
  } catch (error) {
    return `${folder} cannot be written: ${reasonOf(error)}; wanted a writable folder`
  }
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code)
}
