import t from 'tap'
import {
  type RegistrationClaim,
  RegistrationTable,
} from '../../src/call-control/registration-table.ts'
import type { Mac } from '../../src/net/mac.ts'
import { AT, ELSEWHERE, eventsOf, PHONE } from '../support/call-control.ts'

const SIP: RegistrationClaim = {
  mac: PHONE,
  protocol: 'sip',
  version: '7',
  load: null,
  userAgent: 'CSCO/7',
  address: AT,
  expiresAtMs: 60_000,
  lastReset: null,
  lastResetCode: null,
}
const SCCP: RegistrationClaim = { ...SIP, protocol: 'sccp', version: null, userAgent: null }

t.test('the first registration is told, stored, and handed on as evidence', async (t) => {
  const table = new RegistrationTable()
  const effects = table.register(SIP, 1000)
  t.same(
    effects.map(({ kind }) => kind),
    ['store', 'evidence', 'event'],
  )
  t.same(table.get(PHONE, 1000), { ...SIP, registeredAtMs: 1000 })
})

t.test('a refresh moves the end, keeps the beginning and makes no event', async (t) => {
  const table = new RegistrationTable()
  table.register(SIP, 1000)
  const effects = table.register({ ...SIP, expiresAtMs: 120_000 }, 59_999)
  t.same(eventsOf(effects), [])
  t.match(table.get(PHONE, 60_000), { registeredAtMs: 1000, expiresAtMs: 120_000 })
})

t.test('another version is a registration of its own', async (t) => {
  const table = new RegistrationTable()
  table.register(SIP, 1000)
  t.same(eventsOf(table.register({ ...SIP, version: '8.0' }, 2000)), ['phone.registered'])
  t.match(table.get(PHONE, 2000), { registeredAtMs: 2000, version: '8.0' })
})

t.test('a version that comes later completes the registration', async (t) => {
  const table = new RegistrationTable()
  table.register(SCCP, 1000)
  t.same(eventsOf(table.register({ ...SCCP, version: '7.2(2.0)' }, 1004)), [])
  t.match(table.get(PHONE, 1004), { registeredAtMs: 1000, version: '7.2(2.0)' })
})

t.test('the other protocol replaces it', async (t) => {
  const table = new RegistrationTable()
  table.register(SIP, 1000)
  const effects = table.register(SCCP, 2000)
  t.same(eventsOf(effects), ['phone.unregistered', 'phone.registered'])
  t.match(effects, [{ kind: 'store' }, { event: { protocol: 'sip', reason: 'replaced' } }])
})

t.test('it lapses at its end, once', async (t) => {
  const table = new RegistrationTable()
  table.register(SIP, 1000)
  t.same(table.onWake(59_999), [])
  t.equal(table.get(PHONE, 60_000), undefined)
  t.match(table.onWake(60_000), [
    { kind: 'store', registration: null },
    { event: { event: 'phone.unregistered', reason: 'expired' } },
  ])
  t.same(table.onWake(60_001), [])
})

t.test('one that comes after the end, before it was noticed, begins a new row', async (t) => {
  const table = new RegistrationTable()
  table.register(SIP, 1000)
  const effects = table.register({ ...SIP, expiresAtMs: 200_000 }, 60_000)
  t.same(eventsOf(effects), ['phone.unregistered', 'phone.registered'])
})

t.test('only what is registered can be ended, and by its own protocol', async (t) => {
  const table = new RegistrationTable()
  t.same(table.unregister(PHONE, 'sip', 'asked', 0), [])
  table.register(SIP, 1000)
  t.same(table.unregister(PHONE, 'sccp', 'session-ended', 1000), [])
  t.same(eventsOf(table.unregister(PHONE, 'sip', 'asked', 1000)), ['phone.unregistered'])
  t.equal(table.get(PHONE, 1000), undefined)
})

t.test('a KeepAlive moves the end of an SCCP registration alone', async (t) => {
  const table = new RegistrationTable()
  t.same(table.keepAlive(PHONE, 90_000, 0), [])
  table.register(SIP, 0)
  t.same(table.keepAlive(PHONE, 90_000, 0), [])
  table.register(SCCP, 0)
  t.match(table.keepAlive(PHONE, 90_000, 0), [{ kind: 'store' }])
  t.equal(table.get(PHONE, 0)?.expiresAtMs, 90_000)
})

t.test('what was stored stands until its end after a restart', async (t) => {
  const table = new RegistrationTable()
  table.restore([{ ...SIP, registeredAtMs: 10 }])
  t.same(eventsOf(table.register({ ...SIP, expiresAtMs: 90_000 }, 50_000)), [])
  t.equal(table.get(PHONE, 50_000)?.registeredAtMs, 10)
})

t.test('a phone is found by the address at which it registered last', async (t) => {
  const table = new RegistrationTable()
  const other = { ...SIP, mac: '003094C25D40' as Mac }
  t.equal(table.macAt(AT, 0), undefined)
  table.register(SIP, 0)
  t.equal(table.macAt(AT, 0), PHONE)
  t.equal(table.macAt(AT, 60_000), undefined, 'it has lapsed')
  table.register({ ...SIP, address: ELSEWHERE }, 1)
  t.equal(table.macAt(AT, 1), undefined, 'it has moved')
  table.register(SIP, 2)
  table.register(other, 3)
  t.equal(table.macAt(AT, 3), other.mac)
  table.forget(PHONE)
  t.equal(table.macAt(AT, 3), other.mac)
})

t.test('a phone that is no longer enrolled is forgotten without a word', async (t) => {
  const table = new RegistrationTable()
  table.register(SIP, 0)
  t.same(table.forget(PHONE), [{ kind: 'store', mac: PHONE, registration: null, isRefresh: false }])
  t.same(table.forget(PHONE), [])
})
