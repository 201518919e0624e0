import t from 'tap'
import {
  ALL_PHONES,
  ariaSort,
  countIn,
  filterOf,
  pageOfList,
  selectionOf,
  sortedBy,
} from '../../../src/dashboard/data/phone-query.ts'

const COUNTS = {
  enrolled: 20,
  total: 15,
  none: 1,
  waiting: 2,
  running: 3,
  stalled: 4,
  confirmed: 5,
  cancelled: 0,
}

t.test('a query asks for one page, its export for all that match', async (t) => {
  const query = {
    ...ALL_PHONES,
    words: ' desk 42 ',
    group: 'under-way',
    network: 'bench',
    registered: 'true',
    sort: '-label',
    page: 2,
  } as const
  t.equal(`${filterOf(query)}`, 'q=desk+42&network=bench&registered=true')
  const selection = 'q=desk+42&network=bench&registered=true&state=waiting%2Crunning&sort=-label'
  t.equal(`${selectionOf(query)}`, selection)
  t.equal(`${pageOfList(query)}`, `${selection}&limit=50&offset=100&with=conversion`)
  t.equal(`${selectionOf(ALL_PHONES)}`, 'sort=mac')
})

t.test('groups are counted by the states that they hold', async (t) => {
  t.equal(countIn('all', COUNTS), 15)
  t.equal(countIn('stopped', COUNTS), 4)
  t.equal(countIn('under-way', COUNTS), 5)
  t.equal(countIn('confirmed', COUNTS), 5)
  t.equal(countIn('idle', COUNTS), 1)
})

t.test('a head sorts by its column, and once more the other way round', async (t) => {
  const third = { ...ALL_PHONES, page: 3 }
  const once = sortedBy(third, 'label')
  t.match(once, { sort: 'label', page: 0 })
  t.equal(ariaSort(once, 'label'), 'ascending')
  t.equal(ariaSort(once, 'mac'), 'none')
  const twice = sortedBy(once, 'label')
  t.equal(ariaSort(twice, 'label'), 'descending')
  t.equal(sortedBy(twice, 'label').sort, 'label')
})
