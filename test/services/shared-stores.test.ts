import t, { type Test } from 'tap'
import { PostgresDocumentStore } from '../../src/adapters/postgres/document-store.ts'
import { SqliteConversionStore } from '../../src/adapters/sqlite/conversion-store.ts'
import { SqliteRegistrationStore } from '../../src/adapters/sqlite/registration-store.ts'
import { SqliteRolloutStore } from '../../src/adapters/sqlite/rollout-store.ts'
import { SqliteSeenStore } from '../../src/adapters/sqlite/seen-store.ts'
import { SqliteSharedDocuments } from '../../src/adapters/sqlite/shared-document-store.ts'
import type { Registration } from '../../src/call-control/registration.ts'
import { rolloutOf } from '../../src/conversion/rollout.ts'
import type { Mac } from '../../src/net/mac.ts'
import { seenLoad } from '../../src/phones/seen-software.ts'
import { SharedDocuments } from '../../src/services/shared-documents.ts'
import {
  ForeignRegistrations,
  type GoingOnStores,
  sharedStores,
} from '../../src/services/shared-stores.ts'
import { aFreshDatabase } from '../support/a-database.ts'
import { aPostgres, LACKING_POSTGRES } from '../support/a-postgres.ts'
import { ipOf } from '../support/an-inventory.ts'
import { aConversion, aRolloutRequest, aStep, MAC } from '../support/conversion-builders.ts'
import { PostgresCluster } from '../support/postgres-cluster.ts'

t.setTimeout(180_000)

const OTHER = '000E84C060A7' as Mac

const REGISTRATION: Registration = {
  mac: MAC,
  protocol: 'sip',
  version: '8.0',
  load: null,
  userAgent: 'Cisco-CP7960G/8.0',
  address: ipOf('10.20.0.50'),
  registeredAtMs: 1_700_000_000_000,
  expiresAtMs: 1_700_003_600_000,
  lastReset: null,
  lastResetCode: null,
}

const aRollout = (id: string) =>
  rolloutOf(id, aRolloutRequest({ to: 'P0S3-06-3-00' }), 1_000, () => false)

/** The contract of each store: `stores` begins empty, `settle` waits until the last change is stored. */
async function keepsTheContract(t: Test, stores: GoingOnStores, settle: () => Promise<void>) {
  const { conversions, rollouts, seen, registrations } = stores
  t.same(await conversions.load(), { conversions: [], faults: [] })
  const first = aConversion({ mac: MAC, steps: [aStep({})] })
  await conversions.save([first, aConversion({ mac: OTHER })])
  await conversions.save([{ ...first, revision: 2 }])
  const { conversions: stored } = await conversions.load()
  t.same(
    stored.map(({ mac, revision }) => [mac, revision]),
    [
      [MAC, 2],
      [OTHER, 1],
    ],
  )
  await rollouts.save(
    new Map([
      ['one', aRollout('one')],
      ['two', aRollout('two')],
    ]),
  )
  await rollouts.save(new Map([['one', null]]))
  t.same(await rollouts.load(), { rollouts: [aRollout('two')], faults: [] })
  const phone = { ...seenLoad('P0S3-06-3-00', 'web-page', 5), mac: MAC }
  await seen.save(
    new Map([
      [MAC, phone],
      [OTHER, { ...phone, mac: OTHER }],
    ]),
  )
  await seen.save(new Map([[OTHER, null]]))
  t.same(await seen.load(), { seen: [phone], faults: [] })
  await registrations.save(new Map([[MAC, REGISTRATION]]))
  t.same(await registrations.load(), { registrations: [REGISTRATION], faults: [] })
  await settle()
}

async function locally(t: Test) {
  const database = await aFreshDatabase(t)
  const stores = {
    conversions: new SqliteConversionStore(database),
    rollouts: new SqliteRolloutStore(database),
    seen: new SqliteSeenStore(database),
    registrations: new SqliteRegistrationStore(database),
  }
  return { database, stores }
}

t.test('what goes on, stored in SQLite', async (t) => {
  const { stores } = await locally(t)
  await keepsTheContract(t, stores, async () => {})
})

t.test('with PostgreSQL: what goes on, shared', { skip: LACKING_POSTGRES }, async (t) => {
  const cluster = PostgresCluster.start(t)
  const anAppliance = async (appliance: string) => {
    const { database, stores } = await locally(t)
    const documents = new SharedDocuments({
      source: new PostgresDocumentStore(aPostgres(t, cluster.url)),
      copy: new SqliteSharedDocuments(database),
      appliance,
      onFault: (error) => t.fail(String(error)),
    })
    await documents.load()
    await documents.start()
    return { stores: sharedStores(stores, documents), documents, local: stores }
  }
  const a = await anAppliance('x/a')
  await keepsTheContract(t, a.stores, () => a.documents.sent())
  const b = await anAppliance('x/b')
  t.same(await b.stores.conversions.load(), await a.stores.conversions.load())
  t.same(await b.stores.rollouts.load(), await a.stores.rollouts.load())
  t.same(await b.stores.seen.load(), await a.stores.seen.load())
  t.same(
    (await b.stores.registrations.load()).registrations,
    [],
    'the phone is registered elsewhere',
  )
  t.same(await b.local.registrations.load(), await a.local.registrations.load())
})

t.test('registrations with other appliances end as well', async (t) => {
  const foreign = new ForeignRegistrations()
  foreign.put(MAC, REGISTRATION)
  t.equal(foreign.get(MAC), REGISTRATION)
  foreign.put(MAC, null)
  t.equal(foreign.get(MAC), undefined)
})
