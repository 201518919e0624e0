import t from 'tap'
import { renderCtlsep } from '../../../src/phones/config-files/ctlsep.ts'

t.test('a trust list without certificate has no octet', async (t) => {
  t.equal(renderCtlsep(), '')
})
