import t from 'tap'
import {
  choosePhones,
  dropPhones,
  EMPTY_DRAFT,
  rolloutBodyOf,
} from '../../../src/dashboard/data/rollout-draft.ts'

t.test('what is left alone is as careful as the API by itself', async (t) => {
  t.same(rolloutBodyOf({ ...EMPTY_DRAFT, to: 'P0S3-8-12-00', phones: ['000E84C060A6'] }), {
    phones: ['000E84C060A6'],
    to: 'P0S3-8-12-00',
    from: null,
    path: 'cautious',
    acceptOneWay: false,
    canaries: 1,
    waveSize: 10,
    stopAfter: 1,
    onStop: 'finish',
    appearWithin: null,
    onAbsent: 'fail',
  })
})

t.test('fields become numbers, hours become seconds', async (t) => {
  const draft = {
    ...EMPTY_DRAFT,
    from: 'P00308000500',
    canaries: '0',
    waveSize: '25',
    stopAfter: '3',
    onStop: 'cancel' as const,
    onAbsent: 'skip' as const,
    appearWithinHours: '1.5',
  }
  t.match(rolloutBodyOf(draft), {
    from: 'P00308000500',
    canaries: 0,
    waveSize: 25,
    stopAfter: 3,
    onStop: 'cancel',
    appearWithin: 5400,
    onAbsent: 'skip',
  })
})

t.test('phones keep the order in which they were chosen, each once', async (t) => {
  const chosen = choosePhones(choosePhones(EMPTY_DRAFT, ['C']), ['A', 'B', 'C'])
  t.same(chosen.phones, ['C', 'A', 'B'])
  t.same(dropPhones(chosen, ['A', 'X']).phones, ['C', 'B'])
})
