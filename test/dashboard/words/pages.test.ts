import t from 'tap'
import { PAGE_ROWS, pageOf } from '../../../src/dashboard/words/pages.ts'

const rows = Array.from({ length: 2 * PAGE_ROWS + 1 }, (_, number) => number)

t.test('a page holds its rows, and the last one what is left', async (t) => {
  t.same(pageOf(rows, 0).shown, rows.slice(0, PAGE_ROWS))
  t.same(pageOf(rows, 2), { shown: [2 * PAGE_ROWS], page: 2, pages: 3 })
})

t.test('a page that is not there is the nearest one', async (t) => {
  t.equal(pageOf(rows, 7).page, 2, 'the list became shorter')
  t.equal(pageOf(rows, -1).page, 0)
})

t.test('an empty list has one empty page', async (t) => {
  t.same(pageOf([], 3), { shown: [], page: 0, pages: 1 })
})
