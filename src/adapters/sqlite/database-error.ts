/**
 * A failure of the database: the disk is full, the file is locked, read-only or damaged, the
 * worker thread is gone. Nothing of the batch it rejects was stored.
 *
 * The message names the file and the cause.
 */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
  /**
   * SQLite's result code (`SQLITE_FULL`, `SQLITE_BUSY`, ...), `NEWER_VERSION` or
   * `NOT_OURS` for a file that this program must not touch, `BEHIND` where too many batches wait,
   * `WORKER_GONE`, `CLOSED`, or the system's code (`EACCES`, ...).
   */
  readonly code: string
  /** The database file. */
  readonly file: string
  /** The cause in words, without the file. */
  readonly reason: string

  constructor(file: string, code: string, action: string, reason: string) {
    super(`cannot ${action} ${file}: ${reason} (${code})`)
    this.code = code
    this.file = file
    this.reason = reason
  }
}

/** What crosses from the worker thread in place of an error. */
export type Failure = { readonly code: string; readonly reason: string }

/** Code and words of anything thrown by SQLite or the file system. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof DatabaseError) return { code: thrown.code, reason: thrown.reason }
  if (!(thrown instanceof Error)) return { code: 'UNKNOWN', reason: String(thrown) }
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.name
  return { code, reason: thrown.message }
}
