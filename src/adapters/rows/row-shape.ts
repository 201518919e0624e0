import { parseSwitchPort } from '../../net/switch-port.ts'

/** A row as a database driver gives it; nothing in it is trusted. */
export type StoredRow = Readonly<Record<string, unknown>>

/** Whether a value read from the database may stand in a field. */
export type FieldCheck = (value: unknown) => boolean

/** What a row or a stored document must look like: one check for each field, none left out. */
export type Shape<T> = { readonly [Field in keyof T]-?: FieldCheck }

/**
 * What is wrong with a stored value, in words that name the field; undefined if it fits `shape`.
 * Fields that the shape does not know are no fault.
 */
export function findShapeFault<T>(value: unknown, shape: Shape<T>): string | undefined {
  if (typeof value !== 'object' || value === null) return `${shown(value)} is not a record`
  const record = value as Record<string, unknown>
  // Not by entries, which would be made again for each of 50,000 rows.
  for (const field in shape) {
    if (!shape[field](record[field])) return `${field} is ${shown(record[field])}`
  }
  return undefined
}

/** Reads JSON; undefined where the text is none. */
export function parseJson(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined
  } catch {
    // A broken row is expected here: its shape check names it.
    return undefined
  }
}

/** A field of this shape, as a check. */
export function shaped<T>(shape: Shape<T>): FieldCheck {
  return (value) => findShapeFault(value, shape) === undefined
}

/** Text of at most `maxLength` characters. */
export function text(maxLength = 10_000): FieldCheck {
  return (value) => typeof value === 'string' && value.length <= maxLength
}

/** Text that a pattern describes. */
export function matching(pattern: RegExp): FieldCheck {
  return (value) => typeof value === 'string' && pattern.test(value)
}

/** A whole number from `least` to `most`. */
export function whole(least = 0, most = Number.MAX_SAFE_INTEGER): FieldCheck {
  return (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most
}

/** One of the values listed. */
export function oneOf(...values: readonly (string | boolean)[]): FieldCheck {
  return (value) => values.some((allowed) => allowed === value)
}

/** What `check` allows, or null. */
export function orNull(check: FieldCheck): FieldCheck {
  return (value) => value === null || check(value)
}

/** What `check` allows, or a field that is missing. */
export function orMissing(check: FieldCheck): FieldCheck {
  return (value) => value === undefined || check(value)
}

/** A list of what `check` allows. */
export function listOf(check: FieldCheck): FieldCheck {
  return (value) => Array.isArray(value) && value.every(check)
}

/** A record whose values are text. */
export function isTextRecord(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value).every((field) => typeof field === 'string')
}

/** `SwitchPort` as it is stored: as it was entered. */
export function isSwitchPort(value: unknown): boolean {
  return typeof value === 'string' && parseSwitchPort(value) !== undefined
}

/** `Mac` as it is stored: twelve upper-case digits. */
export const isMac = matching(/^[0-9A-F]{12}$/)

/** An address that a host may have. */
export const isAddress = whole(1, 0xfffffffe)

function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  const json = JSON.stringify(value) ?? String(value)
  return json.length > 60 ? `${json.slice(0, 60)}...` : json
}
