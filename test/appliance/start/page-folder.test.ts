import t from 'tap'
import { pageFolder } from '../../../appliance/start/page-folder.ts'

t.test('there is no page in a run from source', async (t) => {
  t.equal(pageFolder(), null)
})
