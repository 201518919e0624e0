import type { Api } from './api.ts'
import { type ProblemDetail, problemOf } from './problem.ts'
import { problemResponse } from './schemas/problem.ts'

/** What SQLite and the file system say where there is no room. */
const FULL = ['SQLITE_FULL', 'ENOSPC', 'EDQUOT']

const READS = ['GET', 'HEAD', 'OPTIONS']

/**
 * What is answered where the store did not take a change: 507 where the disk is full, 503 otherwise.
 * Undefined where the error is none of a store.
 */
export function storeFault(error: unknown): ProblemDetail | undefined {
  if (!(error instanceof Error) || error.name !== 'DatabaseError') return undefined
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

/** Says of each route that changes something that the store may not take it. */
export function describeStoreFaults(app: Api): void {
  app.addHook('onRoute', (route) => {
    if ([route.method].flat().every((method) => READS.includes(method))) return
    const config = route.config as { readonly readOnly?: boolean } | undefined
    if (config?.readOnly === true) return
    const schema = route.schema ?? {}
    const responses = schema.response as Readonly<Record<string, unknown>> | undefined
    const faults = { ...problemResponse('storage-full'), ...problemResponse('unavailable') }
    route.schema = { ...schema, response: { ...faults, ...responses } }
  })
}
