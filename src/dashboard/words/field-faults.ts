import type { PhoneDraft } from '../data/phone-draft.ts'
import type { Problem } from '../data/types.ts'

/** What is wrong with fields, by JSON pointer. */
export type FieldFaults = ReadonlyMap<string, string>

/** The faults of a refusal that belong to fields of a phone; a line of text each. */
export function faultsOf(problem: Problem | null): FieldFaults {
  const faults = new Map<string, string>()
  for (const { path = '', message = '' } of problem?.problems ?? []) {
    const before = faults.get(path)
    faults.set(path, before === undefined ? message : `${before}; ${message}`)
  }
  return faults
}

/** The pointer to a setting (RFC 6901 section 3): its name may hold anything. */
export function settingPointer(name: string): string {
  return `/settings/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** What the API cannot say, because it would not see it: a setting that stands there twice. */
export function refusalOf({ settings }: PhoneDraft): Problem | null {
  const names = settings.map(({ name }) => name)
  const twice = [...new Set(names.filter((name, at) => names.indexOf(name) !== at))]
  if (twice.length === 0) return null
  return {
    title: 'Nothing was stored',
    status: 0,
    detail: `${twice.join(', ')}: set twice; remove one of the two`,
    problems: twice.map((name) => ({ path: settingPointer(name), message: 'is set twice' })),
  }
}

/** The refusal without the faults that a form shows at its fields. */
export function besidesFields(problem: Problem | null, draft: PhoneDraft): Problem | null {
  if (problem === null) return null
  const shown = new Set(pointersOf(draft))
  const problems = problem.problems?.filter(({ path = '' }) => !shown.has(path)) ?? []
  return { ...problem, problems }
}

const PHONE_FIELDS = ['mac', 'model', 'label', 'network', 'profile', 'address']
const LINE_FIELDS = ['name', 'authName', 'password', 'displayName', 'shortName', 'contact']

function pointersOf({ lines, settings }: PhoneDraft): string[] {
  return [
    ...PHONE_FIELDS.map((field) => `/${field}`),
    ...lines.flatMap((_, index) => LINE_FIELDS.map((field) => `/lines/${index}/${field}`)),
    ...settings.map(({ name }) => settingPointer(name)),
  ]
}
