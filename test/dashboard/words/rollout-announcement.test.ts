import t from 'tap'
import { EMPTY_PAGE, type PageState } from '../../../src/dashboard/data/page-state.ts'
import type { Rollout } from '../../../src/dashboard/data/types.ts'
import { announcementOf } from '../../../src/dashboard/words/announcement.ts'
import { rolloutAnnouncementOf } from '../../../src/dashboard/words/rollout-announcement.ts'
import { aConversion } from '../a-conversion.ts'
import { aRollout, NO_COUNTS } from '../a-rollout.ts'

const counts = { ...NO_COUNTS, total: 2, confirmed: 2 }
const listed = (...rollouts: readonly Rollout[]): PageState => ({ ...EMPTY_PAGE, rollouts })
const opened = (rollout: Rollout | null): PageState => ({
  ...EMPTY_PAGE,
  openRollout: { id: 'floor-3', rollout },
})

t.test('the end of a roll-out is said, with its reason and its counts', async (t) => {
  const stopped = aRollout({ state: 'stopped', reason: 'a canary stalled', counts })
  const words = 'Roll-out floor-3: stopped (a canary stalled); 2 of 2 confirmed'
  t.equal(rolloutAnnouncementOf(listed(aRollout()), listed(stopped)), words)
  t.equal(rolloutAnnouncementOf(opened(aRollout()), opened(stopped)), words)
  const finished = aRollout({ state: 'finished', counts })
  const both = { ...opened(finished), rollouts: [aRollout()] }
  t.equal(
    rolloutAnnouncementOf(opened(aRollout()), both),
    'Roll-out floor-3: finished; 2 of 2 confirmed',
    'the open one counts, not an older list',
  )
})

t.test('the end of the canaries is announced, one more phone is not', async (t) => {
  const onward = aRollout({ stage: 'waves', counts })
  t.match(rolloutAnnouncementOf(listed(aRollout()), listed(onward)), 'running, in waves')
  t.equal(rolloutAnnouncementOf(listed(aRollout()), listed(aRollout({ counts }))), null)
})

t.test('the first reading and what is gone are no news', async (t) => {
  t.equal(rolloutAnnouncementOf(EMPTY_PAGE, listed(aRollout())), null)
  t.equal(rolloutAnnouncementOf(opened(aRollout()), opened(null)), null)
})

t.test('several at once are counted', async (t) => {
  const two = (state: 'running' | 'paused') =>
    listed(aRollout({ state }), aRollout({ id: 'floor-4', state }))
  t.equal(rolloutAnnouncementOf(two('running'), two('paused')), '2 roll-outs have changed')
})

t.test('a roll-out goes before its phones', async (t) => {
  const conversions = new Map([['000E84C060A6', aConversion({ state: 'confirmed' })]])
  const before = { ...opened(aRollout()), phones: [] }
  const after = { ...opened(aRollout({ state: 'finished', counts })), phones: [], conversions }
  t.match(announcementOf(before, after, null), 'Roll-out floor-3: finished')
  const later = { ...after, conversions: new Map([['000E84C060A6', aConversion()]]) }
  t.match(announcementOf(later, after, null), 'Phone 00:0E:84:C0:60:A6')
  t.equal(announcementOf(later, after, null, true), null, 'while it is open it speaks for them')
})
