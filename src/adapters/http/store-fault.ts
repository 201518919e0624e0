import type { Api } from './api.ts'
import { type ProblemDetail, problemOf } from './problem.ts'
import { isReadOnly } from './read-only.ts'
import { addProblem } from './schemas/problem.ts'

/** What SQLite and the file system say where there is no room. */
const FULL = ['SQLITE_FULL', 'ENOSPC', 'EDQUOT']

/**
 * What is answered where the store did not take a change: 507 where the disk is full, 503 otherwise.
 * Undefined where the error is none of a store.
 */
export function storeFault(error: unknown): ProblemDetail | undefined {
  if (!(error instanceof Error)) return undefined
  if (error.name === 'PostgresError') return sharedStoreFault(error.message)
  if (error.name !== 'DatabaseError') return undefined
  const { code, reason } = error as Error & { readonly code: string; readonly reason: string }
  if (FULL.includes(code)) {
    const detail =
      'The disk that holds the data folder is full; the change was not stored. Free some space, then ' +
      'repeat the request: earlier data is intact, and no restart is needed'
    return problemOf('storage-full', detail)
  }
  const detail = `The database cannot be written: ${reason} (${code}). The change was not stored; retry later`
  return problemOf('unavailable', detail)
}

/** Asked again after so many seconds, PostgreSQL may be back. */
const RETRY_AFTER_SECONDS = 5

/** What is answered where the store that appliances share did not take a change. */
export function sharedStoreFault(reason: string): ProblemDetail {
  const detail = `PostgreSQL cannot be used: ${reason}. Read the entry again before you repeat the request: the change was not acknowledged`
  return problemOf('unavailable', detail, { retryAfter: RETRY_AFTER_SECONDS })
}

/** Says of each route that changes something that the store may not take it. */
export function describeStoreFaults(app: Api): void {
  app.addHook('onRoute', (route) => {
    if (isReadOnly(route)) return
    route.schema = addProblem(addProblem(route.schema ?? {}, 'storage-full'), 'unavailable')
  })
}
