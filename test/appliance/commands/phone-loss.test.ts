import t from 'tap'
import { lossesOf, type PhoneSeen } from '../../../appliance/commands/phone-loss.ts'

const SEEN: PhoneSeen = {
  mac: '000E84C060A6',
  model: '7960',
  label: null,
  network: null,
  profile: 'to-sip',
  address: null,
  switchPort: 'sw1/7',
  lines: [{ name: '1201', hasPassword: false, displayName: 'Desk' }],
  settings: { phone_label: 'Lab' },
  secretSettings: ['phone_password', 'encrypt_key'],
  revision: 3,
}

t.test('what an entry keeps is no loss', async (t) => {
  const entry = {
    model: '7960',
    profile: 'to-sip',
    switchPort: 'sw1/7',
    lines: [{ name: '1201', displayName: 'Desk' }],
    settings: { phone_label: 'Lab', phone_password: 'x' },
    secretSettings: ['encrypt_key'],
  }
  t.same(lossesOf(SEEN, entry), [])
})

t.test('an entry of any JSON is judged', async (t) => {
  const all = [
    'model "7960"',
    'profile "to-sip"',
    'switchPort "sw1/7"',
    'line 1201',
    'setting phone_label',
    'setting phone_password',
    'setting encrypt_key',
  ]
  for (const entry of [{}, { lines: 7, settings: [], secretSettings: 1 }, { lines: [null] }]) {
    t.same(lossesOf(SEEN, entry), all, JSON.stringify(entry))
  }
})
