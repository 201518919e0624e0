/** Something in an entry that is for the operator to put right. */
export type EntryProblem = {
  /** JSON pointer into the entry (RFC 6901): `/lines/0/name`. */
  readonly path: string
  /** What was found and what was wanted. */
  readonly message: string
}

/** The values are not valid; every problem is listed. */
export type Refused = { readonly kind: 'refused'; readonly problems: readonly EntryProblem[] }

/** The entry is not at the revision that was expected. `revision` is its own; 0 if it is not there. */
export type RevisionConflict = { readonly kind: 'conflict'; readonly revision: number }

/** There is no such entry. */
export type NotFound = { readonly kind: 'not-found' }

/** Others depend on the entry; `by` names them in words (`phone 000E84C060A6`). */
export type InUse = { readonly kind: 'in-use'; readonly by: readonly string[] }

/** The entry is on disk. `unchanged`: it was there already, equal in every field. */
export type Stored<Entry> = {
  readonly kind: 'created' | 'replaced' | 'unchanged'
  readonly value: Entry
}

/** What came of storing an entry. */
export type PutOutcome<Entry> = Stored<Entry> | Refused | RevisionConflict

/** What came of deleting an entry. */
export type DeleteOutcome = { readonly kind: 'deleted' } | NotFound | RevisionConflict | InUse

/** Writes a JSON pointer (RFC 6901 section 3). */
export function pointer(...parts: readonly (string | number)[]): string {
  return parts
    .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
}
