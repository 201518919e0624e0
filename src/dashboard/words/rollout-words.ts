import type { Conversion, RolloutPhone, RolloutSummary } from '../data/types.ts'
import { describeStage } from './format.ts'

/** Where a roll-out stands, in words. */
export function describeRollout({ state, stage }: RolloutSummary): string {
  if (state === 'finished' || state === 'stopped') return state
  return stage === 'canaries' ? `${state}, canaries first` : `${state}, in waves`
}

/** How many phones are where; what is nowhere is not said. */
export function countRollout({ counts }: RolloutSummary): string {
  const { total, confirmed, underWay, failed, absent, cancelled, skipped, pending } = counts
  const others = [
    [underWay, 'in progress'],
    [failed, 'failed'],
    [absent, 'absent'],
    [cancelled, 'cancelled'],
    [skipped, 'skipped'],
    [pending, 'pending'],
  ] as const
  const said = others.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`)
  return [`${confirmed} of ${total} confirmed`, ...said].join(', ')
}

/** How many of its phones are confirmed, 0 to 100; 100 only when all are. */
export function percentOfRollout({ counts: { total, confirmed } }: RolloutSummary): number {
  return total === 0 ? 0 : Math.floor((100 * confirmed) / total)
}

/**
 * Where one phone of a roll-out stands, in words.
 *
 * @param conversion - The phone's conversion where it is the one of this roll-out: it says more.
 */
export function describeRolloutPhone(
  { state }: RolloutPhone,
  conversion: Conversion | undefined,
): string {
  switch (state) {
    case 'pending':
      return 'not started yet'
    case 'skipped':
      return 'skipped: the roll-out stopped before it started'
    case 'absent':
      return 'absent: did not appear in time'
    case 'refused':
      return 'refused: its conversion could not start'
    case 'waiting':
    case 'running':
    case 'confirmed':
    case 'stalled':
    case 'cancelled':
      return conversion?.state === state ? describeStage(conversion) : state
    default:
      return state satisfies never
  }
}

/** The phone's conversion, if it is the one that the roll-out began: a later one may go elsewhere. */
export function conversionIn(
  rollout: RolloutSummary,
  phone: RolloutPhone,
  conversions: ReadonlyMap<string, Conversion>,
): Conversion | undefined {
  if (phone.state === 'pending' || phone.state === 'skipped') return undefined
  const conversion = conversions.get(phone.mac)
  return conversion?.to === rollout.to ? conversion : undefined
}
