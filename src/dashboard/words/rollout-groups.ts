import type { Rollout, RolloutPhone } from '../data/types.ts'

/** Phones of a roll-out that belong under one heading. */
export type RolloutGroup = { readonly title: string; readonly phones: readonly RolloutPhone[] }

/**
 * The phones of a roll-out as they are looked at: the canaries, what needs a look, the wave that is
 * under way, and those behind it. A group without phones is left out.
 */
export function groupRollout({ phones, waveSize }: Rollout): RolloutGroup[] {
  const others = phones.filter(({ isCanary }) => !isCanary)
  const among = (...states: readonly RolloutPhone['state'][]) =>
    others.filter(({ state }) => states.includes(state))
  const groups = [
    { title: 'Canaries', phones: phones.filter(({ isCanary }) => isCanary) },
    { title: 'Need attention', phones: among('stalled', 'refused', 'absent', 'cancelled') },
    { title: `Current wave, at most ${waveSize}`, phones: among('waiting', 'running') },
    { title: 'Pending', phones: among('pending') },
    { title: 'Confirmed', phones: among('confirmed') },
    { title: 'Skipped', phones: among('skipped') },
  ]
  return groups.filter((group) => group.phones.length > 0)
}
