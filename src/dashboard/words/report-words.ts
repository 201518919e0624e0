import type { StartedBy } from '../data/types.ts'

/** Who began it, for people. */
export function starterWords(startedBy: StartedBy | null): string {
  if (startedBy === null) return 'not recorded'
  const { how, by, address, rollout } = startedBy
  const what = rollout === null ? WAYS[how] : `roll-out ${rollout}`
  const who = [by, address].filter((part) => part !== null)
  return who.length === 0 ? what : `${what} (${who.join(', ')})`
}

const WAYS = {
  operator: 'an operator',
  rollout: 'a roll-out',
  import: 'an operation on many phones',
  'automatic-enrolment': 'automatic enrolment',
} as const satisfies Record<StartedBy['how'], string>
