import t from 'tap'
import type { Registration } from '../../../src/dashboard/data/types.ts'
import { formatDay } from '../../../src/dashboard/words/format.ts'
import { describeSeen, registrationFacts } from '../../../src/dashboard/words/registration-words.ts'
import { SEEN_BY } from '../../../src/phones/seen-software.ts'

const at = '2026-03-01T09:30:00.000Z'
const REGISTRATION: Registration = {
  protocol: 'sccp',
  version: '8.1(2.0)',
  load: 'P00308010200',
  userAgent: null,
  address: '10.20.0.60',
  registeredAt: at,
  expiresAt: '2026-03-01T10:30:00.000Z',
  lastReset: 'Reset-Reset',
  lastResetCode: 22,
}

t.test('a registration is shown with all that the phone told', async (t) => {
  const facts = new Map(registrationFacts(REGISTRATION))
  t.equal(facts.get('Protocol'), 'SCCP')
  t.equal(facts.get('Version'), '8.1(2.0)')
  t.equal(facts.get('Load'), 'P00308010200')
  t.equal(facts.get('User agent'), null)
  t.equal(facts.get('Address'), '10.20.0.60')
  t.equal(facts.get('Registered since'), formatDay(at))
  t.equal(facts.get('Valid until'), formatDay('2026-03-01T10:30:00.000Z'))
  t.equal(facts.get('Last reset'), 'Reset-Reset (22)')
})

t.test('of the last reset, what is known is shown', async (t) => {
  const resetOf = (fields: Partial<Registration>) =>
    new Map(registrationFacts({ ...REGISTRATION, ...fields })).get('Last reset')
  t.equal(resetOf({ lastResetCode: null }), 'Reset-Reset')
  t.equal(resetOf({ lastReset: null }), 'reason 22')
  t.equal(resetOf({ lastReset: null, lastResetCode: null }), null)
})

t.test('what a phone runs is said with how that is known', async (t) => {
  const seen = { load: 'P0S3-8-12-00', protocol: 'sip', at, by: 'web-page' } as const
  t.equal(describeSeen({ seen }), `P0S3-8-12-00, by its web page, ${formatDay(at)}`)
  t.match(describeSeen({ seen: { ...seen, load: null } }), /^a load of SIP, /)
  t.equal(describeSeen({ seen: { ...seen, load: null, protocol: null } }), null)
  t.equal(describeSeen({ seen: null }), null)
  for (const by of SEEN_BY) {
    t.match(describeSeen({ seen: { ...seen, by } }), /, by (?:its|the) /, by)
  }
})
