import t from 'tap'
import {
  draftOfProfile,
  EMPTY_PROFILE,
  profileBodyOf,
} from '../../../src/dashboard/data/profile-draft.ts'
import { faultsOf, profileValues } from '../../../src/dashboard/words/field-faults.ts'

const PROFILE = {
  name: 'to-sip',
  protocol: 'sip',
  load: 'P0S3-8-12-00',
  sip: { proxy1_address: '10.20.0.9' },
  secretSettings: ['phone_password'],
  sccp: { callManagers: [] },
  revision: 3,
} as const

t.test(
  'a profile that is edited without a change is stored as it is, its secrets by name',
  async (t) => {
    t.same(profileBodyOf(draftOfProfile(PROFILE)), {
      protocol: 'sip',
      load: 'P0S3-8-12-00',
      sip: { proxy1_address: '10.20.0.9' },
      secretSettings: ['phone_password'],
      sccp: { callManagers: [] },
    })
  },
)

t.test('a secret that is typed in again replaces the stored one', async (t) => {
  const draft = draftOfProfile(PROFILE)
  const settings = draft.settings.map((one) =>
    one.isStoredSecret ? { ...one, value: 'new' } : one,
  )
  t.match(profileBodyOf({ ...draft, settings }), {
    sip: { phone_password: 'new' },
    secretSettings: [],
  })
})

t.test('call managers stand one a line, and each can be at fault', async (t) => {
  const draft = { ...EMPTY_PROFILE, callManagers: '10.0.0.1\n10.0.0.2, cm3 ' }
  t.match(profileBodyOf(draft), { sccp: { callManagers: ['10.0.0.1', '10.0.0.2', 'cm3'] } })
  const sent = profileValues(draft)
  const problems = [{ path: '/sccp/callManagers/2', message: 'is no address' }]
  const problem = { title: '', status: 422, detail: '', problems }
  t.same([...faultsOf({ problem, sent }, sent)], [['/sccp/callManagers/2', 'is no address']])
})
