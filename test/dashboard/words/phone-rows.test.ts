import t from 'tap'
import { phoneRows } from '../../../src/dashboard/words/phone-rows.ts'
import { aConversion, aPhone } from '../a-conversion.ts'

const phones = [
  aPhone(),
  aPhone({ mac: '000E84C060A7', label: null, network: 'lab', model: '7940' }),
]
const diagnosis = { code: 'no-boot', seen: '', cause: '', remedy: '', source: '' }
const stalled = aConversion({ mac: '000E84C060A7', state: 'stalled', diagnosis })
const conversions = new Map([[stalled.mac, stalled]])

const FILTERS = [
  { filter: '', found: ['A6', 'A7'] },
  { filter: 'DESK', found: ['A6'] },
  { filter: '00:0e:84:c0:60:a7', found: ['A7'] },
  { filter: '84c060a6', found: ['A6'] },
  { filter: 'lab stalled', found: ['A7'] },
  { filter: 'no-boot', found: ['A7'] },
  { filter: 'bench stalled', found: [] },
  { filter: 'null', found: [] },
  { filter: 'des', found: ['A6'] },
  { filter: 'esk', found: [] },
  { filter: 'desk 1', found: [] },
  { filter: 'desk 12', found: ['A6'] },
  { filter: '12', found: ['A6'] },
  { filter: '79', found: [] },
  { filter: '60a', found: [] },
  { filter: '60-A7', found: ['A7'] },
  { filter: 'boot (', found: [] },
  { filter: 'p0s3-8', found: ['A7'] },
]

for (const { filter, found } of FILTERS) {
  t.test(`the filter "${filter}" leaves ${found.join(' and ') || 'nothing'}`, async (t) => {
    const rows = phoneRows(phones, conversions, filter)
    t.same(
      rows.map(({ phone }) => phone.mac.slice(-2)),
      found,
    )
  })
}

t.test('a row has the conversion of its phone', async (t) => {
  const [first, second] = phoneRows(phones, conversions, '')
  t.equal(first?.conversion, undefined)
  t.equal(second?.conversion, stalled)
})
