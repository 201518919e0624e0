import { statfsSync } from 'node:fs'
import { dirname, resolve as resolvePath } from 'node:path'
import { Worker } from 'node:worker_threads'
import { CommitWatch } from './commit-watch.ts'
import { DatabaseError } from './database-error.ts'
import { FileIdentity } from './file-identity.ts'
import type { Batch, SqlRow, SqlValue, WorkerReply, WorkerRequest } from './worker-message.ts'

/** Batches that may wait for the disk; what comes on top is refused at once. */
const MAX_WAITING = 100_000

/** A commit younger than this shows that the disk takes one; else it is tried. In milliseconds. */
const PROOF_MS = 2_000
/** How long a trial waits for another program that holds the file, and whoever asks for the trial. */
const TRIAL_BUSY_MS = 1_000
const TRIAL_WITHIN_MS = 1_500

/** How to open a database; what is left out has the default named. */
export type DatabaseOptions = {
  /** How long a commit waits for another program that holds the file; 5000. */
  readonly busyTimeoutMs?: number
  /** Called once if the database thread ends by itself. Nothing can be stored from then on. */
  readonly onFailure?: (error: DatabaseError) => void
}

type WaitingBatch = {
  readonly batch: Batch
  readonly resolve: () => void
  readonly reject: (error: DatabaseError) => void
}

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never

/**
 * The database file, as seen by the main thread. SQLite itself runs in a thread of its own.
 *
 * Writes are committed in groups: while one transaction is on its way to the disk, all batches that come
 * wait and form the next one. So the disk is synced once for many leases, and a slow disk makes groups
 * larger instead of making the queue longer.
 */
export class Database {
  readonly #worker: Worker
  readonly #file: string
  readonly #options: DatabaseOptions
  readonly #pending = new Map<number, (reply: WorkerReply) => void>()
  readonly #watch = new CommitWatch(() => performance.now())
  readonly #identity: FileIdentity
  /** The trial under way; it never rejects. */
  #trial: Promise<void> | undefined
  #waiting: WaitingBatch[] = []
  /** Settles when nothing waits any more; undefined while nothing does. */
  #committing: Promise<void> | undefined
  #lastId = 0
  /** Why calls are refused; undefined while they are not. */
  #ended: DatabaseError | undefined
  #isThreadGone = false

  private constructor(file: string, options: DatabaseOptions) {
    this.#file = file
    this.#identity = new FileIdentity(file)
    this.#options = options
    // Run from sources (tests) the thread has their extension, after a build the compiled one.
    const name = import.meta.url.endsWith('.ts') ? './database-worker.ts' : './database-worker.js'
    this.#worker = new Worker(new URL(name, import.meta.url), { name: 'database' })
    this.#worker.on('message', (reply: WorkerReply) => this.#receive(reply))
    this.#worker.on('error', (error) => this.#lose(error.message))
    this.#worker.on('exit', (code) => this.#lose(`exit code ${code}`))
  }

  /**
   * Opens or makes the file and brings its tables to the newest version.
   *
   * @throws {@link DatabaseError} where that cannot be done; no thread is left behind.
   */
  static async open(file: string, options: DatabaseOptions = {}): Promise<Database> {
    const database = new Database(resolvePath(file), options)
    const busyTimeoutMs = options.busyTimeoutMs ?? 5000
    const request = { kind: 'open', file: database.#file, busyTimeoutMs } as const
    try {
      await database.#ask(request, 'open')
      await database.#identity.look()
    } catch (thrown) {
      database.#ended ??= database.#error('CLOSED', 'use', 'it could not be opened')
      await database.#worker.terminate()
      throw thrown
    }
    return database
  }

  /** The database file, as an absolute path. */
  get file(): string {
    return this.#file
  }

  /**
   * Stores a batch, all of it or nothing. Resolves when it is on disk.
   *
   * @throws {@link DatabaseError} where it is not stored.
   */
  write(batch: Batch): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) return reject(this.#ended)
      if (this.#waiting.length >= MAX_WAITING) {
        return reject(
          this.#error('BEHIND', 'write to', `${MAX_WAITING} changes are waiting already`),
        )
      }
      this.#waiting.push({ batch, resolve, reject })
      this.#committing ??= this.#commitWaiting()
    })
  }

  /**
   * Rows of a query, as of the last commit. It waits for a commit that is under way.
   *
   * @throws {@link DatabaseError}
   */
  async read(sql: string, values: readonly SqlValue[] = []): Promise<readonly SqlRow[]> {
    if (this.#ended !== undefined) throw this.#ended
    const reply = await this.#ask({ kind: 'read', sql, values }, 'read')
    return reply.kind === 'rows' ? reply.rows : []
  }

  /**
   * Why nothing can be stored that lasts, in words; null where it can. Looks at the files, and where
   * no commit of late shows that the disk takes one, tries with a transaction that changes nothing:
   * one at a time, and each costs a sync. Whoever lets anybody ask has to limit how often.
   */
  async fault(): Promise<string | null> {
    if (this.#ended !== undefined) return this.#ended.message
    const replaced = await this.#identity.look()
    if (replaced !== null) return replaced
    if (!this.#watch.hasStoredWithin(PROOF_MS)) await within(TRIAL_WITHIN_MS, this.#try())
    return this.#watch.fault()
  }

  /**
   * Writes a copy of the database as it is now to `file`, mode 0600, while commits go on. A file
   * of that name is replaced when the copy is complete.
   *
   * @throws {@link DatabaseError}
   */
  async backup(file: string): Promise<void> {
    if (this.#ended !== undefined) throw this.#ended
    const target = resolvePath(file)
    await this.#ask({ kind: 'backup', file: target }, `make ${target} from`)
  }

  /** Stores what waits, closes the file and ends the thread. Calls after it are refused. */
  async close(): Promise<void> {
    if (this.#ended !== undefined) return
    this.#ended = this.#error('CLOSED', 'use', 'it is closed')
    await this.#committing
    const exited = new Promise((resolve) => this.#worker.once('exit', resolve))
    await this.#ask({ kind: 'close' }, 'close')
    await exited
  }

  async #commitWaiting(): Promise<void> {
    // All batches of one turn of the event loop travel together.
    await undefined
    while (this.#waiting.length > 0) {
      const group = this.#waiting
      this.#waiting = []
      await this.#commit(group)
    }
    this.#committing = undefined
  }

  /** Settles every batch of the group; does not throw. */
  async #commit(group: readonly WaitingBatch[]): Promise<void> {
    this.#watch.begin()
    try {
      const batches = group.map(({ batch }) => batch)
      const reply = await this.#ask({ kind: 'write', batches }, 'write to')
      const failures = reply.kind === 'written' ? reply.failures : []
      let failure: DatabaseError | null = null
      for (const { index, code, reason } of failures) {
        failure = this.#error(code, 'write to', reason)
        group[index]?.reject(failure)
      }
      // One that was refused alone says nothing of the disk: others of the group are on it.
      this.#watch.end(failures.length === group.length ? failure : null)
      // A batch that was rejected stays so: a promise settles once.
      for (const { resolve } of group) resolve()
    } catch (thrown) {
      const error = thrown as DatabaseError
      this.#watch.end(error)
      for (const { reject } of group) reject(error)
    }
  }

  /** Tries a transaction that changes nothing; who asks meanwhile gets the same one. */
  #try(): Promise<void> {
    this.#trial ??= this.#ask({ kind: 'try', busyTimeoutMs: TRIAL_BUSY_MS }, 'write to')
      .then(
        () => this.#watch.note(null),
        (thrown: DatabaseError) => this.#watch.note(thrown),
      )
      .finally(() => {
        this.#trial = undefined
      })
    return this.#trial
  }

  #ask(request: WithoutId<WorkerRequest>, action: string): Promise<WorkerReply> {
    return new Promise((resolve, reject) => {
      if (this.#isThreadGone) return reject(this.#ended)
      const id = ++this.#lastId
      this.#worker.postMessage({ id, ...request })
      this.#pending.set(id, (reply) => {
        if (reply.kind === 'failed') reject(this.#error(reply.code, action, reply.reason))
        else resolve(reply)
      })
    })
  }

  #receive(reply: WorkerReply): void {
    const settle = this.#pending.get(reply.id)
    this.#pending.delete(reply.id)
    settle?.(reply)
  }

  /** The thread has ended: what waits for it fails, and the owner of the program is told. */
  #lose(reason: string): void {
    this.#isThreadGone = true
    const isNews = this.#ended === undefined
    const words = `the database thread has ended: ${reason}`
    this.#ended ??= this.#error('WORKER_GONE', 'use', words)
    for (const settle of this.#pending.values()) {
      settle({ id: 0, kind: 'failed', code: 'WORKER_GONE', reason: words })
    }
    this.#pending.clear()
    if (isNews) this.#options.onFailure?.(this.#ended)
  }

  #error(code: string, action: string, reason: string): DatabaseError {
    // SQLite tells of a full disk by the names of other faults, too, such as when the log cannot grow.
    if (code.startsWith('SQLITE_IOERR') && isFull(this.#file)) {
      return new DatabaseError(this.#file, 'SQLITE_FULL', action, `the disk is full (${reason})`)
    }
    return new DatabaseError(this.#file, code, action, reason)
  }
}

/** The largest change is a firmware archive of 32 MiB. */
const ROOM_BYTES = 40 * 1024 * 1024

/** Whether the disk of a file has no room for a change. */
function isFull(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(file))
    return bavail * bsize < ROOM_BYTES
  } catch {
    // What cannot be asked is not known to be full.
    return false
  }
}

/** Resolves with the work, or after so many milliseconds while it goes on. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, patience])
  clearTimeout(timer)
}
