import type { Statement } from './worker-message.ts'

/** Statements of a table with a key and a document: `put` takes both, `gone` the key alone. */
export type DocumentStatements = { readonly put: string; readonly gone: string }

/** Stores each document under its key as JSON; null deletes what is there. */
export function documentChanges(
  { put, gone }: DocumentStatements,
  changes: ReadonlyMap<string, unknown>,
): readonly Statement[] {
  const puts: string[][] = []
  const deletes: string[][] = []
  for (const [key, document] of changes) {
    if (document === null) deletes.push([key])
    else puts.push([key, JSON.stringify(document)])
  }
  return [
    { sql: put, rows: puts },
    { sql: gone, rows: deletes },
  ]
}
