import { entriesIn } from '../data/entries-in.ts'
import type { PhoneDraft } from '../data/phone-draft.ts'
import type { ProfileDraft } from '../data/profile-draft.ts'
import type { Problem } from '../data/types.ts'
import type { WebhookDraft } from '../data/webhook-draft.ts'
import { fieldName, LINE_NAMES, toPointer } from './field-names.ts'

/** What is wrong with fields, by JSON pointer. */
export type FieldFaults = ReadonlyMap<string, string>

/** The values of a form's fields, by JSON pointer. */
export type FormValues = ReadonlyMap<string, string>

/** A refusal, and what the form held when it was sent. */
export type FormRefusal = { readonly problem: Problem; readonly sent: FormValues }

/**
 * The faults that stand at fields, a line of text each. A field that was changed since is not known
 * to be at fault any more.
 */
export function faultsOf(refusal: FormRefusal | null, now: FormValues): FieldFaults {
  const faults = new Map<string, string>()
  for (const { path = '', message = '' } of refusal?.problem.problems ?? []) {
    const field = toPointer(path)
    const value = now.get(field)
    if (value === undefined || value !== refusal?.sent.get(field)) continue
    const before = faults.get(field)
    faults.set(field, before === undefined ? message : `${before}; ${message}`)
  }
  return faults
}

/**
 * What a form says of a refusal besides the faults at its fields: which those are, and what belongs
 * to no field. Null once every field is corrected.
 */
export function noteOf(refusal: FormRefusal | null, now: FormValues): Problem | null {
  if (refusal === null) return null
  const { problem, sent } = refusal
  const all = problem.problems ?? []
  if (all.length === 0) return problem
  const fields = [...faultsOf(refusal, now).keys()]
  const others = all.filter(({ path = '' }) => !sent.has(toPointer(path)))
  if (fields.length === 0 && others.length === 0) return null
  const detail =
    fields.length === 0 ? problem.detail : `Correct: ${fields.map(fieldName).join(', ')}.`
  return { ...problem, title: 'Nothing was stored', detail, problems: others }
}

/** The pointer to a setting (RFC 6901 section 3): its name may hold anything. */
export function settingPointer(name: string, below = '/settings'): string {
  return `${below}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** What the API cannot say, because it would not see it: a setting that stands there twice. */
export function refusalOf(
  settings: readonly { readonly name: string }[],
  below = '/settings',
): Problem | null {
  const names = settings.map(({ name }) => name)
  const twice = [...new Set(names.filter((name, at) => names.indexOf(name) !== at))]
  if (twice.length === 0) return null
  return {
    title: 'Nothing was stored',
    status: 0,
    detail: `${twice.join(', ')}: set twice; remove one of the two`,
    problems: twice.map((name) => ({ path: settingPointer(name, below), message: 'is set twice' })),
  }
}

const PHONE_FIELDS = [
  'mac',
  'model',
  'label',
  'network',
  'profile',
  'address',
  'switchPort',
] as const

/** What the form of a phone holds. */
export function phoneValues(draft: PhoneDraft): FormValues {
  const lineFields = Object.keys(LINE_NAMES) as (keyof typeof LINE_NAMES)[]
  return new Map([
    ...PHONE_FIELDS.map((field) => [`/${field}`, draft[field]] as const),
    ...draft.lines.flatMap((line, index) =>
      lineFields.map((field) => [`/lines/${index}/${field}`, line[field]] as const),
    ),
    ...settingValues(draft.settings, '/settings'),
  ])
}

/** What the form of a profile holds. */
export function profileValues(draft: ProfileDraft): FormValues {
  return new Map([
    ['/name', draft.name],
    ['/protocol', draft.protocol],
    ['/load', draft.load],
    ...settingValues(draft.settings, '/sip'),
    ...entriesIn(draft.callManagers).map(
      (host, index) => [`/sccp/callManagers/${index}`, host] as const,
    ),
    ['/sccp/callManagers', draft.callManagers],
  ])
}

/** What the form of a webhook holds. */
export function webhookValues({ url, events, secret }: WebhookDraft): FormValues {
  return new Map([
    ['/url', url],
    ...entriesIn(events).map((event, index) => [`/events/${index}`, event] as const),
    ['/events', events],
    ['/secret', secret],
  ])
}

/** The faults of the entries of a list that is one field of its form; undefined: none. */
export function listFault(faults: FieldFaults, list: string): string | undefined {
  const own = [...faults].filter(([pointer]) => pointer.startsWith(list))
  return own.length === 0 ? undefined : own.map(([, words]) => words).join('; ')
}

/** What the settings of a form hold; one that stands there twice counts how often it does. */
function settingValues(
  settings: readonly { readonly name: string; readonly value: string }[],
  below: string,
): readonly (readonly [pointer: string, value: string])[] {
  const times = (name: string) => settings.filter((one) => one.name === name).length
  return settings.map(
    ({ name, value }) => [settingPointer(name, below), `${times(name)} ${value}`] as const,
  )
}
