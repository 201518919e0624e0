import { spawnSync } from 'node:child_process'
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { loadLibc } from '../../src/adapters/udp/native/libc.ts'
import { codeOf } from '../../src/services/error-code.ts'

/** The file that is locked. It stays when the lock is gone: only a lock held by a process counts. */
export const LOCK_FILE = 'switchhook.lock'

/** Who has a data folder, as it is told to the one that comes second. */
export type Holder = {
  readonly pid: number
  readonly host: string
  /** What it does there: the address of its API, or the name of a command. */
  readonly what: string
  readonly since: string
}

/** A data folder that this process has for itself until it releases it, or ends in whatever way. */
export type DataLock = { readonly release: () => void }

/** Another process has the data folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError'
  readonly holder: Holder | null

  constructor(folder: string, holder: Holder | null) {
    const who =
      holder === null
        ? 'another process'
        : `process ${holder.pid} on host ${holder.host} (${holder.what}), since ${holder.since}`
    super(
      `the data folder ${folder} is in use by ${who}. Two processes would overwrite each other's data: ` +
        'stop that one, or set another dataDir for this one',
    )
    this.holder = holder
  }
}

/** Locks an open file for one process alone; false where another has it. */
export type TryLock = (descriptor: number) => boolean

/**
 * Takes a data folder for this process: an advisory lock of the kernel (flock(2)) on a file in it
 * and on the folder itself, so that a lock file that was deleted opens no way. The kernel holds it
 * with the process, whichever namespace or container that is in, and lets go when it dies.
 *
 * @param what - See {@link Holder.what}.
 * @throws {@link FolderInUseError}; the file system's error; an Error where it takes no locks.
 */
export async function lockDataFolder(
  folder: string,
  what: string,
  tryLock?: TryLock,
): Promise<DataLock> {
  const lock = tryLock ?? (await systemLock())
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const opened: number[] = []
  const release = () => {
    for (const descriptor of opened.splice(0)) closeSync(descriptor)
  }
  try {
    const file = lockFile(folder, lock, opened)
    lockFolder(folder, lock, opened)
    sign(file, { pid: process.pid, host: hostname(), what, since: new Date().toISOString() })
    return { release }
  } catch (error) {
    release()
    throw error
  }
}

/** Deleted and created again between our opening and our locking: rare, and not without end. */
const TRIES = 5

function lockFile(folder: string, lock: TryLock, opened: number[]): number {
  const path = join(folder, LOCK_FILE)
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK
  for (let tries = 0; tries < TRIES; tries++) {
    const descriptor = openSync(path, flags, 0o600)
    opened.push(descriptor)
    const ours = fstatSync(descriptor)
    if (!ours.isFile()) throw new Error(`${path} is not a regular file: delete it`)
    if (!mayLock(folder, descriptor, lock)) throw new FolderInUseError(folder, holderIn(descriptor))
    const there = statSync(path, { throwIfNoEntry: false })
    if (there?.ino === ours.ino && there.dev === ours.dev) return descriptor
    closeSync(opened.pop() as number)
  }
  throw new FolderInUseError(folder, null)
}

/** Network file systems lock files and not folders; there the file has to do. */
const NO_LOCK_ON_FOLDERS = ['EBADF', 'EINVAL', 'EISDIR']

function lockFolder(folder: string, lock: TryLock, opened: number[]): void {
  const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY)
  opened.push(descriptor)
  try {
    if (!lock(descriptor)) throw new FolderInUseError(folder, null)
  } catch (error) {
    if (!NO_LOCK_ON_FOLDERS.includes(codeOf(error))) throw error
  }
}

function mayLock(folder: string, descriptor: number, lock: TryLock): boolean {
  try {
    return lock(descriptor)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(
      `the data folder ${folder} cannot be locked: ${reason}. Some network file systems have no ` +
        'locks: set dataDir to a folder on a disk of this machine',
      { cause: error },
    )
  }
}

function sign(descriptor: number, holder: Holder): void {
  const text = Buffer.from(`${JSON.stringify(holder)}\n`)
  // Written over and then cut: a reader meanwhile finds the beginning complete.
  writeSync(descriptor, text, 0, text.length, 0)
  ftruncateSync(descriptor, text.length)
}

/** What the holder has written of itself; null where it has not come to it, or it is not readable. */
function holderIn(descriptor: number): Holder | null {
  try {
    const found: unknown = JSON.parse(readFileSync(descriptor, 'utf8').slice(0, LONGEST_HOLDER))
    const { pid, host, what, since } = found as Holder
    const isWhole = Number.isInteger(pid) && [host, what, since].every((one) => isWord(one))
    return isWhole ? { pid, host, what, since } : null
  } catch {
    // It is for words alone; the kernel has said what counts.
    return null
  }
}

const LONGEST_HOLDER = 4096

function isWord(value: unknown): boolean {
  return typeof value === 'string' && /^[ -~]{1,255}$/.test(value)
}

async function systemLock(): Promise<TryLock> {
  const loaded = await loadLibc()
  return loaded.kind === 'ok' ? (descriptor) => loaded.libc.lock(descriptor) : lockByProgram
}

/**
 * The same lock by flock(1), where there is no FFI: the lock belongs to the open file, which the
 * program shares with us, and stays when it ends.
 */
export function lockByProgram(descriptor: number): boolean {
  const { status, error } = spawnSync('flock', ['-n', '-x', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', descriptor],
  })
  if (error !== undefined || status === null) {
    throw new Error('neither the package koffi nor the program flock is available')
  }
  if (status > 1) throw new Error(`flock ended with ${status}`)
  return status === 0
}
