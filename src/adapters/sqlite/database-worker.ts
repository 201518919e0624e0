import { closeSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { type MessagePort, parentPort } from 'node:worker_threads'
import type BetterSqlite3 from 'better-sqlite3'
import { DatabaseError, failureOf } from './database-error.ts'
import { commitGroup, PreparedStatements, tryCommit } from './group-commit.ts'
import { openConnection } from './open-connection.ts'
import type { SqlRow, WorkerReply, WorkerRequest } from './worker-message.ts'

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never

/**
 * The database thread: the only place where SQLite runs, so that a slow disk stops nothing else.
 * Requests are answered in the order in which they come, backups beside the others.
 */
export class DatabaseThread {
  readonly #port: MessagePort
  #opened: { connection: BetterSqlite3.Database; prepared: PreparedStatements } | undefined

  constructor(port: MessagePort) {
    this.#port = port
  }

  /** Answers one request; an error of the database or the disk is an answer too. */
  async handle(request: WorkerRequest): Promise<void> {
    let answer: WithoutId<WorkerReply>
    try {
      answer = await this.#answer(request)
    } catch (thrown) {
      answer = { kind: 'failed', ...failureOf(thrown) }
    }
    this.#port.postMessage({ id: request.id, ...answer })
    if (request.kind === 'close') this.#port.close()
  }

  #answer(request: WorkerRequest): WithoutId<WorkerReply> | Promise<WithoutId<WorkerReply>> {
    if (request.kind === 'open') return this.#open(request.file, request.busyTimeoutMs)
    if (this.#opened === undefined) throw new Error('the database is not open')
    const { connection, prepared } = this.#opened
    switch (request.kind) {
      case 'write':
        return { kind: 'written', failures: commitGroup(connection, prepared, request.batches) }
      case 'read':
        return { kind: 'rows', rows: prepared.get(request.sql).all(...request.values) as SqlRow[] }
      case 'try':
        tryCommit(connection, request.busyTimeoutMs)
        return { kind: 'done' }
      case 'backup':
        return backUp(connection, request.file)
      case 'close':
        connection.close()
        this.#opened = undefined
        return { kind: 'done' }
      default:
        return request satisfies never
    }
  }

  #open(file: string, busyTimeoutMs: number): WithoutId<WorkerReply> {
    const connection = openConnection(file, busyTimeoutMs)
    this.#opened = { connection, prepared: new PreparedStatements(connection) }
    return { kind: 'done' }
  }
}

/** Copies a few pages at a time: commits go on between them and are part of the copy. */
async function backUp(
  connection: BetterSqlite3.Database,
  file: string,
): Promise<WithoutId<WorkerReply>> {
  const own = statSync(connection.name)
  if (statSync(file, { throwIfNoEntry: false })?.ino === own.ino) {
    const reason = 'the copy would replace the database itself'
    throw new DatabaseError(connection.name, 'SAME_FILE', 'back up', reason)
  }
  const partial = `${file}.partial`
  rmSync(partial, { force: true })
  // Made before SQLite writes to it, because it holds passwords and must never be readable.
  closeSync(openSync(partial, 'wx', 0o600))
  try {
    await connection.backup(partial)
  } catch (thrown) {
    rmSync(partial, { force: true })
    throw thrown
  }
  renameSync(partial, file)
  return { kind: 'done' }
}

// On the main thread there is no port: importing this file does nothing there.
if (parentPort !== null) {
  const thread = new DatabaseThread(parentPort)
  parentPort.on('message', (request: WorkerRequest) => void thread.handle(request))
}
