import { type EntryProblem, pointer } from './inventory-outcome.ts'
import type { PhoneLine } from './phone.ts'
import type { LineDraft } from './phone-draft.ts'

/** Changes to one line: what is left out stays, null takes away; without its name a line is gone. */
export type LinePatch = {
  readonly [Field in 'name' | 'authName' | 'password' | 'displayName']?: string | null
}

/**
 * The lines of a phone after changes by place. A password that no patch names stays with its place,
 * also where the line gets another name.
 */
export function mergeLines(
  current: readonly PhoneLine[],
  patches: readonly (LinePatch | undefined)[],
): { readonly lines: readonly LineDraft[]; readonly problems: readonly EntryProblem[] } {
  const places = Math.max(current.length, patches.length)
  const merged = Array.from({ length: places }, (_, place) =>
    mergeLine(current[place], patches[place] ?? {}),
  )
  const problems = merged.flatMap((line, place) => findGap(line, place, merged))
  return { lines: merged.filter((line): line is LineDraft => typeof line === 'object'), problems }
}

/** A line, or why there is none. */
type Merged = LineDraft | 'absent' | 'removed' | 'nameless'

function mergeLine(line: PhoneLine | undefined, { password, ...patch }: LinePatch): Merged {
  if (patch.name === null) return 'removed'
  const name = patch.name ?? line?.name
  if (name === undefined) {
    const given = [password, ...Object.values(patch)]
    return given.some((value) => typeof value === 'string') ? 'nameless' : 'absent'
  }
  const kept = Object.entries({ ...line, ...patch }).filter(([, value]) => value != null)
  const texts = Object.fromEntries(kept) as Omit<PhoneLine, 'name'>
  const stays = line?.password ?? null
  return { ...texts, name, password: password === undefined ? stays : password }
}

function findGap(line: Merged, place: number, merged: readonly Merged[]): EntryProblem[] {
  if (typeof line === 'object') return []
  const problem = (message: string) => [{ path: pointer('lines', place, 'name'), message }]
  if (line === 'nameless') return problem(`line ${place + 1} has no name; give it one`)
  const next = merged.findIndex((other, index) => index > place && typeof other === 'object')
  if (next < 0) return []
  return line === 'removed'
    ? problem(`line ${place + 1} cannot be removed while line ${next + 1} stays`)
    : problem(`line ${place + 1} has no name, but line ${next + 1} has one`)
}
