import t from 'tap'
import { SeenTable } from '../../src/conversion/seen-table.ts'
import { seen, seenLoad, seenVersion } from '../../src/phones/seen-software.ts'
import { MAC } from '../support/conversion-builders.ts'

t.test('keeps what was seen, and tells what is news', async (t) => {
  const table = new SeenTable()
  t.equal(table.get(MAC), undefined)
  t.match(table.see(MAC, seen({}, 'lease', 0)), { isNews: false })
  t.match(table.see(MAC, seen({ generation: 'ual' }, 'vendor-class', 1)), { isNews: false })
  t.match(table.see(MAC, seenVersion('sip', '8.0', 'registration', 2)), { isNews: true })
  t.match(table.see(MAC, seenLoad('P0S3-8-12-00', 'web-page', 3)), { isNews: true })
  t.match(table.get(MAC), { mac: MAC, load: 'P0S3-8-12-00', by: 'web-page', atMs: 3 })
  t.ok(table.forget(MAC))
  t.notOk(table.forget(MAC))
  t.equal(table.get(MAC), undefined)
})

t.test('the same again is a change only after ten minutes, or seen in another way', async (t) => {
  const table = new SeenTable()
  table.restore([{ ...seenVersion('sip', '8.0', 'registration', 0), mac: MAC }])
  t.equal(table.see(MAC, seenVersion('sip', '8.0', 'registration', 599_999)), undefined)
  t.match(table.see(MAC, seenVersion('sip', '8.0', 'registration', 600_000)), { isNews: false })
  t.match(table.see(MAC, seenVersion('sip', '8.0', 'options', 600_001)), { isNews: false })
  t.equal(table.get(MAC)?.by, 'options')
})
