import type { PageState } from '../data/page-state.ts'
import type { RolloutSummary } from '../data/types.ts'
import { countRollout, describeRollout } from './rollout-words.ts'

/**
 * What a screen reader is told about roll-outs: that one has stopped, finished, or gone on to its
 * waves. Null where none has.
 */
export function rolloutAnnouncementOf(before: PageState, after: PageState): string | null {
  const known = new Map(shownIn(before).map((one) => [one.id, one]))
  const moved = shownIn(after).filter((one) => hasMoved(known.get(one.id), one))
  if (moved.length > 1) return `${moved.length} roll-outs have changed`
  const [one] = moved
  return one === undefined ? null : sentenceOf(one)
}

function shownIn({ rollouts, openRollout }: PageState): readonly RolloutSummary[] {
  const open = openRollout?.rollout ?? null
  const listed = (rollouts ?? []).filter(({ id }) => id !== open?.id)
  return open === null ? listed : [...listed, open]
}

function hasMoved(before: RolloutSummary | undefined, after: RolloutSummary): boolean {
  return before !== undefined && describeRollout(before) !== describeRollout(after)
}

function sentenceOf(rollout: RolloutSummary): string {
  const why = rollout.reason === null ? '' : ` (${rollout.reason})`
  return `Roll-out ${rollout.id}: ${describeRollout(rollout)}${why}; ${countRollout(rollout)}`
}
