import Type from 'typebox'
import { Check, Decode } from 'typebox/value'
import { firstBeyondAscii } from '../phones/config-files/phone-text.ts'
import { nearestWord } from '../phones/nearest-word.ts'
import { type Problem, pathOfItem, pathOfKey } from './problem.ts'
import type { Readable } from './readable.ts'

/**
 * Holds a value against a schema and decodes what is right in it, defaults filled in.
 *
 * It walks objects and lists itself, so that each fault is reported once, all of them, with what
 * was found and what was wanted; the schema's leaves are checked by typebox.
 *
 * @param problems - Receives the faults.
 * @returns The decoded value, complete if no problem was added.
 */
export function readForm<S extends Type.TSchema>(
  schema: S,
  value: unknown,
  path: string,
  problems: Problem[],
): Readable<Type.StaticDecode<S>> | undefined {
  return readAny(schema, value, path, problems) as Readable<Type.StaticDecode<S>> | undefined
}

/** A value in a message: as text, short. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping of keys'
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

function readAny(schema: Type.TSchema, value: unknown, path: string, problems: Problem[]): unknown {
  if (Type.IsObject(schema)) return readObject(schema, value, path, problems)
  if (Type.IsArray(schema)) return readList(schema, value, path, problems)
  if (isChoice(schema)) return readChoice(schema, value, path, problems)
  if (Check(schema, value)) return Decode(schema, value)
  const odd = typeof value === 'string' ? firstBeyondAscii(value) : undefined
  const found = odd === undefined ? shown(value) : `${shown(value)} with ${odd}`
  problems.push({ path, message: `found ${found}, wanted ${wantedBy(schema)}` })
  return undefined
}

function readObject(schema: Type.TObject, value: unknown, path: string, problems: Problem[]) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.push({ path, message: `found ${shown(value)}, wanted ${wantedBy(schema)}` })
    return undefined
  }
  const known = Object.keys(schema.properties)
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue
    problems.push({ path: pathOfKey(path, key), message: unknownKey(key, known) })
  }
  const decoded: Record<string, unknown> = {}
  for (const [key, property] of Object.entries(schema.properties)) {
    const found = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined
    const result = readProperty(property, found, pathOfKey(path, key), problems)
    if (result !== undefined) decoded[key] = result
  }
  return decoded
}

function readProperty(
  schema: Type.TSchema,
  value: unknown,
  path: string,
  problems: Problem[],
): unknown {
  // A section whose keys are all commented out is an empty section.
  const found = value === null && Type.IsObject(schema) ? undefined : value
  if (found !== undefined) return readAny(schema, found, path, problems)
  if (Type.IsOptional(schema)) return undefined
  if ('default' in schema) return readAny(schema, schema.default, path, problems)
  problems.push({ path, message: `missing, wanted ${wantedBy(schema)}` })
  return undefined
}

function readList(schema: Type.TArray, value: unknown, path: string, problems: Problem[]) {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema as Limits
  if (!Array.isArray(value)) {
    problems.push({ path, message: `found ${shown(value)}, wanted ${wantedBy(schema)}` })
    return undefined
  }
  if (value.length < minItems || value.length > maxItems) {
    const message = `found ${value.length} items, wanted ${wantedBy(schema)} (${minItems} to ${maxItems})`
    problems.push({ path, message })
    return undefined
  }
  return value.map((item, index) => readAny(schema.items, item, pathOfItem(path, index), problems))
}

/** A union of objects that one key tells apart: `chosenBy` is on the schema, outside its type. */
type Choice = Type.TUnion<Type.TObject[]> & { readonly chosenBy: string }

function isChoice(schema: Type.TSchema): schema is Choice {
  return Type.IsUnion(schema) && 'chosenBy' in schema
}

/** The object that the value's own key chooses is read as any other, so that each fault is reported. */
function readChoice(schema: Choice, value: unknown, path: string, problems: Problem[]) {
  const { anyOf, chosenBy } = schema
  const isMapping = typeof value === 'object' && value !== null && Object.hasOwn(value, chosenBy)
  if (!isMapping) {
    problems.push({ path, message: `found ${shown(value)}, wanted ${wantedBy(schema)}` })
    return undefined
  }
  const choice = (value as Record<string, unknown>)[chosenBy]
  const chosen = anyOf.find(({ properties }) => Check(properties[chosenBy] as Type.TSchema, choice))
  if (chosen !== undefined) return readObject(chosen, value, path, problems)
  const message = `found ${shown(choice)}, wanted ${wantedBy(schema)}`
  problems.push({ path: pathOfKey(path, chosenBy), message })
  return undefined
}

/** How many items a list may have; typebox keeps it on the schema, outside its type. */
type Limits = { readonly minItems?: number; readonly maxItems?: number }

function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearestWord(key, known)
  if (meant !== undefined) return `unknown key, did you mean ${meant}?`
  return `unknown key, wanted one of: ${known.join(', ')}`
}

/** Every part of the schema says what it wants; the test of the schema sees to it. */
type Described = Type.TSchema & { readonly wanted: string }

function wantedBy(schema: Type.TSchema): string {
  return (schema as Described).wanted
}
