import t from 'tap'
import { judgeByRequest, judgeByVendorClass } from '../../src/conversion/device-verdict.ts'
import { readRequestedFile } from '../../src/phones/requested-file.ts'

const CISCO = 'Cisco Systems, Inc. IP Phone'

t.test(
  'the vendor class tells a phone of ours from other devices, or leaves it open',
  async (t) => {
    t.same(judgeByVendorClass(`${CISCO} CP-7940G`), { kind: 'phone', model: '7940' })
    t.same(judgeByVendorClass(CISCO), { kind: 'perhaps' })
    t.match(judgeByVendorClass(`${CISCO} CP-7941G`), { kind: 'other', why: /7941/ })
    t.match(judgeByVendorClass('MSFT 5.0'), { kind: 'other', why: /no phone.*MSFT 5\.0/ })
    t.match(judgeByVendorClass(''), { kind: 'other', why: /names no vendor class/ })
  },
)

t.test('the first file decides where the vendor class does not', async (t) => {
  const judged = (name: string) => judgeByRequest(readRequestedFile(name))
  t.same(judged('OS79XX.TXT'), { kind: 'phone', model: null })
  t.match(judged('SEP000e84c060a6.cnf.xml'), { kind: 'other', why: /7905.*lower case/ })
  t.same(judged('something.else'), { kind: 'perhaps' })
})
