/** Something in a request that is for the caller to put right. */
export type FieldProblem = {
  /** Where it is, as a JSON pointer into the body (RFC 6901) or the name of a parameter. */
  readonly path: string
  /** What was found and what was wanted, in words. */
  readonly message: string
}

/** Something in an uploaded archive that is for the caller to put right. */
export type FileFault = {
  /** The file's name within the archive; empty for the archive as a whole. */
  readonly file: string
  readonly fault: string
}

/** The entry is not there, or is not there any more. */
export type NotFound = { readonly kind: 'not-found' }

/** The values cannot stand as they are; every problem is listed. */
export type Refused = { readonly kind: 'refused'; readonly problems: readonly FieldProblem[] }

/**
 * Somebody else changed the entry since the caller read it. `revision` is the one that stands now;
 * 0 where the entry is gone.
 */
export type RevisionConflict = { readonly kind: 'conflict'; readonly revision: number }

/** Others depend on the entry; `by` names them in words (`phone 000E84C060A6`). */
export type InUse = { readonly kind: 'in-use'; readonly by: readonly string[] }

/** What came of storing an entry. `unchanged`: it stood there already, word for word. */
export type PutOutcome<T> =
  | { readonly kind: 'created'; readonly value: T }
  | { readonly kind: 'replaced'; readonly value: T }
  | { readonly kind: 'unchanged'; readonly value: T }
  | Refused
  | RevisionConflict

/** What came of deleting an entry. */
export type DeleteOutcome = { readonly kind: 'deleted' } | NotFound | RevisionConflict | InUse
