import t from 'tap'
import { fieldName } from '../../../src/dashboard/words/field-names.ts'

const NAMES = [
  ['/mac', 'MAC address'],
  ['mac', 'MAC address'],
  ['/lines/0/name', 'Line 1, name'],
  ['/lines/5/authName', 'Line 6, authentication name'],
  ['/lines/0/other', 'Line 1, other'],
  ['/settings/proxy1_address', 'proxy1_address'],
  ['/sip/a~1b~0c', 'a/b~c'],
  ['/sccp/callManagers/1', 'Call manager 2'],
  ['P0S3-8-12-00.sb2', 'P0S3-8-12-00.sb2'],
  ['', ''],
] as const

t.test('a field is called as the page calls it', async (t) => {
  for (const [pointer, name] of NAMES) t.equal(fieldName(pointer), name)
})
