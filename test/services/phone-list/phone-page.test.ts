import t from 'tap'
import type { Mac } from '../../../src/net/mac.ts'
import {
  countStates,
  type PhoneQuery,
  phonePage,
  selectPhones,
} from '../../../src/services/phone-list/phone-page.ts'
import { aConversion } from '../../support/conversion-builders.ts'
import { aRow, octetsOf } from './a-row.ts'

const ROWS = [
  aRow('A1', { label: 'c', network: 'bench' }),
  aRow('A2', { label: 'b', network: 'lab' }),
  aRow('A3', { label: 'a', network: 'bench' }, { conversion: aConversion({ state: 'running' }) }),
  aRow('A4', { label: 'd', network: 'bench' }),
]

const macOf = (last: string) => `000E84C060${last}` as Mac

function page(query: Partial<PhoneQuery>) {
  const all = { order: 'mac', isDescending: false, limit: undefined, after: undefined, offset: 0 }
  const found = phonePage(ROWS, { ...all, ...query } as PhoneQuery)
  return found && { ...found, rows: octetsOf(found.rows) }
}

t.test('a page has the phones that fit, how many there are, and whether more follow', async (t) => {
  t.same(page({}), { rows: ['A1', 'A2', 'A3', 'A4'], total: 4, hasMore: false })
  t.same(page({ limit: 2 }), { rows: ['A1', 'A2'], total: 4, hasMore: true })
  t.same(page({ limit: 2, offset: 2 }), { rows: ['A3', 'A4'], total: 4, hasMore: false })
  t.same(page({ network: 'bench', limit: 1 }), { rows: ['A1'], total: 3, hasMore: true })
  t.same(page({ network: 'nowhere' }), { rows: [], total: 0, hasMore: false })
})

t.test('the next page begins after the last phone, in either direction', async (t) => {
  t.same(page({ after: macOf('A2') })?.rows, ['A3', 'A4'])
  t.same(page({ after: macOf('A3'), isDescending: true })?.rows, ['A2', 'A1'])
  t.same(page({ after: macOf('A1'), offset: 1, limit: 1 })?.rows, ['A3'])
  t.same(page({ after: macOf('A4') })?.rows, [], 'the last one')
})

t.test('an address that is no longer there has its place among addresses alone', async (t) => {
  t.same(page({ after: macOf('A2'), network: 'bench' })?.rows, ['A3', 'A4'])
  t.equal(page({ after: macOf('A2'), network: 'bench', order: 'label' }), undefined)
  t.same(page({ after: macOf('A3'), order: 'label' })?.rows, ['A2', 'A1', 'A4'])
})

t.test('what is exported or restarted is the whole selection, in its order', async (t) => {
  const selected = selectPhones(ROWS, { network: 'bench', order: 'label', isDescending: true })
  t.same(octetsOf(selected), ['A4', 'A1', 'A3'])
})

t.test('states are counted whichever state is filtered for', async (t) => {
  const counts = countStates(ROWS, { network: 'bench', states: ['stalled'] })
  t.same(counts, {
    enrolled: 4,
    total: 3,
    none: 2,
    waiting: 0,
    running: 1,
    stalled: 0,
    confirmed: 0,
    cancelled: 0,
  })
})
