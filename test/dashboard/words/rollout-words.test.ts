import t from 'tap'
import {
  conversionIn,
  countRollout,
  describeRollout,
  describeRolloutPhone,
  percentOfRollout,
} from '../../../src/dashboard/words/rollout-words.ts'
import { aConversion } from '../a-conversion.ts'
import { aRollout, aRolloutPhone, NO_COUNTS } from '../a-rollout.ts'

const STATES = [
  { fields: {}, words: 'running, canaries first' },
  { fields: { stage: 'waves' }, words: 'running, in waves' },
  { fields: { state: 'paused', stage: 'waves' }, words: 'paused, in waves' },
  { fields: { state: 'stopped' }, words: 'stopped' },
  { fields: { state: 'finished', stage: 'waves' }, words: 'finished' },
] as const

t.test('a roll-out that goes on says whether its canaries are through', async (t) => {
  for (const { fields, words } of STATES) t.equal(describeRollout(aRollout(fields)), words)
})

t.test('phones are counted by state, and empty states are left out', async (t) => {
  const counts = { ...NO_COUNTS, total: 10, confirmed: 3, underWay: 2, failed: 1, pending: 4 }
  const words = '3 of 10 confirmed, 2 in progress, 1 failed, 4 pending'
  t.equal(countRollout(aRollout({ counts })), words)
  const ended = { ...NO_COUNTS, total: 6, absent: 1, cancelled: 2, skipped: 3 }
  t.equal(
    countRollout(aRollout({ counts: ended })),
    '0 of 6 confirmed, 1 absent, 2 cancelled, 3 skipped',
  )
})

t.test('the bar is full only when every phone is confirmed', async (t) => {
  const percent = (confirmed: number, total: number) =>
    percentOfRollout(aRollout({ counts: { ...NO_COUNTS, confirmed, total } }))
  t.equal(percent(0, 0), 0)
  t.equal(percent(1, 3), 33)
  t.equal(percent(1999, 2000), 99)
  t.equal(percent(2000, 2000), 100)
})

t.test('a phone says what its conversion says, while that stands where it stands', async (t) => {
  const running = aRolloutPhone({ state: 'running' })
  t.equal(
    describeRolloutPhone(running, aConversion({ steps: [], step: 0 })),
    'running',
    'a conversion without a step under way',
  )
  const confirmed = aConversion({ state: 'confirmed', step: 1 })
  t.equal(
    describeRolloutPhone(aRolloutPhone({ state: 'confirmed' }), confirmed),
    'confirmed: runs P0S3-8-12-00',
  )
  t.equal(describeRolloutPhone(running, confirmed), 'running', 'one of the two is older')
  t.equal(describeRolloutPhone(aRolloutPhone({ state: 'waiting' }), undefined), 'waiting')
})

t.test('a phone without a conversion of its own says why', async (t) => {
  const words = (state: 'pending' | 'skipped' | 'absent' | 'refused') =>
    describeRolloutPhone(aRolloutPhone({ state }), undefined)
  t.match(words('pending'), 'not started yet')
  t.match(words('skipped'), 'stopped before')
  t.match(words('absent'), 'did not appear in time')
  t.match(words('refused'), 'could not start')
})

t.test('a conversion to elsewhere, or before its turn, is none of the roll-out', async (t) => {
  const rollout = aRollout()
  const running = aRolloutPhone({ state: 'running' })
  const own = aConversion()
  t.equal(conversionIn(rollout, running, new Map([[own.mac, own]])), own)
  const elsewhere = aConversion({ to: 'P0S3-06-3-00' })
  t.equal(conversionIn(rollout, running, new Map([[own.mac, elsewhere]])), undefined)
  t.equal(conversionIn(rollout, running, new Map()), undefined)
  for (const state of ['pending', 'skipped'] as const) {
    const early = aRolloutPhone({ state })
    t.equal(conversionIn(rollout, early, new Map([[own.mac, own]])), undefined, state)
  }
})
