import { findTextFault, type TextPlace } from '../phones/config-files/phone-text.ts'
import { isSecretParameter } from '../phones/config-files/sip-parameters.ts'
import { type EntryProblem, pointer } from './inventory-outcome.ts'
import type { Phone, Profile } from './phone.ts'

/** A stored phone or profile with text that phones cannot read, and where it stands in the entry. */
export type UnreadableText = {
  /** `phone 000E84C060A6`, `profile to-sip`. */
  readonly entry: string
  /** One for each text; the characters of a secret are not named. */
  readonly problems: readonly EntryProblem[]
}

/**
 * Finds entries that an earlier version stored with text that is refused today. They stay as they
 * are; files are made of them without the characters that are not allowed there.
 */
export function findUnreadableTexts(
  phones: readonly Phone[],
  profiles: readonly Profile[],
): readonly UnreadableText[] {
  const found: UnreadableText[] = []
  for (const phone of phones) note(found, `phone ${phone.mac}`, phone)
  for (const { name, load, sip, sccp } of profiles) {
    note(found, `profile ${name}`, { load, sip, sccp })
  }
  return found
}

function note(found: UnreadableText[], name: string, entry: object): void {
  const problems: EntryProblem[] = []
  for (const [key, value] of Object.entries(entry)) {
    search(value, [key], key === 'label' ? 'free' : 'quoted', problems)
  }
  if (problems.length > 0) found.push({ entry: name, problems })
}

/** Entries have the shape that the store has checked: their depth is bounded. */
function search(value: unknown, path: string[], place: TextPlace, problems: EntryProblem[]): void {
  if (typeof value === 'object' && value !== null) {
    for (const [key, below] of Object.entries(value)) {
      path.push(key)
      search(below, path, place, problems)
      path.pop()
    }
    return
  }
  const fault = typeof value === 'string' ? findTextFault(value, place) : undefined
  if (fault === undefined) return
  const message = isSecretAt(path) ? 'has a character that the phone cannot show' : fault
  problems.push({ path: pointer(...path), message })
}

function isSecretAt(path: readonly string[]): boolean {
  const name = path.at(-1) as string
  return name === 'password' || isSecretParameter(name)
}
