import t from 'tap'
import { anInventory, macOf } from '../support/an-inventory.ts'

const MAC = macOf('000E84C060A6')
const TO_SIP = { name: 'to-sip', protocol: 'sip', load: 'P0S3-8-12-00' } as const

t.test('a profile is stored, then seen, then announced', async (t) => {
  const { inventory, store, notices } = await anInventory()
  const outcome = await inventory.putProfile({ ...TO_SIP, sip: { proxy1_address: '10.20.0.9' } })
  const profile = {
    ...TO_SIP,
    sip: { proxy1_address: '10.20.0.9' },
    sccp: { callManagers: [] },
    revision: 1,
  }
  t.same(outcome, { kind: 'created', value: profile })
  t.same(inventory.profile('to-sip'), profile)
  t.same(inventory.profiles(), [profile])
  t.same(store.committed, [{ kind: 'put-profile', profile }])
  t.same(notices, [{ kind: 'profile-stored', profile, before: null }])
})

t.test('the same again changes nothing; something else counts the revision', async (t) => {
  const { inventory } = await anInventory()
  await inventory.putProfile(TO_SIP)
  t.match(await inventory.putProfile(TO_SIP), { kind: 'unchanged', value: { revision: 1 } })
  const next = { ...TO_SIP, load: 'P0S3-08-11-00' }
  t.match(await inventory.putProfile(next, 1), { kind: 'replaced', value: { revision: 2 } })
  t.same(await inventory.putProfile(TO_SIP, 1), { kind: 'conflict', revision: 2 })
})

t.test('a refused profile is not stored', async (t) => {
  const { inventory, store } = await anInventory()
  const outcome = await inventory.putProfile({ ...TO_SIP, protocol: 'sccp' })
  t.match(outcome, { kind: 'refused', problems: [{ path: '/load' }] })
  t.equal(inventory.profile('to-sip'), undefined)
  t.same(store.committed, [])
})

t.test('a profile that phones have stays', async (t) => {
  const { inventory, notices } = await anInventory()
  t.same(await inventory.deleteProfile('to-sip'), { kind: 'not-found' })
  await inventory.putProfile(TO_SIP)
  await inventory.putPhone({ mac: MAC, profile: 'to-sip' })
  t.same(await inventory.deleteProfile('to-sip'), { kind: 'in-use', by: ['phone 000E84C060A6'] })
  await inventory.patchPhone(MAC, { profile: null })
  t.same(await inventory.deleteProfile('to-sip', 7), { kind: 'conflict', revision: 1 })
  t.same(await inventory.deleteProfile('to-sip', 1), { kind: 'deleted' })
  t.equal(inventory.profile('to-sip'), undefined)
  t.match(notices.at(-1), { kind: 'profile-deleted', profile: TO_SIP })
})

t.test('a phone cannot take a profile that is on its way out', async (t) => {
  const { inventory } = await anInventory()
  await inventory.putProfile(TO_SIP)
  const [deleted, put] = await Promise.all([
    inventory.deleteProfile('to-sip'),
    inventory.putPhone({ mac: MAC, profile: 'to-sip' }),
  ])
  t.match([deleted, put], [{ kind: 'deleted' }, { kind: 'refused' }])
})
