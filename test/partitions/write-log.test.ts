import pg from 'pg'
import t from 'tap'
import { ownershipAndLeases } from '../../src/adapters/postgres/migrations/0001-ownership-and-leases.ts'
import { findPostgres, PostgresCluster } from '../support/postgres-cluster.ts'
import { Ground } from './ground.ts'
import { WRITE_LOG } from './write-log.ts'

const LACKING = findPostgres() === undefined ? 'PostgreSQL' : false

const TABLES = `CREATE SCHEMA switchhook; SET search_path = switchhook; ${ownershipAndLeases.sql}`
const OWNED = `INSERT INTO switchhook.network_owner (network, shape, owner, token, beat, unclean)
  VALUES ('lab/voice', '', 'sw-a', gen_random_uuid(), 0, false)`
const TAKEN = `UPDATE switchhook.network_owner SET owner = 'sw-b', token = gen_random_uuid()`
const LEASED = `INSERT INTO switchhook.lease (network, address, client, state, granted_at, expires_at,
    vendor_class, host_name, relay_agent)
  VALUES ('lab/voice', $1, 'hw:01020000000001', 'bound', now(), now(), '', '', '')`

t.test(
  'a write that counts after its token was replaced is found whenever it counts',
  { skip: LACKING },
  async (t) => {
    const cluster = PostgresCluster.start(t, ['track_commit_timestamp = on'])
    const connected = async () => {
      const client = new pg.Client({
        host: cluster.dir,
        user: 'switchhook',
        database: 'switchhook',
      })
      client.on('error', () => {})
      t.teardown(() => client.end())
      await client.connect()
      return client
    }
    const [late, other] = [await connected(), await connected()]
    await other.query(TABLES)
    await other.query(WRITE_LOG)
    await other.query(OWNED)
    const sql = async (text: string) => (await other.query(text)).rows
    const parts = { appliances: [null, null], links: null, clusters: [{ sql }] }
    const ground = new Ground(parts as never)

    await other.query(LEASED, [1])
    await late.query('BEGIN')
    await late.query(LEASED, [2])
    await other.query(TAKEN)
    await other.query(LEASED, [3])
    t.same(await ground.lateWrites(), [], 'it does not count yet')
    await late.query('COMMIT')
    t.match(await ground.lateWrites(), [/^I3 .* wrote while sw-a owned/])
    t.same(await ground.lateWrites(), [], 'and is told once')
  },
)
