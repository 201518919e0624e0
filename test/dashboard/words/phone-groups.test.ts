import t from 'tap'
import type { ConversionState, Phone } from '../../../src/dashboard/data/types.ts'
import { groupOf, rowsIn } from '../../../src/dashboard/words/phone-groups.ts'
import type { PhoneRow } from '../../../src/dashboard/words/phone-rows.ts'
import { aConversion } from '../a-conversion.ts'

function aRow(state: ConversionState | null): PhoneRow {
  const phone = { mac: '000E84C060A6' } as Phone
  return { phone, conversion: state === null ? undefined : aConversion({ state }) }
}

t.test('a phone is in the group that says what it wants of its operator', async (t) => {
  const cases = [
    [null, 'idle'],
    ['waiting', 'under-way'],
    ['running', 'under-way'],
    ['stalled', 'stopped'],
    ['confirmed', 'confirmed'],
    ['cancelled', 'idle'],
  ] as const
  for (const [state, group] of cases) t.equal(groupOf(aRow(state)), group, `${state}`)
})

t.test('a group holds its rows alone, and all holds every one', async (t) => {
  const [stalled, idle] = [aRow('stalled'), aRow(null)]
  t.same(rowsIn('stopped', [idle, stalled]), [stalled])
  t.same(rowsIn('all', [idle, stalled]), [idle, stalled])
})
