import t from 'tap'
import type { Registration } from '../../../src/call-control/registration.ts'
import type { Diagnosis } from '../../../src/conversion/conversion.ts'
import type { SwitchPort } from '../../../src/net/switch-port.ts'
import { seenLoad } from '../../../src/phones/seen-software.ts'
import { type PhoneFilter, phoneFilter } from '../../../src/services/phone-list/phone-filter.ts'
import { ipOf } from '../../support/an-inventory.ts'
import { aConversion } from '../../support/conversion-builders.ts'
import { aRow, octetsOf } from './a-row.ts'

const diagnosis = { code: 'no-address' } as Diagnosis
const registration = { protocol: 'sip' } as Registration

const ROWS = [
  aRow('A1', { network: 'bench', label: 'Desk 42', lines: [{ name: '1201', displayName: 'Bär' }] }),
  aRow(
    'A2',
    { network: 'lab', profile: 'to-sip', label: 'desk-420' },
    { conversion: aConversion({ state: 'stalled', diagnosis }) },
  ),
  aRow(
    'A3',
    { model: '7940', address: ipOf('10.20.0.9'), switchPort: 'sw1/7' as SwitchPort },
    { seen: seenLoad('P00308000500', 'lease', 1), registration },
  ),
]

function found(filter: PhoneFilter): readonly string[] {
  return octetsOf(ROWS.filter(phoneFilter(filter)))
}

t.test('each part of a filter restricts the list, and all of them together', async (t) => {
  t.same(found({}), ['A1', 'A2', 'A3'])
  t.same(found({ network: 'lab' }), ['A2'])
  t.same(found({ profile: 'to-sip' }), ['A2'])
  t.same(found({ states: ['stalled'] }), ['A2'])
  t.same(found({ states: ['none', 'stalled'] }), ['A1', 'A2', 'A3'])
  t.same(found({ load: 'p00308000500' }), ['A3'], 'in any case')
  t.same(found({ isRegistered: true }), ['A3'])
  t.same(found({ isRegistered: false }), ['A1', 'A2'])
  t.same(found({ network: 'lab', states: ['none'] }), [])
})

t.test('words find a phone by the beginning of any word that it has', async (t) => {
  const cases: readonly [words: string, octets: readonly string[]][] = [
    ['  ', ['A1', 'A2', 'A3']],
    ['desk', ['A1', 'A2']],
    ['DES', ['A1', 'A2']],
    ['esk', []],
    ['desk lab', ['A2']],
    ['bär', ['A1']],
    ['1201', ['A1']],
    ['7940', ['A3']],
    ['10.20.0.9', ['A3']],
    ['sw1/7', ['A3']],
    ['no-address', ['A2']],
    ['stalled', ['A2']],
    ['p0s3-06', ['A2']],
    ['p003080', ['A3']],
  ]
  for (const [words, octets] of cases) t.same(found({ words }), octets, words)
})

t.test('a number fits whole numbers alone: desk 42 is not desk 420', async (t) => {
  t.same(found({ words: 'desk 42' }), ['A1'])
  t.same(found({ words: '420' }), ['A2'])
  t.same(found({ words: '4' }), [])
})

t.test('a MAC address is found in any spelling, and by four digits of an end', async (t) => {
  t.same(found({ words: '00:0e:84:c0:60:a2' }), ['A2'])
  t.same(found({ words: '000e.84c0.60a2' }), ['A2'])
  t.same(found({ words: '60a2' }), ['A2'])
  t.same(found({ words: '00-0E-84' }), ['A1', 'A2', 'A3'])
  t.same(found({ words: '0a2' }), [], 'three digits are too few')
  t.same(found({ words: '84c0' }), [], 'digits from the middle')
})
