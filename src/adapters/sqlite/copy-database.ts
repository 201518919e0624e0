import {
  chmodSync,
  chownSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseError, failureOf } from './database-error.ts'
import { openSqlite } from './driver.ts'
import { findVersion } from './migrate.ts'
import { MIGRATIONS } from './migrations/migrations.ts'

/** What a copy holds. */
export type DatabaseCopy = { readonly bytes: number; readonly version: number }

/**
 * Copies a database as it is at this moment, whether or not an appliance is writing to it: one
 * read transaction sees all of it, and delays no writer. Made with mode 0600, as it holds passwords;
 * a file of that name is replaced when the copy is complete.
 *
 * @throws {@link DatabaseError} with nothing left behind.
 */
export function backUpDatabase(source: string, target: string): DatabaseCopy {
  return explained(source, 'back up', () => {
    if (!existsSync(source)) throw absent(source, 'back up')
    if (existsSync(target) && statSync(target).ino === statSync(source).ino) {
      const reason = 'the copy would replace the database itself'
      throw new DatabaseError(source, 'SAME_FILE', 'back up', reason)
    }
    return placed(target, (partial) => {
      const connection = openSqlite(source, { readonly: true, timeout: 5_000 })
      try {
        findVersion(connection, source)
        connection.prepare('VACUUM INTO ?').run(partial)
      } finally {
        connection.close()
      }
    })
  })
}

/**
 * Puts a backup into a data folder that is empty or not there yet. It is read through first; older
 * tables are brought forward at the next start.
 *
 * @param mayBeThere - Files that may be in the folder all the same.
 * @throws {@link DatabaseError} `NOT_EMPTY`, `NOT_OURS`, `NEWER_VERSION`, `DAMAGED`; nothing was
 *   written then.
 */
export function restoreDatabase(
  backup: string,
  target: string,
  mayBeThere: readonly string[] = [],
): DatabaseCopy {
  return explained(backup, 'restore', () => {
    checkPlaces(backup, target, mayBeThere)
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
    return placed(target, (partial) => {
      copyFileSync(backup, partial)
      giveToOwnerOf(dirname(target), partial)
    })
  })
}

/**
 * The same over a database that is there, which is kept under another name in the same folder.
 *
 * @param stamp - What tells that name from others, such as a time.
 * @returns `keptAs`: where the earlier database is; null where there was none.
 * @throws {@link DatabaseError} with everything as it was.
 */
export function replaceDatabase(
  backup: string,
  target: string,
  stamp: string,
): DatabaseCopy & { readonly keptAs: string | null } {
  return explained(backup, 'restore', () => {
    if (!existsSync(backup)) throw absent(backup, 'restore')
    checkBackup(backup)
    const keptAs = `${target}.before-restore-${stamp}`
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
    const moved = FILES_OF.map((end) => [`${target}${end}`, `${keptAs}${end}`] as const).filter(
      ([from]) => existsSync(from),
    )
    for (const [from, to] of moved) renameSync(from, to)
    try {
      const copy = restoreDatabase(backup, target, readdirSync(dirname(target)))
      return { ...copy, keptAs: moved.length === 0 ? null : keptAs }
    } catch (thrown) {
      for (const [from, to] of moved) renameSync(to, from)
      throw thrown
    }
  })
}

/** A database and what SQLite keeps beside it: without its log it lacks what was committed last. */
const FILES_OF = ['', '-wal', '-shm'] as const

/**
 * Root restores for a service that runs as another user: the file then belongs to the owner of the
 * folder, or the service could not open it.
 */
export function giveToOwnerOf(folder: string, file: string): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(folder)
  chownSync(file, uid, gid)
}

/**
 * Looks whether a backup could be restored; nothing is written.
 *
 * @throws What `restoreDatabase` throws.
 */
export function checkRestore(backup: string, target: string): void {
  explained(backup, 'restore', () => checkPlaces(backup, target, []))
}

function checkPlaces(backup: string, target: string, mayBeThere: readonly string[]): void {
  if (!existsSync(backup)) throw absent(backup, 'restore')
  const folder = dirname(target)
  const names = existsSync(folder) ? readdirSync(folder) : []
  const there = names.filter((name) => !mayBeThere.includes(name))
  if (there.length > 0) {
    const reason = `${folder} holds ${there.slice(0, 5).join(', ')}; restore into an empty folder`
    throw new DatabaseError(backup, 'NOT_EMPTY', 'restore', reason)
  }
  checkBackup(backup)
}

function checkBackup(backup: string): void {
  const connection = openSqlite(backup, { readonly: true })
  try {
    const version = findVersion(connection, backup)
    if (version === 0) throw damaged(backup, 'it is empty')
    if (version > MIGRATIONS.length) {
      const reason = `its schema has version ${version}, this program supports versions up to ${MIGRATIONS.length}; restore it with the program that wrote it, or a newer one`
      throw new DatabaseError(backup, 'NEWER_VERSION', 'restore', reason)
    }
    const found = connection.pragma('integrity_check(1)', { simple: true })
    if (found !== 'ok') throw damaged(backup, `${found}`)
  } finally {
    connection.close()
  }
}

/** Makes a file under another name first: a file under the final name is complete. */
function placed(target: string, make: (partial: string) => void): DatabaseCopy {
  const partial = `${target}.partial`
  rmSync(partial, { force: true })
  try {
    // Made before anything is written to it, because it holds passwords and must never be readable.
    closeSync(openSync(partial, 'wx', 0o600))
    make(partial)
    chmodSync(partial, 0o600)
    sync(partial)
    const copy = describe(partial)
    renameSync(partial, target)
    sync(dirname(target))
    return copy
  } catch (thrown) {
    rmSync(partial, { force: true })
    throw thrown
  }
}

function describe(file: string): DatabaseCopy {
  const connection = openSqlite(file, { readonly: true })
  try {
    return { bytes: statSync(file).size, version: findVersion(connection, file) }
  } finally {
    connection.close()
  }
}

function sync(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function explained<Result>(file: string, action: string, work: () => Result): Result {
  try {
    return work()
  } catch (thrown) {
    if (thrown instanceof DatabaseError) throw thrown
    const { code, reason } = failureOf(thrown)
    if (['SQLITE_NOTADB', 'SQLITE_CORRUPT'].includes(code)) throw damaged(file, reason)
    throw new DatabaseError(file, code, action, reason)
  }
}

function absent(file: string, action: string): DatabaseError {
  return new DatabaseError(file, 'ENOENT', action, 'no such file')
}

function damaged(file: string, reason: string): DatabaseError {
  return new DatabaseError(file, 'DAMAGED', 'restore', `not an intact database: ${reason}`)
}
