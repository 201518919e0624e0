import t from 'tap'
import { describePhoneChanges } from '../../../src/dashboard/words/phone-changes.ts'
import { aPhone } from '../a-conversion.ts'

t.test('a change by another operator is named, with both values', async (t) => {
  const before = aPhone({ label: 'desk 1', address: null })
  const now = aPhone({
    label: 'desk 9',
    address: '10.20.0.61',
    lines: [{ name: '1201', hasPassword: false }],
    secretSettings: ['phone_password'],
  })
  t.same(describePhoneChanges(before, now), [
    'label: desk 1 is now desk 9',
    'fixed address: none is now 10.20.0.61',
    'the lines',
    'the settings',
  ])
})

t.test('where nothing that can be seen is another, that is said', async (t) => {
  t.match(describePhoneChanges(aPhone({ revision: 1 }), aPhone({ revision: 2 })), [/password/])
})
