import t from 'tap'
import { SqliteRegistrationStore } from '../../../src/adapters/sqlite/registration-store.ts'
import type { Registration } from '../../../src/call-control/registration.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { aDatabase, tamper } from '../../support/a-database.ts'
import { AT, PHONE } from '../../support/call-control.ts'

const SIP: Registration = {
  mac: PHONE,
  protocol: 'sip',
  version: '8.0',
  load: null,
  userAgent: 'Cisco-CP7960G/8.0',
  address: AT,
  registeredAtMs: 1_700_000_000_000,
  expiresAtMs: 1_700_003_600_000,
  lastReset: null,
  lastResetCode: null,
}
const OTHER = '003094C25D40' as Mac
const SCCP: Registration = {
  ...SIP,
  mac: OTHER,
  protocol: 'sccp',
  version: '7.2(2.0)',
  load: 'P00307020200',
  userAgent: null,
  lastReset: 'Reset-Reset',
  lastResetCode: 22,
}

const database = await aDatabase()
const store = new SqliteRegistrationStore(database)

t.test('registrations come back as they were, the last of each phone', async (t) => {
  await store.save(
    new Map([
      [PHONE, SIP],
      [OTHER, SCCP],
    ]),
  )
  const later = { ...SIP, expiresAtMs: SIP.expiresAtMs + 1 }
  await store.save(new Map([[PHONE, later]]))
  t.same(await store.load(), { registrations: [later, SCCP], faults: [] })
  await store.save(
    new Map<Mac, Registration | null>([
      [PHONE, null],
      [OTHER, SCCP],
    ]),
  )
  t.same((await store.load()).registrations, [SCCP])
})

t.test('a broken row is left out and named, the others come back', async (t) => {
  const set = (path: string, value: string) => `json_set(document, '${path}', ${value})`
  const cases = [
    { document: "'no json'", fault: /registration of 000E84C060A6 is left out/ },
    { document: set('$.mac', "'0015FA000002'"), fault: /document is that of 0015FA000002/ },
    { document: set('$.protocol', "'mgcp'"), fault: /protocol is "mgcp"/ },
    { document: set('$.address', '0'), fault: /address is 0/ },
    { document: set('$.expiresAtMs', '-1'), fault: /expiresAtMs is -1/ },
    { document: set('$.lastResetCode', "'22'"), fault: /lastResetCode is "22"/ },
  ]
  for (const { document, fault } of cases) {
    await store.save(
      new Map([
        [PHONE, SIP],
        [OTHER, SCCP],
      ]),
    )
    tamper(database, `UPDATE registrations SET document = ${document} WHERE mac = '${PHONE}'`)
    const { registrations, faults } = await store.load()
    t.same(registrations, [SCCP], document)
    t.match(faults, [fault], document)
  }
})
