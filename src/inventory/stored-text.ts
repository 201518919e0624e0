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
  return [
    ...phones.map((phone) => ({ entry: `phone ${phone.mac}`, problems: problemsOf(phone) })),
    ...profiles.map(({ name, load, sip, sccp }) => ({
      entry: `profile ${name}`,
      problems: problemsOf({ load, sip, sccp }),
    })),
  ].filter(({ problems }) => problems.length > 0)
}

function problemsOf(entry: object): readonly EntryProblem[] {
  return Object.entries(entry).flatMap(([key, value]) => {
    const place = key === 'label' ? 'free' : 'quoted'
    return problemsBelow(value, [key], place)
  })
}

/** Entries have the shape that the store has checked: their depth is bounded. */
function problemsBelow(
  value: unknown,
  path: readonly string[],
  place: TextPlace,
): readonly EntryProblem[] {
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, below]) =>
      problemsBelow(below, [...path, key], place),
    )
  }
  const fault = typeof value === 'string' ? findTextFault(value, place) : undefined
  if (fault === undefined) return []
  const message = isSecretAt(path) ? 'has a character that the phone cannot show' : fault
  return [{ path: pointer(...path), message }]
}

function isSecretAt(path: readonly string[]): boolean {
  const name = path.at(-1) as string
  return name === 'password' || isSecretParameter(name)
}
