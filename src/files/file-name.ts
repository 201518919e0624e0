/** The longest name that is looked up, in characters; a request cannot carry a longer one. */
const MAX_NAME_LENGTH = 512

/**
 * The one name for what a client asked for: leading `./` and `/` are dropped, since some clients
 * put them there and mean nothing by it.
 *
 * @returns The name; undefined where nothing can have it: empty, with a `..` or `.` or empty part,
 *   a backslash, a colon (drive letters), or a control character such as NUL.
 */
export function canonicalFileName(requestedName: string): string | undefined {
  if (requestedName.length > MAX_NAME_LENGTH) return undefined
  const name = requestedName.replace(/^(?:\.?\/)+/, '')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  if (/[\\:\u0000-\u001f\u007f]/.test(name)) return undefined
  const parts = name.split('/')
  return parts.some((part) => part === '' || part === '.' || part === '..') ? undefined : name
}

/** What a client asked for, under the name that it really has. */
export type NamedValue<Value> = { readonly name: string; readonly value: Value }

/**
 * Names and what they stand for, looked up as a phone expects: exactly, and otherwise without
 * regard to case, because guides and old servers differ in the case of `SIPDefault.cnf`.
 */
export class FileNames<Value> {
  readonly #exact = new Map<string, NamedValue<Value>>()
  /** Null where several names differ in case alone: then only the exact ones exist. */
  readonly #folded = new Map<string, NamedValue<Value> | null>()

  /** Of a name that comes twice the last value counts. Names are canonical; others are never found. */
  constructor(entries: Iterable<readonly [name: string, value: Value]> = []) {
    for (const [name, value] of entries) this.#exact.set(name, { name, value })
    for (const [name, named] of this.#exact) {
      const folded = name.toLowerCase()
      this.#folded.set(folded, this.#folded.has(folded) ? null : named)
    }
  }

  /** What a requested name means, by its canonical form; undefined where it means nothing. */
  find(requestedName: string): NamedValue<Value> | undefined {
    const name = canonicalFileName(requestedName)
    if (name === undefined) return undefined
    return this.#exact.get(name) ?? this.#folded.get(name.toLowerCase()) ?? undefined
  }
}
