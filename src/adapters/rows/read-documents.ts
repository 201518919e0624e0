import { parseJson, type StoredRow } from './row-shape.ts'

/** What is wrong with a stored document, in words; undefined if it is what its key says. */
export type FindFault = (document: unknown, key: unknown) => string | undefined

/**
 * Documents of rows with `key` and `document`. One that makes no sense is left out, and why is
 * added to `faults`: one broken row never keeps the appliance from starting.
 *
 * @param what - The kind of thing, as it stands before its key.
 */
export function readDocuments<T>(
  rows: readonly StoredRow[],
  what: string,
  findFault: FindFault,
  faults: string[],
): T[] {
  const documents: T[] = []
  for (const { key, document } of rows) {
    const value = parseJson(document)
    const fault = findFault(value, key)
    if (fault === undefined) documents.push(value as T)
    else faults.push(`${what} ${key} is left out: ${fault}`)
  }
  return documents
}
