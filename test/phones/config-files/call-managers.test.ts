import t from 'tap'
import { renderCallManagers } from '../../../src/phones/config-files/call-managers.ts'

t.test('a group without members is still a group', async (t) => {
  t.equal(
    renderCallManagers([], ''),
    '<callManagerGroup>\n  <members>\n  </members>\n</callManagerGroup>\n',
  )
})
