import t from 'tap'
import { SeenBook } from '../../src/conversion/seen-book.ts'
import { seen, seenLoad, seenVersion } from '../../src/phones/seen-software.ts'
import { MAC } from '../support/conversion-builders.ts'

t.test('keeps what was seen, and tells what is news', async (t) => {
  const book = new SeenBook()
  t.equal(book.get(MAC), undefined)
  t.match(book.see(MAC, seen({}, 'lease', 0)), { isNews: false })
  t.match(book.see(MAC, seen({ generation: 'ual' }, 'vendor-class', 1)), { isNews: false })
  t.match(book.see(MAC, seenVersion('sip', '8.0', 'registration', 2)), { isNews: true })
  t.match(book.see(MAC, seenLoad('P0S3-8-12-00', 'web-page', 3)), { isNews: true })
  t.match(book.get(MAC), { mac: MAC, load: 'P0S3-8-12-00', by: 'web-page', atMs: 3 })
  t.ok(book.forget(MAC))
  t.notOk(book.forget(MAC))
  t.equal(book.get(MAC), undefined)
})

t.test('the same again is a change only after ten minutes, or seen in another way', async (t) => {
  const book = new SeenBook()
  book.restore([{ ...seenVersion('sip', '8.0', 'registration', 0), mac: MAC }])
  t.equal(book.see(MAC, seenVersion('sip', '8.0', 'registration', 599_999)), undefined)
  t.match(book.see(MAC, seenVersion('sip', '8.0', 'registration', 600_000)), { isNews: false })
  t.match(book.see(MAC, seenVersion('sip', '8.0', 'options', 600_001)), { isNews: false })
  t.equal(book.get(MAC)?.by, 'options')
})
