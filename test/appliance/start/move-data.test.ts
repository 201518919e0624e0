import { join } from 'node:path'
import t, { type Test } from 'tap'
import { loadState } from '../../../appliance/start/application-state.ts'
import { moveData, postgresSide, sqliteSide } from '../../../appliance/start/move-data.ts'
import { openData } from '../../../appliance/start/open-data.ts'
import type { Binding } from '../../../src/leases/binding.ts'
import { parseMac } from '../../../src/net/mac.ts'
import { aLog } from '../../support/a-log.ts'
import { aPostgres, LACKING_POSTGRES } from '../../support/a-postgres.ts'
import { ipOf } from '../../support/an-inventory.ts'
import { aConfiguration, settingsOf } from '../../support/configuration.ts'
import { aConversion, MAC } from '../../support/conversion-builders.ts'
import { PostgresCluster } from '../../support/postgres-cluster.ts'

t.setTimeout(180_000)

const MOVING = { site: 'prague', appliance: 'prague/sw-a', networks: ['shared'] }
const SHA256 = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'

const aBinding = (change: Partial<Binding>): Binding => ({
  scope: 'shared',
  address: ipOf('10.20.0.50'),
  client: 'hw:01000E84C060A6',
  mac: parseMac('000E84C060A6') ?? null,
  state: 'bound',
  grantedAtMs: 1_700_000_000_123,
  expiresAtMs: 1_700_003_600_456,
  vendorClass: '',
  hostName: 'SEP "quoted"',
  relayAgent: '',
  ...change,
})

async function aFolder(t: Test, name: string) {
  const data = await openData(join(t.testdir(), name), () => {})
  t.teardown(() => data.database.close())
  return data
}

async function aFilledFolder(t: Test) {
  const data = await aFolder(t, 'from')
  const phone = { mac: MAC, model: '7960', label: 'a', network: null, profile: null, address: null }
  const file = { name: 'ring.pcm', bytes: 5, sha256: SHA256, addedAtMs: 7 }
  await data.inventory.commit([
    { kind: 'put-phone', phone: { ...phone, lines: [], settings: {}, revision: 3 } },
    { kind: 'put-file', file, content: Buffer.from('hello') },
  ] as never)
  await data.conversions.save([aConversion({ mac: MAC })])
  await data.leases.commit([
    { kind: 'put', binding: aBinding({}) },
    {
      kind: 'put',
      binding: aBinding({ address: ipOf('10.20.0.51'), expiresAtMs: Number.MAX_SAFE_INTEGER }),
    },
    { kind: 'put', binding: aBinding({ scope: 'here', address: ipOf('10.30.0.50') }) },
  ])
  const event = {
    atMs: 5,
    event: 'phone.seen',
    mac: MAC,
    network: 'shared',
    fields: { b: 1, a: '\u0000' },
  }
  await data.events.append(Array.from({ length: 1_500 }, (_, n) => ({ ...event, id: n + 1 })))
  return data
}

t.test('with PostgreSQL: a move and the way back', { skip: LACKING_POSTGRES }, async (t) => {
  const cluster = PostgresCluster.start(t)
  const connection = aPostgres(t, cluster.url)
  const from = sqliteSide(await aFilledFolder(t), MOVING)
  const postgres = await postgresSide(connection, MOVING)
  const moved = await moveData(from, postgres)
  const counts = Object.fromEntries(moved.map(({ kind, count }) => [kind, count]))
  t.same(counts, {
    phones: 1,
    profiles: 0,
    firmware: 0,
    'shared files': 1,
    'contents of files': 1,
    documents: 1,
    'shared leases': 2,
    events: 1_500,
  })
  t.ok(
    moved.every(({ isSame }) => isSame),
    JSON.stringify(moved),
  )
  t.equal(
    cluster.sql('SELECT network, driver FROM switchhook.lease, switchhook.document LIMIT 1').trim(),
    'prague/shared|prague/sw-a',
  )
  await t.rejects(moveData(from, postgres), /the target is not empty: phone, shared_file, document/)
  const back = await aFolder(t, 'back')
  const again = await moveData(postgres, sqliteSide(back, MOVING))
  t.same(again, moved)
  await t.rejects(
    moveData(postgres, sqliteSide(back, MOVING)),
    /not empty: phones, files, documents/,
  )
})

t.test(
  'with PostgreSQL: a move that was interrupted is no complete one, on either side',
  { skip: LACKING_POSTGRES },
  async (t) => {
    const from = sqliteSide(await aFilledFolder(t), MOVING)
    const connection = aPostgres(t, PostgresCluster.start(t).url)
    const postgres = await postgresSide(connection, MOVING)
    const putLeases = () => Promise.reject(new Error('killed'))
    await t.rejects(moveData(from, { ...postgres, putLeases }), { message: 'killed' })
    const why =
      /phone, shared_file, document, because an earlier move was interrupted or is running/
    await t.rejects(moveData(from, postgres), why)
    await t.rejects(moveData(from, postgres), /To empty it: DROP SCHEMA switchhook CASCADE/)
    const folder = await aFolder(t, 'back')
    const sqlite = sqliteSide(folder, MOVING)
    await t.rejects(moveData(postgres, sqlite), /an earlier move into the source was interrupted/)

    await t.rejects(moveData(from, { ...sqlite, putLeases }), { message: 'killed' })
    await t.rejects(moveData(from, sqlite), /To empty it: remove the files of dataDir/)
    await folder.database.close()
    const settings = settingsOf(
      aConfiguration({ pool: [] }, { dataDir: join(t.testdirName, 'back') }),
    )
    await t.rejects(loadState(settings, { log: aLog('warn').log, nowMs: () => 0 }), {
      message: /is not complete: a `switchhook database move --to-sqlite` into it was interrupted/,
    })
  },
)

t.test(
  'with PostgreSQL: events that are due to go are moved like all others',
  { skip: LACKING_POSTGRES },
  async (t) => {
    const data = await aFolder(t, 'full')
    const event = { atMs: 5, event: 'phone.seen', mac: MAC, network: 'shared', fields: {} }
    // More than are kept: the folder drops them by the thousand, so that some are over nearly always.
    await data.events.append([
      { ...event, id: 1 },
      { ...event, id: 200_900 },
    ])
    const postgres = await postgresSide(aPostgres(t, PostgresCluster.start(t).url), MOVING)
    const moved = await moveData(sqliteSide(data, MOVING), postgres)
    t.match(
      moved.find(({ kind }) => kind === 'events'),
      { count: 2, isSame: true },
    )
  },
)

t.test('with PostgreSQL: a difference is found', { skip: LACKING_POSTGRES }, async (t) => {
  const cluster = PostgresCluster.start(t)
  const from = sqliteSide(await aFilledFolder(t), MOVING)
  const postgres = await postgresSide(aPostgres(t, cluster.url), MOVING)
  const spoils = {
    ...postgres,
    putLeases: async (bindings: readonly Binding[]) => {
      await postgres.putLeases(bindings)
      cluster.sql(`UPDATE switchhook.lease SET host_name = 'other'`)
    },
  }
  const moved = await moveData(from, spoils)
  t.same(
    moved.filter(({ isSame }) => !isSame).map(({ kind }) => kind),
    ['shared leases'],
  )
})
