import t from 'tap'
import { EditLedger } from './editor.ts'

t.test('edits in a row are no violation, nor is one whose outcome is unknown', async (t) => {
  const ledger = new EditLedger('one')
  t.equal(ledger.judge(1, 'first'), null, 'nobody has edited it')
  t.equal(ledger.onAcknowledged(1, 2, 'edit 1'), null)
  t.equal(ledger.judge(2, 'edit 1'), null)
  ledger.onUnknown('edit 2')
  t.equal(ledger.judge(2, 'edit 1'), null, 'it was not stored')
  t.equal(ledger.judge(3, 'edit 2'), null, 'it was')
  t.equal(ledger.acknowledged, 1)
})

t.test('a lost edit is a violation', async (t) => {
  const ledger = new EditLedger('one')
  ledger.onAcknowledged(1, 2, 'edit 1')
  t.match(ledger.judge(1, 'first'), 'at revision 1, and 2 was acknowledged')
  t.match(ledger.judge(2, 'first'), 'called first at revision 2, not edit 1')
  t.match(ledger.judge(3, 'first'), 'not as edited')
  t.match(ledger.onAcknowledged(1, 2, 'edit 2'), 'two edits of one were acknowledged on revision 1')
})
