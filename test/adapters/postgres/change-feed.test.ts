import t, { type Test } from 'tap'
import { ChangeFeed } from '../../../src/adapters/postgres/change-feed.ts'
import type { RunStatement } from '../../../src/adapters/postgres/connection.ts'
import { prepareTables } from '../../../src/adapters/postgres/migrate.ts'
import { MIGRATIONS } from '../../../src/adapters/postgres/migrations/migrations.ts'
import { readPostgresUrl } from '../../../src/adapters/postgres/postgres-url.ts'
import { LACKING_POSTGRES } from '../../support/a-postgres.ts'
import { PostgresCluster } from '../../support/postgres-cluster.ts'
import { eventually } from '../../system/support/lab.ts'

t.setTimeout(180_000)

const SOON_MS = 60_000

async function aFeed(t: Test) {
  const cluster = PostgresCluster.start(t)
  const hosts = readPostgresUrl(cluster.url)
  if (typeof hosts === 'string') throw new Error(hosts)
  const told: string[] = []
  const feed = new ChangeFeed({
    hosts,
    channels: ['one', 'two'],
    prepare: (run: RunStatement) => prepareTables(run, MIGRATIONS),
    onChange: (channel, payload) => told.push(`${channel} ${payload}`),
    onBack: () => told.push('back'),
    onAlive: () => {},
    onAway: () => told.push('away'),
  })
  t.teardown(() => feed.close())
  await feed.start()
  const heard = (what: string) =>
    eventually(
      async () => told.includes(what),
      (is) => is,
      SOON_MS,
    )
  return { cluster, feed, told, heard }
}

t.test(
  'with PostgreSQL: each connection listens, also one that is made again',
  { skip: LACKING_POSTGRES },
  async (t) => {
    const { cluster, feed, told, heard } = await aFeed(t)
    t.equal(feed.fault, null)
    t.same(told, ['back'])
    cluster.sql(`NOTIFY one, 'first'`)
    t.equal(await heard('one first'), true)
    cluster.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'switchhook changes'`)
    t.equal(await heard('away'), true)
    const isBack = async () => told.filter((one) => one === 'back').length === 2
    t.equal(await eventually(isBack, (is) => is, SOON_MS), true)
    cluster.sql(`NOTIFY two, 'second'`)
    t.equal(await heard('two second'), true)
  },
)

t.test(
  'with PostgreSQL: a server whose tables are gone is of no use, and says why',
  { skip: LACKING_POSTGRES },
  async (t) => {
    const { cluster, feed, heard } = await aFeed(t)
    cluster.sql('DROP SCHEMA switchhook CASCADE')
    t.equal(await heard('away'), true)
    t.match(feed.fault, /does not exist .*restore them from a backup/)
  },
)
