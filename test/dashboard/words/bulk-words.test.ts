import t from 'tap'
import {
  allThatMatch,
  bulkSummary,
  phonesByNumber,
  refusedFirst,
} from '../../../src/dashboard/words/bulk-words.ts'

const done = { mac: 'A', ok: true, text: 'deleted' }
const refused = { mac: 'B', ok: false, text: 'no' }

t.test('an action on several phones says how far it is, and what was refused', async (t) => {
  t.equal(phonesByNumber(1), '1 phone')
  t.equal(phonesByNumber(12), '12 phones')
  t.equal(allThatMatch(1), 'the one that matches')
  t.equal(allThatMatch(3), 'all 3 that match')
  t.equal(bulkSummary([done], 2), '1 of 2 so far')
  t.equal(bulkSummary([done, done], 2), '2 of 2 done')
  t.equal(bulkSummary([done, refused], 2), '1 of 2 done, 1 not')
  t.same(refusedFirst([done, refused]), [refused, done])
})
