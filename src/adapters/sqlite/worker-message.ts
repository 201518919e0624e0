import type { Failure } from './database-error.ts'

/** A value that SQLite binds. Whole numbers beyond 53 bits are not used anywhere. */
export type SqlValue = string | number | null | Uint8Array

/** One SQL text, run once for each row of parameters. */
export type Statement = { readonly sql: string; readonly rows: readonly (readonly SqlValue[])[] }

/** Statements that belong together: all of them are stored, or none. */
export type Batch = readonly Statement[]

/** A row as read: values by column name. */
export type SqlRow = Readonly<Record<string, unknown>>

/** What the database thread is asked for. */
export type WorkerRequest = { readonly id: number } & (
  | { readonly kind: 'open'; readonly file: string; readonly busyTimeoutMs: number }
  | { readonly kind: 'write'; readonly batches: readonly Batch[] }
  | { readonly kind: 'read'; readonly sql: string; readonly values: readonly SqlValue[] }
  /** Whether a transaction gets to the disk: one that changes nothing is committed. */
  | { readonly kind: 'try'; readonly busyTimeoutMs: number }
  | { readonly kind: 'backup'; readonly file: string }
  | { readonly kind: 'close' }
)

/** A batch of a group that was not stored. */
export type BatchFailure = Failure & { readonly index: number }

/** What the database thread answers, with the `id` of the request. */
export type WorkerReply = { readonly id: number } & (
  | { readonly kind: 'done' }
  | { readonly kind: 'written'; readonly failures: readonly BatchFailure[] }
  | { readonly kind: 'rows'; readonly rows: readonly SqlRow[] }
  | ({ readonly kind: 'failed' } & Failure)
)
