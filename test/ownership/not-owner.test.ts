import t from 'tap'
import { NotOwner } from '../../src/ownership/not-owner.ts'

t.test('writes that were refused name every network that another appliance serves', async (t) => {
  const refused = new NotOwner(['voice', 'lab'])
  t.match(refused, { name: 'NotOwner', networks: ['voice', 'lab'] })
  t.equal(refused.message, 'another appliance serves voice, lab now')
})
