import t from 'tap'
import type { RolloutPhoneState } from '../../../src/dashboard/data/types.ts'
import { groupRollout } from '../../../src/dashboard/words/rollout-groups.ts'
import { aRollout, aRolloutPhone } from '../a-rollout.ts'

const PHONES = [
  ['A', 'confirmed', true],
  ['B', 'confirmed', false],
  ['C', 'running', false],
  ['D', 'waiting', false],
  ['E', 'stalled', false],
  ['F', 'pending', false],
  ['G', 'skipped', false],
  ['H', 'absent', false],
  ['I', 'refused', false],
  ['J', 'cancelled', false],
] as const satisfies readonly (readonly [string, RolloutPhoneState, boolean])[]

t.test('canaries come first, then what needs a look, then the wave and the rest', async (t) => {
  const phones = PHONES.map(([mac, state, isCanary]) => aRolloutPhone({ mac, state, isCanary }))
  const groups = groupRollout(aRollout({ phones, waveSize: 2 }))
  const shown = groups.map((group) => [group.title, group.phones.map(({ mac }) => mac).join('')])
  t.same(shown, [
    ['Canaries', 'A'],
    ['Need attention', 'EHIJ'],
    ['Current wave, at most 2', 'CD'],
    ['Pending', 'F'],
    ['Confirmed', 'B'],
    ['Skipped', 'G'],
  ])
})

t.test('a group without phones is left out', async (t) => {
  t.same(groupRollout(aRollout()), [])
})
