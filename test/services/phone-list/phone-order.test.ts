import t from 'tap'
import { seenLoad } from '../../../src/phones/seen-software.ts'
import { PHONE_ORDERS, sortPhones } from '../../../src/services/phone-list/phone-order.ts'
import type { ListedState } from '../../../src/services/phone-list/phone-row.ts'
import { ipOf } from '../../support/an-inventory.ts'
import { aConversion } from '../../support/conversion-builders.ts'
import { aRow, octetsOf } from './a-row.ts'

const inState = (state: Exclude<ListedState, 'none'>, updatedAtMs = 0) => ({
  conversion: aConversion({ state, updatedAtMs }),
})

t.test('numbers in a label count as numbers, and a phone without a label is last', async (t) => {
  const rows = [
    aRow('A1', { label: 'desk 10' }),
    aRow('A2'),
    aRow('A3', { label: 'Desk 9' }),
    aRow('A4', { label: '' }),
  ]
  t.same(octetsOf(sortPhones(rows, 'label', false)), ['A3', 'A1', 'A2', 'A4'])
  t.same(octetsOf(sortPhones(rows, 'label', true)), ['A1', 'A3', 'A2', 'A4'], 'and then, too')
})

t.test('addresses are sorted as numbers, and what is alike by MAC address', async (t) => {
  const rows = [
    aRow('A1', { address: ipOf('10.20.0.10') }),
    aRow('A2', { address: ipOf('10.20.0.9') }),
    aRow('A3'),
    aRow('A4', { address: ipOf('10.20.0.9') }),
  ]
  t.same(octetsOf(sortPhones(rows, 'address', false)), ['A2', 'A4', 'A1', 'A3'])
})

t.test('a state that wants attention comes first, no conversion last', async (t) => {
  const rows = [
    aRow('A1'),
    aRow('A2', {}, inState('cancelled')),
    aRow('A3', {}, inState('confirmed')),
    aRow('A4', {}, inState('waiting')),
    aRow('A5', {}, inState('running')),
    aRow('A6', {}, inState('stalled')),
  ]
  t.same(octetsOf(sortPhones(rows, 'state', false)), ['A6', 'A5', 'A4', 'A3', 'A2', 'A1'])
})

t.test('MAC addresses are the order that rows have already', async (t) => {
  const rows = [aRow('A1'), aRow('A2')]
  t.equal(sortPhones(rows, 'mac', false), rows)
  t.same(octetsOf(sortPhones(rows, 'mac', true)), ['A2', 'A1'])
})

t.test('every order that the API offers tells two phones apart', async (t) => {
  const lower = aRow(
    'A2',
    { label: 'a', model: '7940', network: 'bench', profile: 'a', address: ipOf('10.20.0.9') },
    { seen: seenLoad('P00303030300', 'lease', 1), ...inState('stalled', 1) },
  )
  const higher = aRow(
    'A1',
    { label: 'b', model: '7960', network: 'lab', profile: 'b', address: ipOf('10.20.0.10') },
    { seen: seenLoad('P00308000500', 'lease', 1), ...inState('running', 2) },
  )
  for (const order of PHONE_ORDERS.filter((one) => one !== 'mac')) {
    t.same(octetsOf(sortPhones([higher, lower], order, false)), ['A2', 'A1'], order)
    t.same(octetsOf(sortPhones([higher, lower], order, true)), ['A1', 'A2'], `${order}, descending`)
  }
})

t.test('a phone that was never seen or converted is last in these orders', async (t) => {
  const rows = [
    aRow('A1'),
    aRow('A2', {}, { seen: seenLoad('P00308000500', 'lease', 1), ...inState('running', 5) }),
  ]
  for (const order of ['load', 'updated'] as const) {
    t.same(octetsOf(sortPhones(rows, order, false)), ['A2', 'A1'], order)
  }
})
