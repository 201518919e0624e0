import t from 'tap'
import { PostgresConnection, type RunStatement } from '../../../src/adapters/postgres/connection.ts'
import { PostgresInventoryStore } from '../../../src/adapters/postgres/inventory-store.ts'
import { migrate, prepareTables } from '../../../src/adapters/postgres/migrate.ts'
import { MIGRATIONS } from '../../../src/adapters/postgres/migrations/migrations.ts'
import { PostgresMoveStore } from '../../../src/adapters/postgres/move-store.ts'
import { readPostgresUrl } from '../../../src/adapters/postgres/postgres-url.ts'
import { aPostgres, LACKING_POSTGRES } from '../../support/a-postgres.ts'
import { PostgresCluster } from '../../support/postgres-cluster.ts'

t.setTimeout(120_000)

t.test(
  'steps are numbered without a gap, and none asks for a newer program than itself',
  async (t) => {
    t.same(
      MIGRATIONS.map(({ version }) => version),
      MIGRATIONS.map((_, index) => index + 1),
    )
    for (const { version, oldestProgram } of MIGRATIONS) t.ok(oldestProgram <= version)
  },
)

t.test(
  'with PostgreSQL: tables go forward, and two versions run side by side',
  { skip: LACKING_POSTGRES },
  async (t) => {
    const cluster = PostgresCluster.start(t)
    const newest = MIGRATIONS.length
    const next = (oldestProgram: number) => ({
      ...{ version: newest + 1, oldestProgram },
      sql: `ALTER TABLE phone ADD COLUMN note text; CREATE TABLE later (id int)`,
    })
    const put = (mac: string) => ({
      kind: 'put-phone' as const,
      phone: {
        ...{ mac, model: '7960', label: null, network: null, profile: null, address: null },
        ...{ lines: [], settings: {}, revision: 1 },
      } as never,
    })
    await t.test('several that start at once make the tables once', async (t) => {
      await Promise.all([1, 2, 3].map(() => aPostgres(t, cluster.url).connect()))
      t.equal(cluster.sql('SELECT version FROM switchhook.schema_version').trim(), String(newest))
    })
    const old = aPostgres(t, cluster.url)
    const store = new PostgresInventoryStore(old)
    let version = await store.commit([put('000E84C060A1')], (await store.load()).version)
    const newer = aPostgres(t, cluster.url)
    await t.test('a step that fails changes nothing', async (t) => {
      const broken = { ...next(newest), sql: 'CREATE TABLE later (id int); SELECT 1 / 0' }
      await t.rejects(migrate(newer, [...MIGRATIONS, broken]), { message: 'division by zero' })
      t.equal(cluster.sql(`SELECT to_regclass('switchhook.later')`).trim(), '')
    })
    await t.test(
      'the older program works on with newer tables, now and after a restart',
      async (t) => {
        await migrate(newer, [...MIGRATIONS, next(newest)])
        version = await store.commit([put('000E84C060A2')], version)
        const restarted = new PostgresInventoryStore(aPostgres(t, cluster.url))
        version = await restarted.commit([put('000E84C060A3')], version)
        t.equal((await new PostgresInventoryStore(newer).load()).phones.length, 3)
      },
    )
    await t.test('tables that it could spoil are left alone, with a sentence', async (t) => {
      cluster.sql(`UPDATE switchhook.schema_version SET oldest_program = ${newest + 1}`)
      await t.rejects(aPostgres(t, cluster.url).connect(), {
        message: /need a program of schema version \d+ or newer; this one knows/,
      })
    })
    await t.test('a user who may create nothing can use tables that are there', async (t) => {
      cluster.sql(`UPDATE switchhook.schema_version SET oldest_program = 1`)
      cluster.sql(`CREATE ROLE plain LOGIN; GRANT USAGE ON SCHEMA switchhook TO plain;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA switchhook TO plain`)
      const plain = aPostgres(t, cluster.url.replace('switchhook@', 'plain@'))
      await new PostgresInventoryStore(plain).commit([put('000E84C060A4')], version)
      t.equal((await store.load()).phones.length, 4)
    })
  },
)

t.test(
  'with PostgreSQL: what a move has not completed is used by nobody',
  { skip: LACKING_POSTGRES },
  async (t) => {
    const cluster = PostgresCluster.start(t)
    const early = aPostgres(t, cluster.url)
    const moving = new PostgresMoveStore(early)
    t.equal(await moving.isUnfinished(), false)
    await moving.setUnfinished(true)
    await moving.setUnfinished(true)
    t.equal(await moving.isUnfinished(), true)
    await t.rejects(aPostgres(t, cluster.url).connect(), {
      message: /`switchhook database move` into it has not ended.*DROP SCHEMA switchhook CASCADE/,
    })
    const hosts = readPostgresUrl(cluster.url)
    if (typeof hosts === 'string') throw new Error(hosts)
    const prepare = (run: RunStatement) => prepareTables(run, MIGRATIONS, { isMove: true })
    const another = new PostgresConnection(hosts, { name: 'move', timeoutMs: 5_000, prepare })
    await another.connect()
    await another.close()
    await moving.setUnfinished(false)
    await aPostgres(t, cluster.url).connect()
  },
)
