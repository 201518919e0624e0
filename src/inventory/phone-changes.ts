import { isDeepStrictEqual } from 'node:util'
import type { Phone, PhoneLine } from './phone.ts'

const FIELDS = [
  'model',
  'label',
  'network',
  'profile',
  'address',
  'trustAddress',
  'switchPort',
] as const

const LINE_FIELDS = [
  'name',
  'authName',
  'password',
  'displayName',
  'shortName',
  'contact',
] as const satisfies readonly (keyof PhoneLine)[]

/**
 * Names of the fields in which two versions of a phone differ, never their values: `label`,
 * `line1_password`, `settings.phone_label`. Of a new phone, those that are set.
 */
export function changedFields(before: Phone | undefined, after: Phone): readonly string[] {
  const fields = FIELDS.filter((field) => (before?.[field] ?? null) !== (after[field] ?? null))
  return [
    ...fields,
    ...changedLines(before?.lines ?? [], after.lines),
    ...changedSettings(before?.settings ?? {}, after.settings),
  ]
}

function changedLines(before: readonly PhoneLine[], after: readonly PhoneLine[]): string[] {
  const places = Array.from({ length: Math.max(before.length, after.length) }, (_, place) => place)
  return places.flatMap((place) =>
    LINE_FIELDS.filter((field) => before[place]?.[field] !== after[place]?.[field]).map(
      (field) => `line${place + 1}_${field}`,
    ),
  )
}

function changedSettings(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] {
  if (isDeepStrictEqual(before, after)) return []
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names.filter((name) => before[name] !== after[name]).map((name) => `settings.${name}`)
}
