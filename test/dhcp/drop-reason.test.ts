import t from 'tap'
import { dropClassOf } from '../../src/dhcp/drop-reason.ts'

t.test('a reason counts under the class that operators know', async (t) => {
  t.equal(dropClassOf('no-message-type'), 'rfc-violation')
  t.equal(dropClassOf('not-enrolled'), 'admin-filtered')
  t.equal(dropClassOf('other-server'), 'not-for-us')
  t.equal(dropClassOf('pool-exhausted'), 'limit-exceeded')
  t.equal(dropClassOf('rogue-server'), 'service-disabled')
  t.equal(dropClassOf('all-in-use'), 'processing-failed')
})
