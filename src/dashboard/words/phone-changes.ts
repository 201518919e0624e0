import type { Phone } from '../data/types.ts'

const FIELDS = [
  ['label', 'label'],
  ['model', 'model'],
  ['network', 'network'],
  ['profile', 'profile'],
  ['address', 'fixed address'],
  ['trustAddress', 'trust in the fixed address'],
  ['switchPort', 'switch port'],
] as const

/** What another operator has changed of a phone, a phrase each; passwords are not known to be changed. */
export function describePhoneChanges(before: Phone, now: Phone): string[] {
  const fields = FIELDS.filter(([field]) => before[field] !== now[field]).map(
    ([field, name]) => `${name}: ${before[field] ?? 'none'} is now ${now[field] ?? 'none'}`,
  )
  const lines = isSame(before.lines, now.lines) ? [] : ['the lines']
  const settings =
    isSame(before.settings, now.settings) && isSame(before.secretSettings, now.secretSettings)
      ? []
      : ['the settings']
  const changes = [...fields, ...lines, ...settings]
  return changes.length > 0 ? changes : ['a password, or a value that was changed back']
}

function isSame(before: unknown, now: unknown): boolean {
  return JSON.stringify(before) === JSON.stringify(now)
}
