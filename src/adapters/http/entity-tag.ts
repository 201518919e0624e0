import type { IncomingHttpHeaders } from 'node:http'

/** What a request demands of the entry as it stands (RFC 9110 sections 13.1.1 and 13.1.2). */
export type Precondition =
  | { readonly kind: 'none' }
  /** `If-None-Match: *`. */
  | { readonly kind: 'absent' }
  /** `If-Match: *`. */
  | { readonly kind: 'exists' }
  /** `If-Match` with entity tags; those that are none of ours match nothing. */
  | { readonly kind: 'one-of'; readonly tags: readonly string[] }

/** An entry's strong entity tag: its revision in quotes (RFC 9110 section 8.8.3). */
export function entityTag(revision: number | string): string {
  return `"${revision}"`
}

/** Reads the precondition of a changing request. `If-None-Match` with a tag is for reading only. */
export function readPrecondition(headers: IncomingHttpHeaders): Precondition {
  const ifMatch = headers['if-match']
  if (ifMatch !== undefined) {
    if (ifMatch.trim() === '*') return { kind: 'exists' }
    return { kind: 'one-of', tags: tagsOf(ifMatch) }
  }
  return headers['if-none-match']?.trim() === '*' ? { kind: 'absent' } : { kind: 'none' }
}

/**
 * Whether an entry meets the precondition.
 *
 * @param revision - Of the entry as it stands; undefined where there is none.
 */
export function meetsPrecondition(
  precondition: Precondition,
  revision: number | string | undefined,
): boolean {
  switch (precondition.kind) {
    case 'none':
      return true
    case 'absent':
      return revision === undefined
    case 'exists':
      return revision !== undefined
    case 'one-of':
      return revision !== undefined && precondition.tags.includes(entityTag(revision))
    default:
      return precondition satisfies never
  }
}

/** Whether the caller has this very entry already (`If-None-Match` of a reading request). */
export function alreadyHas(headers: IncomingHttpHeaders, tag: string): boolean {
  const ifNoneMatch = headers['if-none-match']
  if (ifNoneMatch === undefined) return false
  // RFC 9110 section 13.1.2: weak comparison here, so the prefix does not matter.
  return ifNoneMatch.trim() === '*' || tagsOf(ifNoneMatch.replaceAll('W/', '')).includes(tag)
}

function tagsOf(field: string): string[] {
  return field.split(',').map((tag) => tag.trim())
}

/**
 * What a changing request demands of an entry with revisions, decided on the entry as it stands.
 *
 * @returns `met` with the revision that the entry must still have when the change is made;
 *   undefined where the request demands nothing, 0 where the entry must not be there.
 */
export function demandOn(
  headers: IncomingHttpHeaders,
  current: { readonly revision: number } | undefined,
): { readonly kind: 'met'; readonly revision: number | undefined } | { readonly kind: 'unmet' } {
  const precondition = readPrecondition(headers)
  if (!meetsPrecondition(precondition, current?.revision)) return { kind: 'unmet' }
  const revision = precondition.kind === 'none' ? undefined : (current?.revision ?? 0)
  return { kind: 'met', revision }
}
